import { UsageError } from "../config/usage-error.ts";
import type { Finding } from "../types/finding.ts";
import type { RepoPath } from "../types/text.ts";

/** Findings that were accepted at some time: they are left out until they are gone. */
export interface Baseline {
  path: RepoPath;
  entries: BaselineEntry[];
}

export interface BaselineEntry {
  fingerprint: string;
  rule: string;
  line: number;
  /** The entry as JSON. */
  text: string;
}

/** Reads a baseline file. Throws UsageError where it is not one. */
export function parseBaseline(text: string, path: RepoPath): Baseline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new UsageError(`${path}: the baseline is not valid JSON; write it anew with --write-baseline.`);
  }
  const { version, findings } = (parsed ?? {}) as { version?: unknown; findings?: unknown };
  if (version !== 1 || !Array.isArray(findings))
    throw new UsageError(`${path}: this is no baseline of version 1; write it with --write-baseline.`);
  const lines = linesOfFingerprints(text);
  const entries = findings.map((one: { fingerprint?: unknown; rule?: unknown }, index) => {
    if (typeof one?.fingerprint !== "string" || typeof one.rule !== "string")
      throw new UsageError(`${path}: entry ${index + 1} of the baseline lacks its rule or fingerprint.`);
    return {
      fingerprint: one.fingerprint,
      rule: one.rule,
      line: lines.get(one.fingerprint) ?? 1,
      text: JSON.stringify(one),
    };
  });
  return { path, entries };
}

function linesOfFingerprints(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split("\n").entries())
    for (const [, fingerprint = ""] of line.matchAll(/"fingerprint"\s*:\s*"([^"]*)"/g))
      if (!lines.has(fingerprint)) lines.set(fingerprint, index + 1);
  return lines;
}

/** The text of a baseline that accepts these findings and keeps these entries: one line each, sorted, so that merges are easy. */
export function renderBaseline(findings: readonly Finding[], kept: readonly BaselineEntry[] = []): string {
  const lines = findings.map(({ fingerprint, rule, subject, at }) =>
    JSON.stringify({ fingerprint, rule, path: at.path, subject }),
  );
  const unique = [...new Set([...lines, ...kept.map((entry) => entry.text)])].sort();
  return `{ "version": 1, "findings": [\n${unique.map((line) => `  ${line}`).join(",\n")}\n] }\n`;
}
