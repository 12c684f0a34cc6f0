import type { Config } from "../config/schema.ts";
import type { Finding, RuleId, Suppressed } from "../types/finding.ts";
import type { ConfigModel } from "../types/model.ts";
import type { PlaceholdersModel } from "../types/placeholders.ts";
import type { Suppression, SuppressionOutcome } from "../types/suppression.ts";
import type { RepoPath } from "../types/text.ts";
import { globMatcher, withFolders } from "../workspace/glob.ts";
import type { Baseline } from "./baseline.ts";

/** A suppression with the test of the findings that it is meant for. */
interface Candidate extends Suppression {
  by: Exclude<Suppression["by"], "allow">;
  covers(finding: Finding): boolean;
}

const WORD = "predeploy-ignore";
const COMMENT = /predeploy-ignore[ \t]+([a-z0-9][a-z0-9_./, \t-]*?)(?:[ \t]+until=([\w./-]+))?[ \t]*(?:$|:(.*)$)/;
const UNTIL = /[ \t]*\buntil=([\w./-]+)/;
/** A comment that starts with the word: one that does is meant for us, whatever stands behind it. */
const OPENED = /(?:#|\/\/|\/\*|--|;|\{\{-?[ \t]*\/\*)[ \t]*$/;
/** What may stand before a comment that has a line of its own. */
const ALONE = /^[\s#/*;%'"!<{-]*$/;
const CLOSERS = /[ \t]*(?:\*\/|-->|#\}|--%>)[ \t]*$/;
const MAX_LINE = 2000;

/** The suppressions written into a file: `predeploy-ignore RULE[, RULE] [until=YYYY-MM-DD]: reason`, on the finding's line or alone on the line above. */
export function inlineSuppressions(text: string, path: RepoPath): Candidate[] {
  const lines = text.split("\n");
  const found: Candidate[] = [];
  lines.forEach((line, index) => {
    if (line.length > MAX_LINE || !line.includes(WORD)) return;
    const match = COMMENT.exec(line.replace(/\r$/, "").replace(CLOSERS, ""));
    const words = match?.[3] ?? "";
    const until = match?.[2] ?? UNTIL.exec(words)?.[1] ?? null;
    const from = match?.index ?? line.indexOf(WORD);
    if (!match || (until !== null && !isDay(until))) {
      if (!OPENED.test(line.slice(0, from))) return;
      const start = { line: index + 1, column: from + 1 };
      const at = { path, start, end: { line: index + 1, column: start.column + WORD.length } };
      found.push({ by: "inline", rules: [], reason: words.trim(), until, malformed: true, at, covers: () => false });
      return;
    }
    const covered = new Set([index + 1]);
    if (ALONE.test(line.slice(0, from))) {
      let next = index + 1;
      while (lines[next]?.includes(WORD)) next++;
      covered.add(next + 1);
    }
    const rules = match[1]!.split(/[\s,]+/).filter(Boolean);
    found.push({
      by: "inline",
      rules,
      reason: words.replace(UNTIL, "").trim(),
      until,
      at: {
        path,
        start: { line: index + 1, column: from + 1 },
        end: { line: index + 1, column: from + match[0].trimEnd().length + 1 },
      },
      covers: (finding) => finding.at.path === path && covered.has(finding.at.start.line) && names(rules, finding.rule),
    });
  });
  return found;
}

/** Whether it is a day of the calendar, as YYYY-MM-DD. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Of the suppressions in a text that may be a stranger's those whose line stands in the trusted text too: nobody accepts their own findings. */
export function standingIn(trusted: string, text: string, candidates: readonly Candidate[]): Candidate[] {
  if (candidates.length === 0) return [];
  const left = new Map<string, number>();
  for (const line of trusted.split("\n")) left.set(line.trim(), (left.get(line.trim()) ?? 0) + 1);
  const lines = text.split("\n");
  return candidates.filter(({ at }) => {
    const line = lines[at.start.line - 1]?.trim() ?? "";
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count > 0;
  });
}

/** The entries of `suppress:`. */
export function configSuppressions({ config, locate }: ConfigModel): Candidate[] {
  return config.suppress.map((entry: Config["suppress"][number], index) => {
    const inPath = entry.path === undefined ? () => true : globMatcher(withFolders([entry.path]));
    return {
      by: "config",
      rules: [entry.rule],
      reason: entry.reason,
      until: entry.until ?? null,
      at: locate(["suppress", index]),
      covers: (finding) =>
        names([entry.rule], finding.rule) &&
        inPath(finding.at.path) &&
        (entry.subject === undefined || entry.subject === finding.subject),
    };
  });
}

/** What became of the entries of `placeholders.allow`; what may be meant for a file that could not be looked into is not unused. */
export function allowOutcomes(
  { config, locate }: ConfigModel,
  { allowing, unseen }: Pick<PlaceholdersModel, "allowing" | "unseen">,
  today: string,
): SuppressionOutcome[] {
  return config.placeholders.allow.flatMap(({ token, reason, until = null }, index) => {
    const state = until !== null && until < today ? "expired" : allowing.has(index) ? "used" : "unused";
    if (state === "unused" && unseen.length > 0) return [];
    const at = locate(["placeholders", "allow", index]);
    return [{ by: "allow", rules: ["placeholders"], reason, until, token, at, state, unknownRules: [] }];
  });
}

/** The entries of a baseline file. */
export function baselineSuppressions(baseline: Baseline): Candidate[] {
  return baseline.entries.map((entry) => ({
    by: "baseline",
    rules: [entry.rule],
    reason: "in the baseline",
    until: null,
    at: { path: baseline.path, start: { line: entry.line, column: 1 }, end: { line: entry.line, column: 1 } },
    covers: (finding) => finding.fingerprint === entry.fingerprint,
  }));
}

const names = (rules: readonly string[], rule: RuleId) =>
  rules.some((one) => one === rule || rule.startsWith(`${one}/`));

/**
 * Parts findings into those that stay and those that a suppression takes out. `today` is YYYY-MM-DD; `ran` says whether a rule
 * or family has decided in this run: what names only rules that have not is neither used nor unused and is left out of the outcomes.
 */
export function applySuppressions(
  findings: readonly Finding[],
  candidates: readonly Candidate[],
  today: string,
  ruleIds: readonly RuleId[],
  ran: ReadonlySet<RuleId>,
): { kept: Finding[]; suppressed: Suppressed[]; outcomes: SuppressionOutcome[] } {
  const used = new Set<Candidate>();
  const kept: Finding[] = [];
  const suppressed: Suppressed[] = [];
  const stateOf = (one: Candidate) =>
    one.malformed
      ? "malformed"
      : one.reason === ""
        ? "without-reason"
        : one.until !== null && one.until < today
          ? "expired"
          : null;
  for (const finding of findings) {
    const by = candidates.find((one) => stateOf(one) === null && one.covers(finding));
    if (!by) {
      kept.push(finding);
      continue;
    }
    used.add(by);
    suppressed.push({ finding, by: by.by, reason: by.reason });
  }
  const outcomes = candidates.flatMap((one): SuppressionOutcome[] => {
    const { covers: _, ...suppression } = one;
    const unknownRules =
      one.by === "baseline" ? [] : one.rules.filter((name) => !ruleIds.some((id) => names([name], id)));
    const state = stateOf(one) ?? (used.has(one) ? "used" : "unused");
    const decided = one.rules.every((name) => ruleIds.every((id) => !names([name], id) || ran.has(id)));
    if (state === "unused" && unknownRules.length === 0 && !decided) return [];
    return [{ ...suppression, state, unknownRules }];
  });
  return { kept, suppressed, outcomes };
}
