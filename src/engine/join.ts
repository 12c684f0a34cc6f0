import type { Finding } from "../types/finding.ts";

const weight = { error: 0, warning: 1, note: 2 } as const;

/**
 * One fact, one finding: where a rule on secrets and placeholders/unresolved-reference speak of the same name at the same range, the more
 * severe one stays, on a tie that of secrets (specification placeholders 2.5). Both read the same sources of values, each in its own words.
 * The same for the two rules on builds that compose cannot find, and for the two on its files that do not load.
 */
export function joinFindings(findings: readonly Finding[]): Finding[] {
  return joinReferences(joinTwins(findings));
}

const line = ({ at }: Finding) => [at.path, at.start.line].join("\0");

/** What two rules see is said once: by the first, unless the second is more severe. */
const twins = [
  {
    stays: "dockerignore/dockerfile-missing",
    goes: "startup-order/compose-build-path-missing",
    place: (one: Finding) => [line(one), one.subject].join("\0"),
  },
  { stays: "startup-order/compose-unreadable", goes: "config/environment-file-broken", place: line },
  { stays: "startup-order/kubernetes-unreadable", goes: "config/environment-file-broken", place: line },
] as const;

function joinTwins(findings: readonly Finding[]): readonly Finding[] {
  let joined = findings;
  for (const { stays, goes, place } of twins) {
    const first = new Map(findings.flatMap((one) => (one.rule === stays ? [[place(one), one] as const] : [])));
    if (first.size === 0) continue;
    const dropped = new Set<Finding>();
    for (const one of findings) {
      const twin = one.rule === goes ? first.get(place(one)) : undefined;
      if (twin) dropped.add(weight[one.severity] < weight[twin.severity] ? twin : one);
    }
    joined = joined.filter((one) => !dropped.has(one));
  }
  return joined;
}

function joinReferences(findings: readonly Finding[]): Finding[] {
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

/**
 * One fact, one finding: a value that is not what predeploy.yml declares, because it is a placeholder: that of placeholders stays, with the place of the declaration
 * (specification config 1), unless it is only a guess beside an error. For findings that no suppression has taken out: a placeholder that
 * somebody allows is still not what is declared.
 */
export function joinDeclared(findings: readonly Finding[]): Finding[] {
  const declared = findings.filter((one) => one.rule === "config/value-mismatch");
  if (declared.length === 0) return [...findings];
  const dropped = new Set<Finding>();
  const joined = findings.map((one) => {
    const twin = one.rule.startsWith("placeholders/") ? declared.find((other) => holds(other, one)) : undefined;
    if (!twin) return one;
    const less = weight[one.severity] > weight[twin.severity];
    dropped.add(less ? one : twin);
    return less ? one : { ...one, related: [...(one.related ?? []), ...(twin.related ?? [])] };
  });
  return joined.filter((one) => !dropped.has(one));
}

/** Whether the place of the second lies on the first one's, within one line. */
function holds({ at: outer }: Finding, { at: inner }: Finding): boolean {
  return (
    outer.path === inner.path &&
    outer.start.line === inner.start.line &&
    inner.end.line === outer.end.line &&
    outer.start.column <= inner.start.column &&
    inner.end.column <= outer.end.column
  );
}

function keyOf({ at, subject }: Finding): string {
  return [at.path, at.start.line, at.start.column, at.end.line, at.end.column, subject].join("\0");
}
