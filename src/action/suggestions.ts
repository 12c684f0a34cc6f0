import { type ReportContext, rootPath } from "../reports/context.ts";
import { clip, markdown, markdownCode } from "../reports/escape.ts";
import { compareFindings } from "../reports/fold.ts";
import type { Finding, RunResult } from "../types/finding.ts";
import type { Edit } from "../types/text.ts";
import { type Api, pages } from "./api.ts";
import type { PullRequest } from "./event.ts";
import { type DiffLines, parsePatch } from "./hunks.ts";

/** Comments that stand on a pull request at a time: 270 of them once made a page that no browser opened. */
const mostSuggestions = 10;
/** GitHub lists 3,000 files of a pull request at most. */
const mostFilePages = 30;
/** Lines that one suggestion may replace. */
const mostLines = 50;

export interface Suggestion {
  path: string;
  line: number;
  side: "RIGHT";
  start_line?: number;
  start_side?: "RIGHT";
  body: string;
}

/**
 * The safe fixes as review comments: only those whose lines lie in one hunk and read there as they read in the checked tree, since
 * one comment outside the diff makes GitHub refuse the whole review. `seen` are fingerprints that have a comment already; at most
 * `room` are made.
 */
export function suggestionsOf(
  result: RunResult,
  context: ReportContext,
  diff: ReadonlyMap<string, DiffLines>,
  seen: ReadonlySet<string>,
  room: number = mostSuggestions,
): Suggestion[] {
  const suggestions: Suggestion[] = [];
  for (const finding of [...result.findings].sort(compareFindings)) {
    if (suggestions.length >= room) break;
    const key = keyOf(finding);
    if (finding.fix?.safety !== "safe" || seen.has(key)) continue;
    const change = replacement(finding.fix.edits, context);
    if (change === null) continue;
    const path = rootPath(context, change.path);
    const lines = diff.get(path);
    if (lines === undefined || !isShown(lines, change)) continue;
    // Two suggestions for the same lines cannot both be applied.
    const isTaken = ({ path: other, start_line, line }: Suggestion) =>
      other === path && (start_line ?? line) <= change.last && change.first <= line;
    if (suggestions.some(isTaken)) continue;
    suggestions.push({
      path,
      line: change.last,
      side: "RIGHT",
      ...(change.first < change.last ? { start_line: change.first, start_side: "RIGHT" as const } : {}),
      body: bodyOf(finding, change.after, key),
    });
  }
  return suggestions;
}

interface Replacement {
  path: string;
  first: number;
  last: number;
  before: string[];
  after: string[];
}

/** The edits as whole lines of one file; null where they touch several files, overlap, or the lines cannot be read. */
function replacement(edits: readonly Edit[], context: ReportContext): Replacement | null {
  const [lead] = edits;
  if (lead === undefined || edits.some((edit) => edit.path !== lead.path)) return null;
  const sorted = [...edits].sort(
    (left, right) => left.start.line - right.start.line || left.start.column - right.start.column,
  );
  const first = sorted[0]!.start.line;
  const last = Math.max(...sorted.map((edit) => edit.end.line));
  if (last - first >= mostLines) return null;
  const before: string[] = [];
  for (let line = first; line <= last; line++) {
    const text = context.lines(lead.path, line);
    // A suggestion writes plain line feeds, so it would mix the line ends of such a file.
    if (text === null || text.endsWith("\r")) return null;
    before.push(text);
  }
  const starts: number[] = [];
  let length = 0;
  for (const text of before) {
    starts.push(length);
    length += text.length + 1;
  }
  const text = before.join("\n");
  const offset = ({ line, column }: { line: number; column: number }) => (starts[line - first] ?? 0) + column - 1;
  let out = "";
  let done = 0;
  for (const edit of sorted) {
    const [start, end] = [offset(edit.start), offset(edit.end)];
    if (start < done || end < start || end > text.length) return null;
    out += text.slice(done, start) + edit.newText;
    done = end;
  }
  out += text.slice(done);
  return wholeLines({ path: lead.path, first, last, before, after: out.split("\n") });
}

/** Takes out lines at the end that stay as they are: the line after a deleted one need not be part of the diff. */
function wholeLines(change: Replacement): Replacement | null {
  const before = [...change.before];
  const after = [...change.after];
  while (before.length > 1 && after.length > 0 && before.at(-1) === after.at(-1)) {
    before.pop();
    after.pop();
  }
  if (before.join("\n") === after.join("\n") && before.length === after.length) return null;
  return { ...change, before, after, last: change.first + before.length - 1 };
}

function isShown(lines: DiffLines, { first, last, before }: Replacement): boolean {
  return (
    lines.hunks.some(([start, end]) => start <= first && last <= end) &&
    before.every((text, index) => lines.shown.get(first + index) === text)
  );
}

function keyOf(finding: Finding): string {
  return finding.fingerprint.replace(/[^\w.-]/g, "").slice(0, 100);
}

function bodyOf(finding: Finding, after: readonly string[], key: string): string {
  let longest = 2;
  for (const run of after.join("\n").match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  const code = after.map((line) => `${line}\n`).join("");
  const said = `${markdown(clip(finding.message, 2000))} (${markdownCode(finding.rule)})`;
  return `${said}\n\n${fence}suggestion\n${code}${fence}\n\n<!-- predeploy:fix:${key} -->`;
}

/** Makes one review with the suggestions that have none yet. Rejects with the first refusal. */
export async function sendSuggestions(
  api: Api,
  result: RunResult,
  context: ReportContext,
  { owner, repo, number }: PullRequest,
  headSha: string | null,
): Promise<void> {
  if (!result.findings.some(({ fix }) => fix?.safety === "safe")) return;
  const pull = { owner, repo, pull_number: number };
  const files = await pages(api, "GET /repos/{owner}/{repo}/pulls/{pull_number}/files", pull, mostFilePages);
  const diff = new Map<string, DiffLines>();
  for (const { filename, patch } of files)
    if (typeof filename === "string" && typeof patch === "string") diff.set(filename, parsePatch(patch));
  if (suggestionsOf(result, context, diff, new Set()).length === 0) return;
  const seen = new Set<string>();
  let standing = 0;
  for (const { body, line } of await pages(api, "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments", pull))
    for (const [, key = ""] of String(body ?? "").matchAll(/<!-- predeploy:fix:([\w.-]+) -->/g)) {
      seen.add(key);
      // GitHub takes the line from a comment whose code has changed since.
      if (line !== null) standing++;
    }
  const comments = suggestionsOf(result, context, diff, seen, mostSuggestions - standing);
  if (comments.length === 0) return;
  await api.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
    ...pull,
    ...(headSha === null ? {} : { commit_id: headSha }),
    event: "COMMENT",
    body: `predeploy: ${comments.length === 1 ? "one fix" : `${comments.length} fixes`} that can be applied as they are.`,
    comments,
  });
}
