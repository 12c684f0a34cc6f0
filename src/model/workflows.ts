import type { FactReader } from "../types/facts.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { Placed } from "../types/placed.ts";
import type { RepoPath } from "../types/text.ts";
import type { PipelineJob, Workflow, WorkflowFile, WorkflowJob, WorkflowModel } from "../types/workflow.ts";
import { locate } from "./data.ts";
import { isActionMetadata, isWorkflow } from "./path-class.ts";
import { place } from "./place.ts";

/** The workflows and composite actions of the repository. */
export const workflowsProvider: ModelProvider<"workflows", never> = {
  needs: [],
  facts: ["workflow"],
  build: (input) => buildWorkflows(input),
  isEmpty: (model) => model.workflows.length === 0,
};

function buildWorkflows(input: ModelInput<never>): WorkflowModel {
  const model: WorkflowModel = { workflows: [], actions: [] };
  for (const entry of input.files.entries) {
    if (entry.ignored || entry.kind === "submodule") continue;
    if (isWorkflow(entry.path)) {
      const workflow = read(entry.path, input.facts);
      if (workflow) model.workflows.push(workflow);
    } else if (isActionMetadata(entry.path) && !/(?:^|\/)node_modules\//.test(entry.path)) {
      const action = read(entry.path, input.facts);
      if (action?.kind === "action") model.actions.push(action);
    }
  }
  return model;
}

function read(path: RepoPath, facts: FactReader): Workflow | null {
  const fact = facts.get("workflow", path);
  if (!fact) return null;
  const { errors, jobs, ...rest } = fact;
  const file = place(rest, path, fact.lineStarts) as Omit<Placed<WorkflowFile>, "jobs" | "errors">;
  const before = needsClosure(jobs);
  return {
    ...file,
    path,
    jobs: jobs.map(
      (job): PipelineJob => ({
        ...(place(job, path, fact.lineStarts) as Placed<WorkflowJob>),
        before: before.get(job.id) ?? [],
      }),
    ),
    errors: errors.map(({ message, offset }) => ({ message, at: locate(path, fact, { start: offset, end: offset }) })),
  };
}

/** For each job the jobs that must have ended before it starts. Undefined names are kept: they are somebody's spelling of a job. */
export function needsClosure(
  jobs: readonly { id: string; needs: readonly { text: string }[] }[],
): Map<string, string[]> {
  const direct = new Map(jobs.map((job) => [job.id, job.needs.map((need) => need.text)]));
  const closure = new Map<string, string[]>();
  for (const { id } of jobs) {
    const seen = new Set<string>();
    const open = [...(direct.get(id) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(direct.get(next) ?? []));
    }
    closure.set(id, [...seen].sort());
  }
  return closure;
}
