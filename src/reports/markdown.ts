import type { RunResult, Severity } from "../types/finding.ts";
import { countsOf, headline, othersOf, plural, type ReportContext, rootPath, rulePage } from "./context.ts";
import { clip, html, markdown, markdownCode, uriPath } from "./escape.ts";
import { type Entry, fold } from "./fold.ts";
import { lostModulesPicture, startOrderPicture } from "./picture.ts";

/** GitHub refuses a job summary above 1 MiB as a whole; ours stays below 900 KB, counted in bytes of UTF-8. */
export const summaryLimit = 900_000;
/** A comment and a check run's summary hold 65,535 characters. */
export const commentLimit = 65_000;

const icon: Record<Severity, string> = { error: "❌", warning: "⚠️", note: "ℹ️" };
const verdictIcon = { pass: "✅", fail: "❌", undecided: "❓" } as const;

const sectionEnd = "\n</details>\n\n";

/** Rows of the table at the top; what is beyond stands in the section of its rule. */
const tableRows = 50;

/**
 * GitHub-flavoured Markdown for a job summary or a comment: verdict and counts, a table of the errors, every finding by rule,
 * what could not be decided with its remedy, suppressed findings. At most `limit` bytes: what has no room is counted, never cut in half.
 */
export function renderMarkdown(result: RunResult, context: ReportContext, limit: number = summaryLimit): string {
  // The last line, which says what had no room, is paid for in advance.
  const page = boundedPage(limit - 600);
  page.add(`## ${verdictIcon[result.verdict]} predeploy ${markdown(headline(result, context))}\n\n`);
  if (context.checked) page.add(`Checked: ${markdown(clip(context.checked, 1000))}.\n\n`);
  const entries = fold(result.findings);
  undecidedSection(result, page);
  errorTable(entries, context, page);
  addPicture("What the image lacks", lostModulesPicture(result.findings), page);
  addPicture("What starts in the wrong order", startOrderPicture(result.findings), page);
  const left = ruleSections(entries, context, page);
  unreadSection(result, context, page);
  suppressedSection(result, context, page);
  if (left > 0)
    page.close(
      `\n**${plural(left, "finding")} of ${result.findings.length} had no room here.** ${
        context.rest ? `All are in ${markdown(clip(context.rest, 200))}.` : "The JSON report holds all of them."
      }\n`,
    );
  return page.text();
}

/** What stands in the place of a report where the run ended before it had a verdict. */
export function renderStop(reason: string): string {
  return `## ❌ predeploy ${stopped}\n\n${prose(reason, 2000)}\n\nWhat an earlier run said here does not count.\n`;
}

/** The headline of such a run. */
export const stopped = "stopped without a verdict";

interface Page {
  /** Adds the whole text, or nothing when it and the `closing` that will follow have no room together. */
  add(text: string, closing?: string): boolean;
  /** Adds regardless of room: only for a closing that was paid for. */
  close(text: string): void;
  text(): string;
}

function boundedPage(limit: number): Page {
  const parts: string[] = [];
  let used = 0;
  return {
    add(text, closing = "") {
      const size = Buffer.byteLength(text) + Buffer.byteLength(closing);
      if (used + size > limit) return false;
      parts.push(text);
      used += size;
      return true;
    },
    close(text) {
      parts.push(text);
    },
    text: () => parts.join(""),
  };
}

function addPicture(title: string, picture: string | null, page: Page): void {
  if (picture !== null) page.add(`### ${title}\n\n\`\`\`mermaid\n${picture}\n\`\`\`\n\n`);
}

function errorTable(entries: readonly Entry[], context: ReportContext, page: Page): void {
  const errors = entries.filter((entry) => entry.severity === "error");
  if (errors.length === 0) return;
  if (!page.add("| Place | What is wrong | Rule |\n| :--- | :--- | :--- |\n")) return;
  for (const { lead, findings } of errors.slice(0, tableRows)) {
    const others = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
    const row = `| ${place(lead.at, context)} | ${prose(lead.message, 600)}${others} | ${code(lead.rule)} |\n`;
    if (!page.add(row)) break;
  }
  const rest = errors.length - tableRows;
  page.add(rest > 0 ? `\n${plural(rest, "more error")} below.\n\n` : "\n");
}

/** Returns how many findings had no room. */
function ruleSections(entries: readonly Entry[], context: ReportContext, page: Page): number {
  const byRule = new Map<string, Entry[]>();
  for (const entry of entries) {
    const list = byRule.get(entry.rule);
    if (list === undefined) byRule.set(entry.rule, [entry]);
    else list.push(entry);
  }
  let left = 0;
  for (const [rule, list] of byRule) {
    const count = list.reduce((sum, entry) => sum + entry.findings.length, 0);
    const known = context.rules.get(rule);
    const address = rulePage(known, context.version);
    const more = address === null ? "" : ` [Why, and how to mend it](${address})`;
    const summary = `${icon[list[0]?.severity ?? "note"]} <code>${html(clip(rule, 200))}</code>: ${plural(count, "finding")}`;
    const opened = page.add(
      `<details><summary>${summary}</summary>\n\n${known === undefined ? "" : `${prose(known.title, 300)}${more}\n\n`}`,
      sectionEnd,
    );
    if (!opened) {
      left += count;
      continue;
    }
    for (const entry of list) if (!page.add(item(entry, context))) left += entry.findings.length;
    page.close(sectionEnd);
  }
  return left;
}

function item({ lead, findings, severity }: Entry, context: ReportContext): string {
  const lines = [`- ${icon[severity]} ${place(lead.at, context)} ${prose(lead.message, 2000)}`];
  const others = othersOf({ findings });
  if (others.length > 0) {
    const shown = others.slice(0, 20).map((other) => code(clip(other, 200)));
    const rest = others.length - shown.length;
    lines.push(`  - ${others.length} more: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`);
  }
  for (const related of (lead.related ?? []).slice(0, 4))
    lines.push(`  - ${place(related, context)} ${prose(related.message, 400)}`);
  if (lead.fix !== undefined) lines.push(`  - Fix (${lead.fix.safety}): ${prose(lead.fix.title, 600)}`);
  return `${lines.join("\n")}\n`;
}

function undecidedSection(result: RunResult, page: Page): void {
  if (result.undecided.length === 0) return;
  if (!page.add("**Could not be decided**\n\n")) return;
  for (const { rule, reason, remedy } of result.undecided)
    if (!page.add(`- ${code(rule)}: ${prose(reason, 600)} ${prose(remedy, 600)}\n`)) break;
  page.add("\n");
}

function unreadSection(result: RunResult, context: ReportContext, page: Page): void {
  if (result.unread.length === 0) return;
  if (!page.add(`**Not read: ${plural(result.unread.length, "file")}**\n\n`)) return;
  for (const { path, reason } of result.unread.slice(0, 50))
    if (!page.add(`- ${code(clip(rootPath(context, path), 500))}: ${prose(reason, 400)}\n`)) break;
  if (result.unread.length > 50) page.add(`- and ${result.unread.length - 50} more\n`);
  page.add("\n");
}

function suppressedSection(result: RunResult, context: ReportContext, page: Page): void {
  const { suppressed } = countsOf(result);
  if (suppressed === 0) return;
  page.add(`${plural(suppressed, "finding")} suppressed.\n`);
  if (!context.showSuppressed) return;
  page.add("\n");
  for (const { finding, by, reason } of result.suppressed)
    if (!page.add(`- ${place(finding.at, context)} ${code(finding.rule)} ${by}: ${prose(reason, 400)}\n`)) return;
}

function place(
  at: { path: string; start: { line: number; column: number }; end: { line: number; column: number } },
  context: ReportContext,
): string {
  const path = rootPath(context, at.path);
  const shown = code(clip(`${path}:${at.start.line}`, 500));
  if (!context.source || path.length > 1000) return shown;
  return `[${shown}](${context.source}/${uriPath(path)}#L${at.start.line})`;
}

function prose(text: string, limit: number): string {
  return markdown(clip(text, limit));
}

function code(text: string): string {
  return markdownCode(text);
}
