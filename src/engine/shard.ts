import type { Finding, RunResult, Severity, Shard, UndecidedRule } from "../types/finding.ts";
import { joinDeclared, joinFindings } from "./join.ts";
import { sortFindings, verdictOf, WHOLE_RUN } from "./run.ts";
import type { SelectedRule } from "./select.ts";

/**
 * The rules of one shard; the others are switched off. Rules of a family share what is costly, so a family stays together: the
 * largest go first, each to the shard that holds least. Every rule runs in exactly one shard, but those on suppressions, which
 * judge what ran beside them, run in each.
 */
export function rulesOfShard(rules: readonly SelectedRule[], { index, count }: Shard): SelectedRule[] {
  const families = new Map<string, number>();
  const familyOf = (rule: SelectedRule) => rule.descriptor.check.split("/")[0]!;
  for (const rule of rules)
    if (rule.severity !== "off") families.set(familyOf(rule), (families.get(familyOf(rule)) ?? 0) + 1);
  const loads = new Array<number>(count).fill(0);
  const shardOf = new Map<string, number>();
  for (const [family, size] of [...families].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least]! += size;
    shardOf.set(family, least + 1);
  }
  return rules.map((rule) => {
    const family = familyOf(rule);
    return family === "suppressions" || shardOf.get(family) === index ? rule : { ...rule, severity: "off" as const };
  });
}

/** Joins the results of shards. A shard that is missing, or there twice with other findings, makes the whole undecided. */
export function mergeResults(
  results: readonly RunResult[],
  failOn: Severity | "never",
  allowUndecided: boolean,
): RunResult {
  const findings = sortFindings(joinDeclared(joinFindings(results.flatMap((result) => result.findings))));
  const nothingFound = (one: UndecidedRule) => one.rule === WHOLE_RUN;
  // A shard whose families found nothing to look at says so; that counts only where no shard found anything to look at.
  const idle = results.filter((result) => result.undecided.some(nothingFound));
  const undecided = unique(
    results.flatMap((result) => result.undecided.filter((one) => !nothingFound(one) || idle.length === results.length)),
    (one) => `${one.rule} ${one.reason}`,
  );
  const missing = missingShards(results);
  if (missing !== null)
    undecided.push({ rule: WHOLE_RUN, reason: missing, remedy: "Give the JSON of every shard of one run." });
  return {
    verdict: verdictOf(findings, undecided, failOn, allowUndecided),
    findings,
    suppressed: unique(
      results.flatMap((result) => result.suppressed),
      (one) => placeOf(one.finding),
    ),
    undecided,
    unread: unique(
      results.flatMap((result) => result.unread),
      (one) => one.path,
    ),
  };
}

function missingShards(results: readonly RunResult[]): string | null {
  const count = Math.max(...results.map((result) => result.shard?.count ?? 1));
  if (count === 1) return null;
  if (results.some((result) => result.shard?.count !== count)) return "the results are shards of different runs.";
  const present = new Set(results.map((result) => result.shard!.index));
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter((index) => !present.has(index));
  if (missing.length > 0)
    return `of ${count} shards, ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`;
  return present.size < results.length ? "one shard is there twice." : null;
}

const placeOf = ({ rule, at, subject }: Finding) => [rule, at.path, at.start.line, at.start.column, subject].join(" ");

/** In the order of their keys, each key once. */
function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
