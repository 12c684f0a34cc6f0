import type { Finding, RunPlace, RunResult } from "../types/finding.ts";
import type { Location } from "../types/text.ts";
import { countsOf, type ReportContext } from "./context.ts";
import { jsonText } from "./escape.ts";

/** The result as JSON, version 1: the interface that other programs hold on to. Complete and valid for every result. */
export function renderJson(
  result: RunResult,
  context: Pick<ReportContext, "checked" | "older" | "prefix"> = {},
): string {
  return `${jsonText({
    version: 1,
    verdict: result.verdict,
    counts: countsOf(result),
    findings: result.findings.map(findingJson),
    suppressed: result.suppressed.map(({ finding, by, reason }) => ({ finding: findingJson(finding), by, reason })),
    undecided: result.undecided.map(({ rule, reason, remedy }) => ({ rule, reason, remedy })),
    unread: result.unread.map(({ path, reason }) => ({ path, reason })),
    ...(typeof context.older === "number" ? { older: context.older } : {}),
    ...(context.checked ? { checked: context.checked } : {}),
    ...(context.prefix ? { folder: context.prefix } : {}),
    ...(result.shard ? { shard: { index: result.shard.index, count: result.shard.count } } : {}),
  })}\n`;
}

function findingJson(finding: Finding) {
  const { rule, severity, subject, message, help, fingerprint, at, related, order, fix, hidden } = finding;
  return {
    rule,
    severity,
    subject,
    message,
    help,
    fingerprint,
    at: locationJson(at),
    related: (related ?? []).map((other) => ({ ...locationJson(other), message: other.message })),
    ...(order === undefined
      ? {}
      : { order: { root: order.root, how: order.how, first: runJson(order.first), second: runJson(order.second) } }),
    ...(fix === undefined
      ? {}
      : {
          fix: {
            title: fix.title,
            safety: fix.safety,
            edits: fix.edits.map((edit) => ({ ...locationJson(edit), newText: edit.newText })),
          },
        }),
    ...(hidden ? { hidden } : {}),
  };
}

function runJson({ name, at, chain }: RunPlace) {
  return { name, at: locationJson(at), chain: chain.map((step) => ({ name: step.name, at: locationJson(step.at) })) };
}

function locationJson({ path, start, end }: Location) {
  return {
    path,
    start: { line: start.line, column: start.column },
    end: { line: end.line, column: end.column },
  };
}
