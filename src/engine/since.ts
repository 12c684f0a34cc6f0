import type { Finding, RunResult, Severity } from "../types/finding.ts";
import { verdictOf } from "./run.ts";

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
