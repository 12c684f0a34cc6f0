import { families } from "../rules/families.generated.ts";
import type {
  Finding,
  Report,
  RuleId,
  RunResult,
  Severity,
  Undecided,
  UndecidedRule,
  Verdict,
} from "../types/finding.ts";
import type { ConfigModel, ModelName, Models, RunOptions } from "../types/model.ts";
import type { CheckOfRule } from "../types/rule.ts";
import type { Workspace } from "../types/workspace.ts";
import { CONTENT_MISSING, LEFT_OUT } from "../workspace/disk.ts";
import type { Baseline } from "./baseline.ts";
import { foldCauses } from "./causes.ts";
import { type FactStore, makeFactReader } from "./facts.ts";
import { joinDeclared, joinFindings } from "./join.ts";
import { type KnownModels, makeKnownModels, telling } from "./known.ts";
import { relieveMemory } from "./memory.ts";
import { misspeltEnvironment } from "./misspelt-environment.ts";
import { showsSecret } from "./secret-lines.ts";
import type { SelectedRule } from "./select.ts";
import {
  allowOutcomes,
  applySuppressions,
  baselineSuppressions,
  configSuppressions,
  inlineSuppressions,
  standingIn,
} from "./suppressions.ts";
import { branchesUnknown } from "./unknown-branches.ts";
import { unmatchedFiles } from "./unmatched-files.ts";

export interface CheckRequest {
  workspace: Workspace;
  config: ConfigModel;
  rules: readonly SelectedRule[];
  options: RunOptions;
  baseline: Baseline | null;
  failOn: Severity | "never";
  allowUndecided: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  store?: FactStore | null;
  /** Hears what --verbose prints. */
  trace?: (text: string) => void;
  /** Where checks come from; default: the generated index. */
  loadCheck?: LoadCheck;
}

/** A check by the id of its rule. */
export type LoadCheck = (id: RuleId) => Promise<CheckOfRule | undefined>;

const builtIn: LoadCheck = async (id) => (await families[id.split("/")[0]!]?.())?.[id];

/** Rule id of what the run as a whole could not decide. */
export const WHOLE_RUN = "predeploy/run";

/** Runs the selected rules over a workspace. Never throws for what the workspace holds: a check's crash makes its rule undecided. */
export async function runCheck(request: CheckRequest): Promise<RunResult> {
  const { workspace, config, options } = request;
  const trace = request.trace ?? (() => {});
  const loadCheck = request.loadCheck ?? builtIn;
  const facts = makeFactReader(workspace, request.store ?? null, true);
  const known = makeKnownModels(
    {
      files: workspace.files,
      config,
      options,
      workspace,
      environment: request.environment,
      linkTarget: workspace.linkTarget,
      noteUnread: workspace.noteUnread,
      relieve: relieveMemory,
    },
    facts,
    trace,
  );
  known.give("files", workspace.files, workspace.files.entries.length === 0);
  known.give("config", config, config.path === null);

  const enabled = request.rules.filter((rule) => rule.severity !== "off");
  const last = enabled.filter((rule) => rule.descriptor.check.startsWith("suppressions/"));
  const first = enabled.filter((rule) => !last.includes(rule));
  const ran = await runRules(first, known, loadCheck, trace, config.path !== null);
  const outcome = { ...ran, findings: joinFindings(ran.findings) };

  const candidates = [
    ...suppressionHolders(workspace, facts.suppressionHolders(), outcome.findings).flatMap((path) => {
      const text = workspace.read(path)?.text() ?? "";
      const found = inlineSuppressions(text, path);
      return workspace.trustedText && found.length > 0 ? standingIn(workspace.trustedText(path), text, found) : found;
    }),
    ...configSuppressions(config),
    ...(request.baseline ? baselineSuppressions(request.baseline) : []),
  ];
  const ruleIds = request.rules.map((rule) => rule.descriptor.id);
  const today = new Date(options.now).toISOString().slice(0, 10);
  const applied = applySuppressions(outcome.findings, candidates, today, ruleIds, outcome.decided);
  const placeholders = await known.computed("placeholders");
  const allowed = placeholders ? allowOutcomes(config, placeholders, today) : [];
  known.give("suppressions", { outcomes: [...applied.outcomes, ...allowed] });
  const afterwards = await runRules(last, known, loadCheck, trace, config.path !== null);

  const findings = sortFindings([...joinDeclared(applied.kept), ...afterwards.findings]);
  const undecided = [...outcome.undecided, ...afterwards.undecided];
  if (!outcome.looked && undecided.length === 0) undecided.push(nothingFound(workspace, first.length));
  const settings = await known.computed("settings");
  const misspelt = settings && misspeltEnvironment(options, config, settings);
  if (misspelt !== null) undecided.push(misspelt);
  const history = await known.computed("history");
  if (history) undecided.push(...branchesUnknown(history.unknownBranches, config));
  const unmatched = settings && unmatchedFiles(options, config, workspace.files);
  if (unmatched) undecided.push(unmatched);
  const absent = workspace.unread().filter(({ reason }) => reason === LEFT_OUT || reason === CONTENT_MISSING).length;
  if (absent > 0) undecided.push(notCheckedOut(absent));
  return {
    verdict: verdictOf(findings, undecided, request.failOn, request.allowUndecided),
    findings,
    suppressed: applied.suppressed.sort((a, b) => compareFindings(a.finding, b.finding)),
    undecided: sortUndecided(undecided),
    unread: workspace.unread(),
  };
}

/** A result with one more open question. */
export function withUndecided(
  result: RunResult,
  entry: UndecidedRule,
  failOn: Severity | "never",
  allowUndecided: boolean,
): RunResult {
  const undecided = sortUndecided([...result.undecided, entry]);
  return { ...result, undecided, verdict: verdictOf(result.findings, undecided, failOn, allowUndecided) };
}

const sortUndecided = (entries: readonly UndecidedRule[]): UndecidedRule[] =>
  [...entries].sort((a, b) => compare(a.rule, b.rule) || compare(a.reason, b.reason));

function notCheckedOut(files: number): UndecidedRule {
  return {
    rule: "predeploy/left-out",
    reason: `${files === 1 ? "a file" : `${files} files`} that the rules would read ${files === 1 ? "is" : "are"} not here.`,
    remedy: "Check out without a filter, or without sparse-checkout.",
  };
}

/** Why nothing could be checked at all. */
function nothingFound({ files }: Workspace, rules: number): UndecidedRule {
  if (files.entries.length === 0)
    return {
      rule: WHOLE_RUN,
      reason: "there are no files here.",
      remedy: "Check the repository out first (actions/checkout), or name its folder.",
    };
  return {
    rule: WHOLE_RUN,
    reason: rules === 0 ? "no rule is switched on." : "nothing was found that the enabled rules could check.",
    remedy:
      "Run it at the root of the repository, or say in predeploy.yml what is deployed (`predeploy init` writes one).",
  };
}

/** `fail` wins over `undecided`; a pass has neither. */
export function verdictOf(
  findings: readonly Finding[],
  undecided: readonly UndecidedRule[],
  failOn: Severity | "never",
  allowUndecided: boolean,
): Verdict {
  if (failOn !== "never" && findings.some((one) => RANK[one.severity] <= RANK[failOn])) return "fail";
  return undecided.length > 0 && !allowUndecided ? "undecided" : "pass";
}

export const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

interface RulesOutcome {
  findings: Finding[];
  undecided: UndecidedRule[];
  /** Rules that ran to their end and left nothing open. */
  decided: Set<RuleId>;
  /** Whether any rule had something to look at. */
  looked: boolean;
}

async function runRules(
  rules: readonly SelectedRule[],
  known: KnownModels,
  loadCheck: LoadCheck,
  trace: (text: string) => void,
  isConfigured: boolean,
): Promise<RulesOutcome> {
  const result: RulesOutcome = { findings: [], undecided: [], decided: new Set(), looked: false };
  for (const rule of rules) {
    const { id, check: checkId } = rule.descriptor;
    const check = await loadCheck(checkId);
    if (!check) throw new Error(`rule "${id}" has no check "${checkId}"`);
    const needs = await gather(check.needs, known);
    if ("missing" in needs) {
      result.undecided.push({ rule: id, reason: needs.missing, remedy: needs.remedy });
      continue;
    }
    // What reads nothing finds nothing, but for what a team has asked for.
    if (!needs.looked && !isConfigured && checkId === id) {
      result.decided.add(id);
      continue;
    }
    result.looked ||= needs.looked;
    let open = false;
    const reports: Report[] = [];
    try {
      for (const yielded of check.check().run(needs.models, rule.options as never)) {
        if (isUndecided(yielded)) {
          open = true;
          result.undecided.push({ rule: id, reason: yielded.undecided, remedy: yielded.remedy });
        } else reports.push(yielded);
      }
    } catch (error) {
      open = true;
      trace(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
      result.undecided.push({
        rule: id,
        reason: `the check crashed: ${said}`,
        remedy: "Please report this as a bug of predeploy.",
      });
    }
    const isError = (report: Report) => severityOf(report, rule) === "error";
    const { settings } = needs.models as Partial<Models>;
    for (const report of foldCauses(reports, isError)) {
      const hidden = settings !== undefined && showsSecret(report, settings);
      result.findings.push(toFinding(report, rule, hidden));
    }
    if (!open) result.decided.add(id);
    relieveMemory();
  }
  return result;
}

type Gathered = { models: Pick<Models, ModelName>; looked: boolean } | { missing: string; remedy: string };

async function gather(needs: readonly ModelName[], known: KnownModels): Promise<Gathered> {
  const models: Partial<Record<ModelName, unknown>> = {};
  let looked = false;
  const tells = telling(needs);
  for (const need of needs) {
    const outcome = await known.outcome(need);
    if ("missing" in outcome) return outcome;
    models[need] = outcome.model;
    if (!outcome.empty && tells.includes(need)) looked = true;
  }
  return { models: models as Pick<Models, ModelName>, looked };
}

const isUndecided = (yielded: Report | Undecided): yielded is Undecided => "undecided" in yielded;

function severityOf(report: Report, rule: SelectedRule): Severity {
  return rule.fixedSeverity ?? report.severity ?? (rule.severity === "off" ? "note" : rule.severity);
}

function toFinding({ cause: _, ...report }: Report, rule: SelectedRule, hidden: boolean): Finding {
  const { id } = rule.descriptor;
  const severity = severityOf(report, rule);
  return {
    ...report,
    ...(hidden ? { hidden } : {}),
    rule: id,
    severity,
    // Computed by who asks: loading the hash function takes a short run a twentieth of its time, and annotations do without. So a finding is
    // not spread into another one where every run comes by.
    get fingerprint() {
      return fingerprintOf(id, report);
    },
    help: `predeploy explain ${id}`,
  };
}

/** The same for the same rule, path and subject, wherever the line moves: 32 hexadecimal digits. */
export function fingerprintOf(rule: RuleId, { at, subject }: Pick<Report, "at" | "subject">): string {
  return process
    .getBuiltinModule("node:crypto")
    .createHash("sha256")
    .update(JSON.stringify([rule, at.path, subject]))
    .digest("hex")
    .slice(0, 32);
}

const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

function compareFindings(a: Finding, b: Finding): number {
  return (
    compare(a.at.path, b.at.path) ||
    compare(a.at.start.line, b.at.start.line) ||
    compare(a.at.start.column, b.at.start.column) ||
    compare(a.rule, b.rule) ||
    compare(a.subject, b.subject) ||
    compare(a.message, b.message)
  );
}

/** By path, line, column, rule, subject; what stands twice word for word stays once. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort(compareFindings);
  return sorted.filter((one, index) => index === 0 || compareFindings(sorted[index - 1]!, one) !== 0);
}

const ofOthers = /(?:^|\/)(?:node_modules|vendor|third_party|site-packages|\.venv|venv)\//;

/** Files to look for inline suppressions in: those that were read and hold the word, packages of others aside, and those with findings. */
function suppressionHolders(workspace: Workspace, read: readonly string[], findings: readonly Finding[]): string[] {
  const paths = new Set(read.filter((path) => !ofOthers.test(path)));
  for (const { at } of findings) if (workspace.files.has(at.path)) paths.add(at.path);
  return [...paths].sort();
}
