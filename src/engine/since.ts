import type { Finding, RunResult, Severity } from "../types/finding.ts";
import type { RepoPath } from "../types/text.ts";
import { fingerprintOf, verdictOf } from "./run.ts";

/**
 * Leaves in a result only what the change introduced: findings that the run over the base has fewer of, by fingerprint. Of
 * several with one fingerprint as many stay as there are more now, the last ones. Gives the count of older findings too.
 */
export function introducedSince(
  result: RunResult,
  base: readonly Finding[],
  failOn: Severity | "never",
  allowUndecided: boolean,
): { result: RunResult; older: number } {
  const before = new Map<string, number>();
  for (const { fingerprint } of base) before.set(fingerprint, (before.get(fingerprint) ?? 0) + 1);
  const findings = result.findings.filter(({ fingerprint }) => {
    const left = before.get(fingerprint) ?? 0;
    if (left > 0) before.set(fingerprint, left - 1);
    return left === 0;
  });
  const verdict = verdictOf(findings, result.undecided, failOn, allowUndecided);
  return { result: { ...result, verdict, findings }, older: result.findings.length - findings.length };
}

/** Findings of the base as they would be called now: a file that was moved keeps its findings, and so does what is said of it elsewhere. */
export function moved(base: readonly Finding[], renames: ReadonlyMap<RepoPath, RepoPath>): readonly Finding[] {
  if (renames.size === 0) return base;
  return base.map((finding) => {
    const path = renames.get(finding.at.path) ?? finding.at.path;
    const subject = renames.get(finding.subject) ?? finding.subject;
    if (path === finding.at.path && subject === finding.subject) return finding;
    const at = { ...finding.at, path };
    return { ...finding, at, subject, fingerprint: fingerprintOf(finding.rule, { at, subject }) };
  });
}
