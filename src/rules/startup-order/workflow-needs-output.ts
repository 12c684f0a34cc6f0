import { didYouMean } from "../../text/nearest.ts";
import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { PipelineJob, Workflow, WorkflowModel } from "../../types/workflow.ts";
import { accessesOf, type JobAccess, same } from "./workflow-expressions.ts";

export const workflowNeedsOutput: Check<"workflows", "startup-order/workflow-needs-output"> = {
  needs: ["workflows"],
  *run({ workflows }) {
    for (const workflow of workflows.workflows) {
      if (workflow.kind !== "workflow") continue;
      for (const job of workflow.jobs) {
        yield* undefinedNeeds(workflow, job);
        yield* accesses(workflow, job, workflows);
      }
    }
  },
};

function* undefinedNeeds(workflow: Workflow, job: PipelineJob): Generator<Report> {
  const ids = workflow.jobs.map((each) => each.id);
  for (const need of job.needs) {
    if (need.text.includes("${{")) continue;
    if (!ids.some((id) => same(id, need.text)))
      yield {
        message: `${job.id} needs ${need.text}, which is no job of this workflow: GitHub refuses the whole file and nothing runs.${didYouMean(need.text, ids)}`,
        subject: need.text,
        at: need.at,
      };
    else if (job.before.includes(job.id) && closes(workflow, need.text, job.id))
      yield {
        message: `${job.id} needs ${need.text}, which in the end needs ${job.id}: GitHub refuses the whole file.`,
        subject: job.id,
        at: need.at,
        severity: "note",
      };
  }
}

function closes(workflow: Workflow, from: string, to: string): boolean {
  const job = workflow.jobs.find((each) => same(each.id, from));
  return job !== undefined && (same(from, to) || job.before.some((id) => same(id, to)));
}

function* accesses(workflow: Workflow, job: PipelineJob, model: WorkflowModel): Generator<Report> {
  const reported = new Set<string>();
  for (const { access, step, keys } of accessesOf(job, "needs")) {
    const [id, field, name] = access.path;
    if (typeof id !== "string" || id === "*") continue;
    const key = `${access.at.start.line}:${access.path.join(".")}`;
    if (reported.has(key)) continue;
    reported.add(key);
    const target = workflow.jobs.find((each) => same(each.id, id));
    const further = job.before.some((each) => same(each, id));
    // In the job's own `if` GitHub gives `needs` all jobs before it, in its steps and other keys the direct ones only (actions/runner#2356).
    const given = job.needs.some((need) => same(need.text, id)) || (further && step === null && keys[0] === "if");
    if (!given) {
      const how = target
        ? further
          ? `only a job further up needs ${id}`
          : target === job
            ? "that is this job itself, and its outputs are set when it ends"
            : `${job.id} does not need it`
        : "no job has that name";
      const isLater = target !== undefined && target !== job && target.before.some((each) => same(each, job.id));
      yield {
        message: `\`needs.${access.path.join(".")}\` is always empty in ${job.id}: ${how}. ${
          target === job
            ? "Read `steps.<id>.outputs` of the step that sets it."
            : target
              ? isLater
                ? `${target.id} runs after ${job.id}: take the value from elsewhere, or set it in a job before both.`
                : `Add ${target.id} to \`needs\` of ${job.id}.`
              : `Correct the name.${didYouMean(
                  id,
                  job.needs.map((need) => need.text),
                )}`
        }`,
        subject: id,
        at: access.at,
        ...(tellsOfFailure(step) ? { severity: "warning" as const } : {}),
        related: target ? [{ ...target.at, message: `${target.id} is defined here` }] : [],
      };
    } else if (
      target &&
      field !== undefined &&
      field !== null &&
      same(field, "outputs") &&
      typeof name === "string" &&
      name !== "*"
    ) {
      const declared = outputsOf(target, model);
      // A job that calls a workflow has the outputs that the workflow declares, and cannot declare any itself.
      const declares = target.uses ? target.uses.text : target.id;
      const place = target.uses ? `\`on.workflow_call.outputs\` of ${declares}` : `\`outputs\` of ${declares}`;
      if (declared && !declared.some((output) => same(output, name)))
        yield {
          message: `\`needs.${access.path.join(".")}\` is always empty: ${declares} declares ${declared.length === 0 ? "no outputs" : `only ${declared.join(", ")}`}. Declare ${name} in ${place}.${didYouMean(name, declared)}`,
          subject: `${target.id}.${name}`,
          at: access.at,
          related: [{ ...target.at, message: `${target.id} is defined here` }],
        };
    }
  }
}

/** A step that runs once something has failed: what it lacks stops no deploy. */
function tellsOfFailure(step: JobAccess["step"]): boolean {
  return (
    step?.if != null && /\bfailure\(\)/.test(step.if.text) && !/\b(?:always|success)\(\)|!\s*failure/.test(step.if.text)
  );
}

/** Names of a job's outputs; null where a reusable workflow that is not here declares them. */
function outputsOf(job: PipelineJob, model: WorkflowModel): string[] | null {
  if (!job.uses) return job.outputs.map((output) => output.name);
  const path = /^(?:\.|\$)\/(.+)$/.exec(job.uses.text)?.[1];
  const called = model.workflows.find((workflow) => workflow.path === path);
  return called?.kind === "workflow" ? called.outputs.map((output) => output.name) : null;
}
