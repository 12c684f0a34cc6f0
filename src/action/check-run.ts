import type { Endpoints } from "@octokit/types";
import { headline, type ReportContext, rootPath } from "../reports/context.ts";
import { clip, visible } from "../reports/escape.ts";
import { compareFindings } from "../reports/fold.ts";
import { renderMarkdown, renderStop, stopped } from "../reports/markdown.ts";
import type { Finding, RunResult, Severity } from "../types/finding.ts";
import type { Api } from "./api.ts";

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

type Create = Endpoints["POST /repos/{owner}/{repo}/check-runs"]["parameters"];
type Output = NonNullable<Create["output"]>;
export interface CheckRunBodies {
  create: Create;
  /** One for every further 50 annotations. */
  updates: { output: Output }[];
}

/** The bodies of the requests: one to create the completed check run of a commit, then one for every further 50 annotations. */
export function checkRunBodies(
  result: RunResult,
  context: ReportContext,
  name: string,
  { owner, repo, sha }: { owner: string; repo: string; sha: string },
  runUrl: string | null,
): CheckRunBodies {
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
      owner,
      repo,
      name,
      head_sha: sha,
      status: "completed",
      conclusion: conclusionOf[result.verdict],
      ...(runUrl === null ? {} : { details_url: runUrl }),
      output: { ...output, annotations: first },
    },
    updates: rest.map((batch) => ({ output: { ...output, annotations: batch } })),
  };
}

/** The check run of a commit for which a run ended without a verdict. */
export function stopBodies(
  reason: string,
  name: string,
  { owner, repo, sha }: { owner: string; repo: string; sha: string },
  runUrl: string | null,
): CheckRunBodies {
  const output = { title: stopped, summary: renderStop(reason), annotations: [] };
  const links = runUrl === null ? {} : { details_url: runUrl };
  const create: Create = {
    owner,
    repo,
    name,
    head_sha: sha,
    status: "completed",
    conclusion: "failure",
    ...links,
    output,
  };
  return { create, updates: [] };
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
export async function sendCheckRun(api: Api, { create, updates }: CheckRunBodies): Promise<void> {
  const { owner, repo } = create;
  const { data } = await api.request("POST /repos/{owner}/{repo}/check-runs", create);
  const id = (data as { id?: unknown } | null)?.id;
  if (typeof id !== "number") throw new Error("GitHub's answer names no check run");
  for (const update of updates)
    await api.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
      owner,
      repo,
      check_run_id: id,
      ...update,
    });
}
