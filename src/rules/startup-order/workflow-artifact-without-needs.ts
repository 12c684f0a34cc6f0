import type { Report } from "../../types/finding.ts";
import type { Placed } from "../../types/placed.ts";
import type { Check } from "../../types/rule.ts";
import type { PipelineJob, Workflow, WorkflowModel, WorkflowStep } from "../../types/workflow.ts";

export const workflowArtifactWithoutNeeds: Check<"workflows", "startup-order/workflow-artifact-without-needs"> = {
  needs: ["workflows"],
  *run({ workflows }) {
    for (const workflow of workflows.workflows) {
      if (workflow.kind === "workflow") yield* reports(workflow, workflows);
    }
  },
};

type Step = Placed<WorkflowStep>;

function* reports(workflow: Workflow, model: WorkflowModel): Generator<Report> {
  const uploads: { job: PipelineJob; step: Step; name: string }[] = [];
  // An upload whose name is not literal may be any of them.
  let computed = false;
  for (const job of workflow.jobs) {
    const called = job.uses ? calledBy(job, model) : null;
    // What a workflow of elsewhere uploads is not seen here, nor what one uploads that itself calls others.
    if (job.uses && (called === null || called.some((one) => one.uses !== null))) computed = true;
    for (const step of called ? called.flatMap((one) => one.steps) : job.steps) {
      if (!isAction(step, "upload-artifact")) continue;
      const name = inputOf(step, "name") ?? "artifact";
      if (name.includes("${{")) computed = true;
      else uploads.push({ job, step, name });
    }
  }
  for (const job of workflow.jobs) {
    for (const step of job.steps) {
      if (!isAction(step, "download-artifact")) continue;
      const name = inputOf(step, "name");
      if (name === null || name.includes("${{")) continue;
      // A download that may fail is meant to find what an earlier run left.
      if (step.continueOnError !== null && step.continueOnError.text !== "false") continue;
      if (["run-id", "repository", "pattern", "artifact-ids"].some((input) => inputOf(step, input) !== null)) continue;
      const same = uploads.filter((upload) => upload.name === name);
      const reached = same.some((upload) =>
        upload.job.id === job.id ? upload.step.index < step.index : job.before.includes(upload.job.id),
      );
      const [first] = same;
      if (reached || !first || (computed && same.length === 0)) continue;
      const later = first.job.id === job.id;
      yield {
        message: later
          ? `The artifact ${name} is downloaded before a later step of ${job.id} uploads it: the download fails. Swap the steps.`
          : `${job.id} downloads the artifact ${name}, which ${first.job.id} uploads, and does not need ${first.job.id}: it may run first, and the download fails. Add ${first.job.id} to \`needs\` of ${job.id}.`,
        subject: name,
        at: step.at,
        related: [{ ...first.step.at, message: `${first.job.id} uploads it here` }],
      };
    }
  }
}

/** The jobs of the workflow of this repository that a job calls; null for one of elsewhere. */
function calledBy(job: PipelineJob, { workflows }: WorkflowModel): readonly PipelineJob[] | null {
  const path = /^(?:\.|\$)\/(.+)$/.exec(job.uses?.text ?? "")?.[1];
  const called = workflows.find((one) => one.path === path);
  return called?.kind === "workflow" ? called.jobs : null;
}

function isAction(step: Step, name: string): boolean {
  return step.uses !== null && new RegExp(`^actions/${name}@`).test(step.uses.text);
}

function inputOf(step: Step, name: string): string | null {
  const value = step.with.find((each) => each.name === name)?.value.text;
  return value === undefined || value === "" ? null : value;
}
