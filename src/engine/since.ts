import type { Finding, RunResult, Severity } from "../types/finding.ts";
import type { RepoPath } from "../types/text.ts";
import { fingerprintOf, verdictOf } from "./run.ts";

/** What a run over the commit before a change found, and where its files are now. */
export interface Before {
  findings: readonly Finding[];
  /** Old path → new path of moved files. */
  renames: ReadonlyMap<RepoPath, RepoPath>;
  /** A line of a file before and after the change; null where it cannot be read. */
  lineBefore(path: RepoPath, line: number): string | null;
  lineAfter(path: RepoPath, line: number): string | null;
}

/**
 * Leaves in a result only what the change introduced: findings that the run over the base has fewer of, by fingerprint, or has only less
 * severe. Of several with one fingerprint as many stay as there are more now, the last ones. Gives the count of older findings too.
 */
export function introducedSince(
  result: RunResult,
  before: Before,
  failOn: Severity | "never",
  allowUndecided: boolean,
): { result: RunResult; older: number } {
  const known = newPool();
  for (const finding of before.findings) known.put(moved(finding, before.renames).fingerprint, finding);
  const unknown = result.findings.filter((finding) => !known.take(finding.fingerprint, finding));
  // What a subject is called can change with the name of its file, as a Python module's does: in a moved file the line tells too.
  const lines = newPool();
  for (const finding of known.rest()) {
    const path = before.renames.get(finding.at.path);
    if (path === undefined) continue;
    const line = before.lineBefore(finding.at.path, finding.at.start.line);
    if (line !== null) lines.put(lineKey(finding, path, line), finding);
  }
  const findings = unknown.filter((finding) => {
    const line = lines.isEmpty() ? null : before.lineAfter(finding.at.path, finding.at.start.line);
    return line === null || !lines.take(lineKey(finding, finding.at.path, line), finding);
  });
  const verdict = verdictOf(findings, result.undecided, failOn, allowUndecided);
  return { result: { ...result, verdict, findings }, older: result.findings.length - findings.length };
}

const lineKey = ({ rule }: Finding, path: RepoPath, line: string): string => `${rule}\0${path}\0${line.trim()}`;

/** A finding of the base as it would be called now: a file that was moved keeps its findings, and so does what is said of it elsewhere. */
function moved(finding: Finding, renames: Before["renames"]): Finding {
  const path = renames.get(finding.at.path) ?? finding.at.path;
  const subject = renames.get(finding.subject) ?? finding.subject;
  if (path === finding.at.path && subject === finding.subject) return finding;
  const at = { ...finding.at, path };
  return { ...finding, at, subject, fingerprint: fingerprintOf(finding.rule, { at, subject }) };
}

/** From the mildest. */
const SEVERITIES = ["note", "warning", "error"] as const;

/** Findings of the base by a key, each given away once. */
function newPool() {
  const byKey = new Map<string, Record<Severity, Finding[]>>();
  let size = 0;
  return {
    put(key: string, finding: Finding): void {
      let lists = byKey.get(key);
      if (lists === undefined) {
        lists = { error: [], warning: [], note: [] };
        byKey.set(key, lists);
      }
      lists[finding.severity].push(finding);
      size++;
    },
    /** Takes the mildest of the key that was at least as severe; false where there is none. */
    take(key: string, { severity }: Finding): boolean {
      const lists = byKey.get(key);
      if (lists === undefined) return false;
      for (const one of SEVERITIES.slice(SEVERITIES.indexOf(severity))) {
        if (lists[one].pop() === undefined) continue;
        size--;
        return true;
      }
      return false;
    },
    isEmpty: (): boolean => size === 0,
    rest: (): Finding[] => [...byKey.values()].flatMap(({ error, warning, note }) => [...error, ...warning, ...note]),
  };
}
