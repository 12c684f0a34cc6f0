import { headline, type ReportContext, rootPath } from "../reports/context.ts";
import { clip, visible } from "../reports/escape.ts";
import { compareFindings } from "../reports/fold.ts";
import { renderMarkdown } from "../reports/markdown.ts";
import type { Finding, RunResult, Severity } from "../types/finding.ts";
import type { Api } from "./api.ts";
import type { ActionEvent } from "./event.ts";

/** GitHub takes 50 annotations a request. */
const batchSize = 50;
/** Annotations of one check run; pages with many more are slow to open. The summary counts the rest. */
const mostAnnotations = 500;
const longestSummary = 60_000;

const levelOf: Record<Severity, "failure" | "warning" | "notice"> = {
  error: "failure",
  warning: "warning",
  note: "notice",
};
// `neutral` would count as passed, and what could not be decided has not.
const conclusionOf = { pass: "success", fail: "failure", undecided: "action_required" } as const;

/** The bodies of the requests: one to create the completed check run, then one for every further 50 annotations. */
export function checkRunBodies(result: RunResult, context: ReportContext, name: string, event: ActionEvent) {
  const findings = [...result.findings].sort(compareFindings).filter(({ at }) => at.path !== "");
  const annotations = findings.slice(0, mostAnnotations).map((finding) => annotationOf(finding, context));
  const left = result.findings.length - annotations.length;
  const more =
    left > 0 ? `\n${annotations.length} of ${result.findings.length} findings are annotated in this check run.\n` : "";
  const output = {
    title: clip(headline(result, context), 255),
    summary: renderMarkdown(result, context, longestSummary) + more,
  };
  const batches: (typeof annotations)[] = [annotations.slice(0, batchSize)];
  for (let at = batchSize; at < annotations.length; at += batchSize)
    batches.push(annotations.slice(at, at + batchSize));
  const [first = [], ...rest] = batches;
  return {
    create: {
      name,
      head_sha: event.headSha,
      status: "completed",
      conclusion: conclusionOf[result.verdict],
      ...(event.runUrl === null ? {} : { details_url: event.runUrl }),
      output: { ...output, annotations: first },
    },
    updates: rest.map((batch) => ({ output: { ...output, annotations: batch } })),
  };
}

function annotationOf(finding: Finding, context: ReportContext) {
  const { at, severity, rule, message, fix, help } = finding;
  const oneLine = at.end.line <= at.start.line;
  const details = [fix === undefined ? "" : `Fix: ${visible(clip(fix.title, 2000))}`, visible(clip(help, 500))];
  return {
    path: rootPath(context, at.path),
    start_line: at.start.line,
    end_line: Math.max(at.start.line, at.end.line),
    // Columns are refused where the lines differ.
    ...(oneLine ? { start_column: at.start.column, end_column: Math.max(at.start.column, at.end.column - 1) } : {}),
    annotation_level: levelOf[severity],
    title: clip(visible(rule), 255),
    message: visible(clip(message, 8000)),
    raw_details: details.filter((line) => line !== "").join("\n"),
  };
}

/** Makes the check run. Rejects with the first refusal. */
export async function sendCheckRun(
  api: Api,
  result: RunResult,
  context: ReportContext,
  name: string,
  event: ActionEvent,
): Promise<void> {
  const { create, updates } = checkRunBodies(result, context, name, event);
  const { data } = await api.request("POST /repos/{owner}/{repo}/check-runs", { ...event.repository, ...create });
  const id = (data as { id?: unknown } | null)?.id;
  for (const update of updates)
    await api.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
      ...event.repository,
      check_run_id: id,
      ...update,
    });
}
