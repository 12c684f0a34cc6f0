import type { RunResult, Severity } from "../types/finding.ts";
import type { Location } from "../types/text.ts";
import {
  type Counts,
  countsOf,
  headline,
  othersOf,
  plural,
  type ReportContext,
  rootPath,
  undecidedRules,
  withoutLines,
} from "./context.ts";
import { clip, html, htmlProse, uriPath } from "./escape.ts";
import { excerptParts } from "./excerpt.ts";
import { type Entry, fold } from "./fold.ts";
import { htmlStyle } from "./html-style.ts";

const severityName: Record<Severity, string> = { error: "Error", warning: "Warning", note: "Note" };

/** Entries drawn in full and others of an entry that are listed; the rest is counted. A page of more is slow to open. */
const mostEntries = 2000;
const mostOthers = 100;

/**
 * One self-contained page: no script, no network, a content security policy that forbids both, headings and landmarks for screen
 * readers, light and dark by the reader's setting. Every scanned text is escaped.
 */
export function renderHtml(result: RunResult, context: ReportContext): string {
  const entries = fold(result.findings);
  const shown = entries.slice(0, mostEntries);
  const left = entries.slice(mostEntries).reduce((sum, entry) => sum + entry.findings.length, 0);
  const open = result.undecided.length > 0 || result.unread.length > 0 ? [openQuestions(result, context)] : [];
  const body = [
    header(result, context),
    '<main id="report">',
    // What fails the run comes first; open questions are what matters where nothing does.
    ...(result.verdict === "fail" ? [] : open),
    ...groups(shown, countsOf(result), context),
    ...(result.verdict === "fail" ? open : []),
    ...(left > 0
      ? [`<p class="left">${plural(left, "more finding")} had no room on this page; the JSON report holds all.</p>`]
      : []),
    ...suppressed(result, context),
    "</main>",
    `<footer>predeploy ${html(context.version)}</footer>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>predeploy: ${html(result.verdict)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
${body.join("\n")}
</body>
</html>
`;
}

function header(result: RunResult, context: ReportContext): string {
  const counts = countsOf(result);
  const tiles = (["error", "warning", "note"] as const).map(
    (severity) =>
      `<li class="${severity}${counts[severity] === 0 ? " none" : ""}"><strong>${counts[severity]}</strong> ${severity}${counts[severity] === 1 ? "" : "s"}</li>`,
  );
  const undecided = undecidedRules(result);
  if (undecided > 0) tiles.push(`<li class="undecided"><strong>${undecided}</strong> undecided</li>`);
  if (context.older) tiles.push(`<li class="none"><strong>${context.older}</strong> older, not shown</li>`);
  if (counts.suppressed > 0) tiles.push(`<li class="none"><strong>${counts.suppressed}</strong> suppressed</li>`);
  return `<header class="${result.verdict}">
<p class="name">predeploy</p>
<h1><span class="badge">${html(result.verdict)}</span> <span class="sentence">${html(sentenceOf(result))}</span></h1>
<ul class="counts" aria-label="${html(headline(result, context))}">${tiles.join("")}</ul>${context.checked ? `\n<p class="checked">Checked: ${html(context.checked)}.</p>` : ""}
</header>`;
}

function sentenceOf(result: RunResult): string {
  // With `fail-on: never` errors pass too.
  if (result.verdict === "pass")
    return countsOf(result).error > 0
      ? "What was found does not fail this run."
      : "Nothing was found that would stop the deploy.";
  return result.verdict === "fail" ? "What is about to ship needs mending first." : "Not everything could be decided.";
}

function groups(entries: readonly Entry[], counts: Counts, context: ReportContext): string[] {
  return (["error", "warning", "note"] as const).flatMap((severity) => {
    const list = entries.filter((entry) => entry.severity === severity);
    if (list.length === 0) return [];
    // Milder findings that are folded into an entry count with their own kind, as everywhere.
    return [
      `<section class="${severity}" aria-labelledby="${severity}s">
<h2 id="${severity}s">${severityName[severity]}s <span class="count">${counts[severity]}</span></h2>
${list.map((entry) => article(entry, context)).join("\n")}
</section>`,
    ];
  });
}

function article(entry: Entry, whole: ReportContext): string {
  const { lead } = entry;
  const context = withoutLines(whole, lead);
  const title = context.rules.get(lead.rule)?.title;
  const others = othersOf(entry);
  const parts = [
    `<h3>${htmlProse(clip(lead.message, 4000))}</h3>`,
    `<p class="where">${place(lead.at, context)} <span class="rule"${title === undefined ? "" : ` title="${html(clip(title, 300))}"`}>${html(clip(lead.rule, 200))}</span></p>`,
    excerpt(lead.at, context),
  ];
  for (const related of (lead.related ?? []).slice(0, 8))
    parts.push(
      `<div class="related"><p>${place(related, context)} ${htmlProse(clip(related.message, 1000))}</p>${excerpt(related, context)}</div>`,
    );
  const hidden = (lead.related ?? []).length - 8;
  if (hidden > 0) parts.push(`<p class="left">and ${plural(hidden, "other related place")}</p>`);
  if (lead.fix !== undefined)
    parts.push(
      `<p class="fix"><strong>Fix</strong> <span class="safety">${lead.fix.safety}</span> ${htmlProse(clip(lead.fix.title, 1000))}</p>`,
    );
  if (others.length > 0) {
    const items = others.slice(0, mostOthers).map((other) => `<li><code>${html(clip(other, 300))}</code></li>`);
    if (others.length > mostOthers) items.push(`<li>and ${others.length - mostOthers} more</li>`);
    parts.push(`<details><summary>${others.length} more here</summary><ul>${items.join("")}</ul></details>`);
  }
  parts.push(`<p class="help"><code>${html(clip(lead.help, 300))}</code></p>`);
  return `<article>\n${parts.filter((part) => part !== "").join("\n")}\n</article>`;
}

function place(at: Location, context: ReportContext): string {
  const path = rootPath(context, at.path);
  const text = `<code class="place">${html(clip(path, 1000))}<span>:${at.start.line}:${at.start.column}</span></code>`;
  if (!context.source) return text;
  return `<a href="${html(`${context.source}/${uriPath(path)}#L${at.start.line}`)}" rel="noreferrer">${text}</a>`;
}

function excerpt(at: Location, context: ReportContext): string {
  const raw = context.lines(at.path, at.start.line);
  if (raw === null) return "";
  const { before, inside, after, until } = excerptParts(raw, at, 160);
  // An empty range is a place before a character.
  const [marked = " ", ...rest] = inside === "" ? after : [inside];
  const behind = inside === "" ? rest.join("") : after;
  const more = until === null ? "" : `<span class="until"> to line ${until}</span>`;
  // The number is drawn by the style sheet, so that copying takes the code alone.
  return `<pre tabindex="0" role="group" aria-label="line ${at.start.line}" data-line="${at.start.line}"><code>${html(before)}<mark>${html(marked)}</mark>${html(behind)}${more}</code></pre>`;
}

function openQuestions(result: RunResult, context: ReportContext): string {
  const undecided = result.undecided
    .slice(0, mostEntries)
    .map(
      ({ rule, reason, remedy }) =>
        `<article>\n<h3>${htmlProse(clip(reason, 2000))}</h3>\n<p class="where"><span class="rule">${html(clip(rule, 200))}</span></p>\n<p class="fix"><strong>To decide it</strong> ${htmlProse(clip(remedy, 2000))}</p>\n</article>`,
    );
  const unread = result.unread
    .slice(0, mostEntries)
    .map(
      ({ path, reason }) =>
        `<li><code class="place">${html(clip(rootPath(context, path), 1000))}</code> ${htmlProse(clip(reason, 1000))}</li>`,
    );
  const files =
    unread.length === 0
      ? ""
      : `<details class="unread"><summary>${plural(result.unread.length, "file")} not read</summary><ul>${unread.join("")}</ul></details>`;
  return `<section class="undecided" aria-labelledby="undecided">
<h2 id="undecided">Could not be decided <span class="count">${undecided.length + unread.length}</span></h2>
${[...undecided, files].filter((part) => part !== "").join("\n")}
</section>`;
}

function suppressed(result: RunResult, context: ReportContext): string[] {
  if (!context.showSuppressed || result.suppressed.length === 0) return [];
  const items = result.suppressed
    .slice(0, mostEntries)
    .map(
      ({ finding, by, reason }) =>
        `<li>${place(finding.at, context)} <span class="rule">${html(clip(finding.rule, 200))}</span> ${by}: ${htmlProse(clip(reason, 1000))}</li>`,
    );
  return [
    `<details class="suppressed"><summary>${plural(result.suppressed.length, "finding")} suppressed</summary><ul>${items.join("")}</ul></details>`,
  ];
}
