import type { RunResult, Severity } from "../types/finding.ts";
import {
  countsOf,
  headline,
  othersOf,
  placeOf,
  plural,
  type ReportContext,
  rootPath,
  undecidedRules,
} from "./context.ts";
import { clip, commandData, commandProperty, terminal, visible } from "./escape.ts";
import { compareFindings, type Entry, foldByFile } from "./fold.ts";

/** The runner keeps 10 annotations of each level per step, first come first served. */
const mostPerLevel = 10;
/** The runner cuts a message at 4,096 characters. */
const longestMessage = 4096;

const levels: [Severity, "error" | "warning" | "notice"][] = [
  ["error", "error"],
  ["warning", "warning"],
  ["note", "notice"],
];

/**
 * Workflow commands and lines for a GitHub log: a group that lists every finding, at most ten annotations of each level, the worst
 * and nearest to the change first, how many of how many are shown, and the verdict.
 * Each human line begins with a character of its own, so that none can be parsed as a command.
 */
export function renderGithub(result: RunResult, context: ReportContext): string {
  const most = Math.max(0, Math.min(mostPerLevel, Math.floor(context.annotations ?? mostPerLevel)));
  const counts = countsOf(result);
  const out: string[] = [];
  const sorted = [...result.findings].sort(compareFindings);
  if (sorted.length > 0) {
    out.push(`::group::${commandData(`predeploy: ${plural(sorted.length, "finding")}`)}`);
    for (const { severity, at, message, rule } of sorted)
      out.push(
        human(`${severity} ${placeOf({ ...at, path: rootPath(context, at.path) })} ${clip(message, 1000)} [${rule}]`),
      );
    out.push("::endgroup::");
  }
  if (result.undecided.length > 0 || result.unread.length > 0) {
    out.push(`::group::${commandData("predeploy: what could not be decided")}`);
    for (const { rule, reason, remedy } of result.undecided) out.push(human(`undecided ${rule}: ${reason} ${remedy}`));
    for (const { path, reason } of result.unread) out.push(human(`not read ${rootPath(context, path)}: ${reason}`));
    out.push("::endgroup::");
  }
  for (const [severity, command] of levels) {
    let room = severity === "note" ? Math.max(0, Math.min(most, mostPerLevel - (context.reserved ?? 0))) : most;
    if (severity === "warning" && result.undecided.length > 0 && room > 0) {
      out.push(undecidedCommand(result));
      room--;
    }
    const entries = ranked(foldByFile(result.findings.filter((finding) => finding.severity === severity)), context);
    const shown = entries.slice(0, room);
    out.push(...shown.map((entry) => annotation(command, entry, context)));
    const covered = shown.reduce((sum, entry) => sum + entry.findings.length, 0);
    if (covered < counts[severity])
      out.push(
        human(
          `${covered} of ${counts[severity]} ${severity}s shown as annotations; all are in ${context.rest ?? "the list above"}`,
        ),
      );
  }
  if (context.checked) out.push(human(`checked: ${context.checked}`));
  out.push(human(`predeploy ${headline(result, context)}`));
  return `${out.join("\n")}\n`;
}

/** Entries in the order in which they deserve one of the few places: lines of the change first, then rule, path, line. */
function ranked(entries: Entry[], context: ReportContext): Entry[] {
  const changed = context.changed;
  const outside = (entry: Entry) =>
    changed && !entry.findings.some(({ at }) => changed(at.path, at.start.line)) ? 1 : 0;
  return entries
    .map((entry) => ({ entry, outside: outside(entry) }))
    .sort(
      (left, right) =>
        left.outside - right.outside ||
        (left.entry.rule < right.entry.rule ? -1 : left.entry.rule > right.entry.rule ? 1 : 0) ||
        compareFindings(left.entry.lead, right.entry.lead),
    )
    .map(({ entry }) => entry);
}

function annotation(command: string, entry: Entry, context: ReportContext): string {
  const changed = context.changed;
  const lead = (changed && entry.findings.find(({ at }) => changed(at.path, at.start.line))) || entry.lead;
  const { at } = lead;
  const properties: [string, string | number][] = [
    ["file", rootPath(context, at.path)],
    ["line", at.start.line],
    ["endLine", Math.max(at.start.line, at.end.line)],
  ];
  // The runner drops both columns when the lines differ.
  if (at.end.line === at.start.line) {
    properties.push(["col", at.start.column], ["endColumn", Math.max(at.start.column, at.end.column - 1)]);
  }
  properties.push(["title", clip(lead.rule, 250)]);
  const list = properties.map(([name, value]) => `${name}=${commandProperty(String(value))}`).join(",");
  return `::${command} ${list}::${commandData(annotationMessage(entry, lead))}`;
}

/** The message, what else the annotation stands for, the fix and where to read more: at most 4,096 characters. */
function annotationMessage(entry: Entry, lead: Entry["lead"]): string {
  const lines = [clip(visible(lead.message), 2000)];
  const others = othersOf({ findings: [lead, ...entry.findings.filter((finding) => finding !== lead)] });
  if (others.length > 0) {
    const shown = others.slice(0, 8).map((other) => clip(visible(other), 120));
    const rest = others.length - shown.length;
    lines.push(`And ${others.length} more in this file: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`);
  }
  if (lead.fix !== undefined) lines.push(`Fix: ${clip(visible(lead.fix.title), 500)}`);
  lines.push(clip(visible(lead.help), 200));
  return clip(lines.join("\n"), longestMessage);
}

function undecidedCommand(result: RunResult): string {
  const lines = [`${plural(undecidedRules(result), "rule")} could not decide.`];
  for (const { rule, reason, remedy } of result.undecided.slice(0, 10))
    lines.push(visible(clip(`${rule}: ${reason} ${remedy}`, 350)));
  if (result.undecided.length > 10) lines.push(`And ${result.undecided.length - 10} more.`);
  return `::warning title=predeploy could not decide::${commandData(clip(lines.join("\n"), longestMessage))}`;
}

function human(text: string): string {
  return `│ ${terminal(text)}`;
}
