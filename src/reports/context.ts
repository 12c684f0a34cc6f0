import type { Finding, RuleId, RunResult, Severity } from "../types/finding.ts";
import type { RuleDescriptor } from "../types/rule.ts";
import type { Location, RepoPath } from "../types/text.ts";

/** What a report says about a rule besides its findings. `check`: the rule of ours whose page tells more. */
export type ReportRule = Pick<RuleDescriptor, "id" | "title" | "severity" | "why" | "fix"> &
  Partial<Pick<RuleDescriptor, "check">>;

/** What a renderer may know besides the result. Each renderer is a pure function of both. */
export interface ReportContext {
  /** Version of predeploy, `1.2.3`. */
  version: string;
  /** Every rule of the run, enabled or not; a finding of a rule that is not among them is reported all the same. */
  rules: ReadonlyMap<RuleId, ReportRule>;
  /** A line of a file without its line end, 1-based, as `text.split("\n")` gives it; null where there is none or it cannot be read. */
  lines(path: RepoPath, line: number): string | null;
  /** Folder of the checked tree below the root of the repository, "" or "services/api": prefixed where a channel wants paths from the root. */
  prefix?: string;
  /** How many findings were there before the change (`--base`); null or absent: the run was not asked. */
  older?: number | null;
  /** List suppressed findings in human formats. */
  showSuppressed?: boolean;
  /** Text: SGR colours. Default off. */
  color?: boolean;
  /** Text: columns of the terminal, default 100. */
  width?: number;
  /** Text: leave out excerpts and notes. */
  quiet?: boolean;
  /** Text: list every folded finding. */
  verbose?: boolean;
  /** Workflow commands: how many per level, 0 to 10, default 10. */
  annotations?: number;
  /** Workflow commands: how many of the notices are kept free, for what was said before and for what follows. */
  reserved?: number;
  /** Where a reader finds what a channel has no room for, e.g. "the log of this step", which holds all. */
  rest?: string;
  /** Whether a line is part of the change under review; such findings are shown first. Null or absent: not known. */
  changed?: ((path: RepoPath, line: number) => boolean) | null;
  /** Which commit was checked and what it is to the event that started the run, without full stop; null or absent: not said. */
  checked?: string | null;
  /** Address that a path is appended to for links to the source, e.g. `https://github.com/o/r/blob/SHA`. */
  source?: string | null;
  /** Name of the shard, `2-of-4`; part of the identity of a SARIF run. */
  shard?: string | null;
}

export interface Counts {
  error: number;
  warning: number;
  note: number;
  suppressed: number;
}

/** How many findings of each severity; every format shows these same numbers. */
export function countsOf(result: RunResult): Counts {
  const counts: Counts = { error: 0, warning: 0, note: 0, suppressed: result.suppressed.length };
  for (const finding of result.findings) counts[finding.severity]++;
  return counts;
}

/** How many rules left something open, however many questions each. */
export function undecidedRules(result: RunResult): number {
  return new Set(result.undecided.map(({ rule }) => rule)).size;
}

/** `1 error`, `2 errors`. */
export function plural(count: number, word: string): string {
  // By hand: loading a locale for these commas costs more than everything else that the report does.
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${word}${count === 1 ? "" : "s"}`;
}

/** `2 errors, 1 warning`; "no findings" for none. */
export function countWords(counts: Pick<Counts, Severity>): string {
  const parts = (["error", "warning", "note"] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => plural(counts[severity], severity));
  return parts.length === 0 ? "no findings" : parts.join(", ");
}

/** The verdict and the counts in one line, the same words in every format: `fail: 2 errors, 1 warning; 1 suppressed`. */
export function headline(result: RunResult, context: Pick<ReportContext, "older">): string {
  const counts = countsOf(result);
  const parts = [`${result.verdict}: ${countWords(counts)}`];
  if (result.undecided.length > 0) {
    parts.push(`${plural(undecidedRules(result), "rule")} could not decide`);
  }
  if (result.unread.length > 0) parts.push(`${plural(result.unread.length, "file")} not read`);
  if (counts.suppressed > 0) parts.push(`${counts.suppressed} suppressed`);
  if (context.older) parts.push(`${plural(context.older, "older finding")} not shown`);
  if (result.shard) parts.push(`part ${result.shard.index} of ${result.shard.count}`);
  return parts.join("; ");
}

export const home = "https://github.com/predeploy/predeploy";

/** The page of a rule, as it was in this version; of a team's own rule that of its check. Null where none is known. */
export function rulePage(rule: ReportRule | undefined, version: string): string | null {
  const [family, name] = rule?.check?.split("/") ?? [];
  return name === undefined ? null : `${home}/blob/v${version}/rules/${family}/README.md#${name}`;
}

/** `path:line:column`. */
export function placeOf(at: Location): string {
  return `${at.path}:${at.start.line}:${at.start.column}`;
}

/** The path from the root of the repository. */
export function rootPath(context: Pick<ReportContext, "prefix">, path: RepoPath): RepoPath {
  return context.prefix ? `${context.prefix}/${path}` : path;
}

/** What a folded entry's other findings are about: their subjects, or their places where the subject is the same. */
export function othersOf(entry: { findings: readonly { subject: string; at: Location }[] }): string[] {
  const [lead, ...rest] = entry.findings;
  if (lead === undefined) return [];
  return [
    ...new Set(
      rest.map((finding) =>
        finding.subject === lead.subject
          ? finding.at.path === lead.at.path
            ? `line ${finding.at.start.line}`
            : `${finding.at.path}:${finding.at.start.line}`
          : finding.subject,
      ),
    ),
  ];
}

/** Whether a line of a finding holds the value of a secret, or may, as one that names a secret does. */
export function holdsSecret({ rule, hidden }: Pick<Finding, "rule" | "hidden">): boolean {
  return hidden === true || rule.startsWith("secrets/");
}

/** The context without the lines of files, for findings whose lines are not to be shown. */
export function withoutLines(context: ReportContext, finding: Finding): ReportContext {
  return holdsSecret(finding) ? { ...context, lines: () => null } : context;
}
