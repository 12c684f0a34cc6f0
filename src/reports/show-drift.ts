import { isoDate } from "../text/dates.ts";
import type { DriftComparison, DriftModel } from "../types/history.ts";
import { terminal } from "./escape.ts";

/** `predeploy show drift --format json`: version 1 of the interface; keys are only ever added. */
export function driftJson(model: DriftModel): unknown {
  const commits = (list: DriftComparison["waiting"]) =>
    list.map(({ sha, subject, time, fix }) => ({ sha, subject, date: isoDate(time), fix }));
  const comparisons = model.comparisons.map((one) => ({
    head: one.head.ref,
    base: one.base.ref,
    ahead: one.ahead,
    behind: one.behind,
    waiting: commits(one.waiting),
    lost: commits(one.lost),
    verdict: one.verdict,
    reason: one.reason,
    environment: one.environment,
    headCommit: one.head.sha,
    baseCommit: one.base.sha,
    headSource: one.head.source,
    baseSource: one.base.source,
    found: one.found,
    ageDays: one.ageDays,
    lostMigrations: Array.isArray(one.lostMigrations) ? one.lostMigrations.map((file) => file.path) : null,
  }));
  return { comparisons };
}

/** `predeploy show drift`: what a deploy would bring and take away, as release notes. */
export function driftText(model: DriftModel): string {
  if (model.comparisons.length === 0) {
    return "Nothing to compare: name branches under `drift:` or what is deployed under `environments:` in predeploy.yml.\n";
  }
  return `${model.comparisons.map((one) => comparisonText(one, model.web)).join("\n\n")}\n`;
}

function comparisonText(one: DriftComparison, web: string | null): string {
  const side = ({ ref, sha, source }: DriftComparison["head"]): string =>
    `${terminal(ref)}${sha === null ? "" : ` ${sha}`} (${source})`;
  const lines = [
    `Comparison ${terminal(one.subject)}: ${one.verdict}${one.found === null ? "" : `, found by ${one.found}`}`,
    `  head ${side(one.head)}`,
    `  base ${side(one.base)}`,
  ];
  if (one.ahead !== null && one.behind !== null) {
    lines.push(`  git counts ${one.ahead} ahead, ${one.behind} behind`);
  }
  if (one.reason !== null) lines.push(`  note: ${terminal(one.reason)}`);
  if (one.undecided) lines.push(`  do: ${terminal(one.undecided.remedy)}`);
  if (one.verdict === "undecided") return lines.join("\n");
  // A clock that runs ahead dates commits into the future.
  const days = Math.max(0, one.ageDays ?? 0);
  const age = one.ageDays === null ? "" : `, the oldest for ${days} day${days === 1 ? "" : "s"}`;
  lines.push(...section(`Waiting: ${one.waiting.length}${age}`, one.waiting, web));
  lines.push(...section(`Lost by this deploy: ${one.lost.length}`, one.lost, web));
  const migrations = Array.isArray(one.lostMigrations) ? one.lostMigrations : [];
  if (migrations.length > 0) lines.push("  Migrations lost by this deploy:");
  for (const file of migrations) lines.push(`    - ${terminal(file.path)}`);
  return lines.join("\n");
}

/** Headings of the groups, in order: fixes first, then by the type that stands before the subject's colon. */
const GROUPS: readonly [heading: string, types: RegExp][] = [
  ["Features", /^feat(?:ure)?$/],
  ["Performance", /^perf$/],
  ["Changes", /^(?:refactor|style|revert|change)$/],
  ["Documentation, tests, build", /^(?:docs?|tests?|build|ci|chore|deps)$/],
];

function section(title: string, commits: DriftComparison["waiting"], web: string | null): string[] {
  const lines = [`  ${title}`];
  const groups = new Map<string, string[]>([
    ["Fixes", []],
    ...GROUPS.map(([heading]) => [heading, []] as [string, string[]]),
  ]);
  groups.set("Other", []);
  for (const commit of commits) {
    const type = /^(\w{1,20})(?:\([^)]{0,60}\))?!?:/.exec(commit.subject)?.[1]?.toLowerCase() ?? "";
    const heading = commit.fix ? "Fixes" : (GROUPS.find(([, types]) => types.test(type))?.[0] ?? "Other");
    const date = isoDate(commit.time).slice(0, 10);
    const link = web === null ? commit.sha.slice(0, 12) : `${web}/commit/${commit.sha}`;
    groups.get(heading)!.push(`      ${date} ${terminal(commit.subject)} ${link}`);
  }
  for (const [heading, texts] of groups) if (texts.length > 0) lines.push(`    ${heading}`, ...texts);
  return lines;
}
