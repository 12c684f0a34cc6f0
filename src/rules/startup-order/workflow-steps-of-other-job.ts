import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { PipelineJob, Workflow } from "../../types/workflow.ts";
import { accessesOf, same } from "./workflow-expressions.ts";

export const workflowStepsOfOtherJob: Check<"workflows", "startup-order/workflow-steps-of-other-job"> = {
  needs: ["workflows"],
  *run({ workflows }) {
    for (const workflow of workflows.workflows) {
      if (workflow.kind !== "workflow") continue;
      for (const job of workflow.jobs) yield* reports(workflow, job);
    }
  },
};

function* reports(workflow: Workflow, job: PipelineJob): Generator<Report> {
  const reported = new Set<string>();
  for (const { access, step } of accessesOf(job, "steps")) {
    const [id] = access.path;
    if (typeof id !== "string" || id === "*" || reported.has(`${access.at.start.line}:${id}`)) continue;
    reported.add(`${access.at.start.line}:${id}`);
    const own = job.steps.find((each) => each.id && same(each.id.text, id));
    if (own) {
      if (step && own.index > step.index)
        yield {
          message: `\`steps.${id}\` runs later in ${job.id} than this step: it is still empty here. Move the step that sets it up.`,
          subject: id,
          at: access.at,
          severity: "note",
          related: [{ ...own.at, message: `${id} runs here` }],
        };
      continue;
    }
    const holder = workflow.jobs.find((other) => other.steps.some((each) => each.id && same(each.id.text, id)));
    const other = holder?.steps.find((each) => each.id && same(each.id.text, id));
    if (!holder || !other) continue;
    yield {
      message: `\`steps.${id}\` is a step of ${holder.id}, not of ${job.id}: the value is always empty here. Make it an output of ${holder.id} and read \`needs.${holder.id}.outputs\`.`,
      subject: id,
      at: access.at,
      related: [{ ...other.at, message: `${id} is a step of ${holder.id}` }],
    };
  }
}
