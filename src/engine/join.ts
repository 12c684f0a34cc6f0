import type { Finding } from "../types/finding.ts";

const weight = { error: 0, warning: 1, note: 2 } as const;

/**
 * One fact, one finding: where a rule on secrets and placeholders/unresolved-reference speak of the same name at the same range, the more
 * severe one stays, on a tie that of secrets (specification placeholders 2.5). Both read the same sources of values, each in its own words.
 */
export function joinFindings(findings: readonly Finding[]): Finding[] {
  const secrets = new Map<string, Finding>();
  for (const one of findings) {
    if (!one.rule.startsWith("secrets/")) continue;
    const known = secrets.get(keyOf(one));
    if (!known || weight[one.severity] < weight[known.severity]) secrets.set(keyOf(one), one);
  }
  if (secrets.size === 0) return [...findings];
  const dropped = new Set<Finding>();
  for (const one of findings) {
    if (one.rule !== "placeholders/unresolved-reference") continue;
    const twin = secrets.get(keyOf(one));
    if (!twin) continue;
    if (weight[one.severity] >= weight[twin.severity]) dropped.add(one);
    else
      for (const other of findings)
        if (
          other.rule.startsWith("secrets/") &&
          keyOf(other) === keyOf(one) &&
          weight[other.severity] > weight[one.severity]
        )
          dropped.add(other);
  }
  return findings.filter((one) => !dropped.has(one));
}

function keyOf({ at, subject }: Finding): string {
  return [at.path, at.start.line, at.start.column, at.end.line, at.end.column, subject].join("\0");
}
