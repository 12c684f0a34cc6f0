import type { Finding, RunResult, Severity } from "../types/finding.ts";
import type { Location } from "../types/text.ts";
import { headline, othersOf, placeOf, plural, type ReportContext, withoutLines } from "./context.ts";
import { clip, terminal } from "./escape.ts";
import { columnsOf, excerptOf, wrap } from "./excerpt.ts";
import { type Entry, fold } from "./fold.ts";

const codes = { red: 31, yellow: 33, cyan: 36, green: 32, dim: 2, bold: 1 };
type Ink = keyof typeof codes;
type Paint = (text: string, ...inks: Ink[]) => string;

const inkOf: Record<Severity, Ink> = { error: "red", warning: "yellow", note: "cyan" };

/** Most other places of one entry that are listed, and most related places that are drawn, unless verbose. */
const othersShown = 6;
const relatedShown = 4;
/** Longest message: what is longer was made by hostile or generated text. */
const longestMessage = 4000;

/**
 * The report for people, 80 to 120 columns. Every line begins with a character of its own, so that no scanned text can be taken for
 * a workflow command, and holds no control character but the colours asked for.
 */
export function renderText(result: RunResult, context: ReportContext): string {
  const paint: Paint = (text, ...inks) =>
    context.color && text !== "" ? `\x1b[${inks.map((ink) => codes[ink]).join(";")}m${text}\x1b[0m` : text;
  const out: string[] = [];
  for (const entry of fold(result.findings)) out.push(...entryLines(entry, context, paint), "");
  for (const { rule, reason, remedy } of result.undecided) {
    out.push(`${paint("undecided", "yellow", "bold")}  ${paint(terminal(rule), "dim")}`);
    out.push(...prose(reason, context, paint), ...labelled("do", remedy, context, paint), "");
  }
  if (result.unread.length > 0) {
    out.push(paint(`not read: ${plural(result.unread.length, "file")}`, "yellow", "bold"));
    const shown = context.verbose ? result.unread : result.unread.slice(0, 20);
    for (const { path, reason } of shown) out.push(...prose(`${path}: ${reason}`, context, paint));
    if (shown.length < result.unread.length)
      out.push(...prose(`and ${result.unread.length - shown.length} more`, context, paint));
    out.push("");
  }
  if (context.showSuppressed && result.suppressed.length > 0) {
    out.push(paint(`suppressed: ${plural(result.suppressed.length, "finding")}`, "bold"));
    for (const { finding, by, reason } of result.suppressed)
      out.push(
        ...prose(`${placeOf(finding.at)}  ${finding.rule}  ${finding.subject} (${by}: ${reason})`, context, paint),
      );
    out.push("");
  }
  if (context.checked) out.push(...prose(`checked: ${context.checked}`, context, paint));
  const verdictInk = ({ pass: "green", fail: "red", undecided: "yellow" } as const)[result.verdict];
  out.push(paint(headline(result, context), verdictInk, "bold"));
  return `${out.join("\n")}\n`;
}

function widthOf(context: ReportContext): number {
  return Math.min(120, Math.max(60, context.width ?? 100));
}

function entryLines(entry: Entry, whole: ReportContext, paint: Paint): string[] {
  const { lead, severity } = entry;
  const context = withoutLines(whole, lead);
  const out = [
    `${paint(severity, inkOf[severity], "bold")}  ${paint(terminal(clip(placeOf(lead.at), 1000)), "bold")}  ${paint(terminal(lead.rule), "dim")}`,
    ...prose(lead.message, context, paint),
  ];
  if (context.quiet) return out;
  const bar = paint("│", inkOf[severity]);
  const drawn = excerptLines(lead.at, lead.related ?? [], context, paint, inkOf[severity], "^");
  if (drawn.length > 0) out.push(bar, ...drawn);
  out.push(...relatedLines(lead, context, paint, bar));
  const others = othersOf(entry);
  const notes: string[] = [];
  if (others.length > 0) notes.push(...othersLines(entry, others, context, paint));
  if (lead.fix !== undefined) {
    const label = lead.fix.safety === "safe" ? "fix (safe)" : "fix (review)";
    notes.push(...labelled(label, lead.fix.title, context, paint));
  }
  notes.push(...labelled("more", lead.help, context, paint));
  if (drawn.length > 0) out.push(bar);
  out.push(...notes);
  return out.map((line) => (line.startsWith("│") ? bar + line.slice(1) : line));
}

function othersLines(entry: Entry, others: string[], context: ReportContext, paint: Paint): string[] {
  const shown = context.verbose ? others : others.slice(0, othersShown);
  const rest = others.length - shown.length;
  const list = shown.map((other) => clip(other, 200)).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  const sameSubject = entry.findings.every((finding) => finding.subject === entry.lead.subject);
  return labelled(`${others.length} more ${sameSubject ? "like this" : "here"}`, list, context, paint);
}

function relatedLines(lead: Finding, context: ReportContext, paint: Paint, bar: string): string[] {
  const related = lead.related ?? [];
  const shown = context.verbose ? related : related.slice(0, relatedShown);
  const out: string[] = [];
  for (const other of shown) {
    const place = terminal(clip(placeOf(other), 1000));
    const [first = "", ...next] = wrap(terminal(clip(other.message, 1000)), widthOf(context) - columnsOf(place) - 4);
    out.push(
      bar,
      `│ ${paint(place, "bold")}  ${first}`,
      ...next.map((line) => `│ ${" ".repeat(columnsOf(place))}  ${line}`),
    );
    out.push(...excerptLines(other, [lead.at, ...related], context, paint, "cyan", "~"));
  }
  if (shown.length < related.length)
    out.push(bar, `│ and ${plural(related.length - shown.length, "other related place")}`);
  return out;
}

function excerptLines(
  at: Location,
  others: readonly Location[],
  context: ReportContext,
  paint: Paint,
  ink: Ink,
  underline: string,
): string[] {
  const raw = context.lines(at.path, at.start.line);
  if (raw === null) return [];
  // One gutter for all excerpts of an entry, so that their code stands in one column.
  const gutter = Math.max(3, ...[at, ...others].map((other) => String(other.start.line).length));
  const excerpt = excerptOf(raw, at, widthOf(context) - gutter - 5);
  const number = String(at.start.line).padStart(gutter);
  const more = excerpt.until === null ? "" : ` to line ${excerpt.until}`;
  return [
    `│ ${paint(`${number} │`, "dim")} ${excerpt.code}`,
    `│ ${paint(`${" ".repeat(gutter)} │`, "dim")} ${" ".repeat(excerpt.indent)}${paint(underline.repeat(excerpt.length) + more, ink)}`,
  ];
}

function prose(text: string, context: ReportContext, paint: Paint): string[] {
  return labelled("", text, context, paint);
}

function labelled(label: string, text: string, context: ReportContext, paint: Paint): string[] {
  const start = label === "" ? "" : `${label}  `;
  const [first = "", ...rest] = wrap(terminal(clip(text, longestMessage)), widthOf(context) - 2 - start.length);
  return [
    `│ ${label === "" ? "" : `${paint(label, "dim")}  `}${first}`,
    ...rest.map((line) => `│ ${" ".repeat(start.length)}${line}`),
  ];
}
