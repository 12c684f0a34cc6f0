import type { PipelineJob, Workflow, WorkflowModel } from "../types/workflow.ts";
import { terminal } from "./escape.ts";

/** A job as `show pipeline` gives it. */
interface ShownJob {
  id: string;
  name: string | null;
  line: number;
  needs: string[];
  /** Everything that has ended before it starts. */
  before: string[];
  /** Jobs on the way to it that can stop it: those of `before`, unless the condition lets it run whatever became of them. */
  gates: string[];
  if: string | null;
  environment: string | null;
  uses: string | null;
  steps: { name: string; line: number }[];
}

/** `predeploy show pipeline --format json`: jobs in an order in which they can run. */
export function pipelineJson(model: WorkflowModel): unknown {
  return {
    workflows: model.workflows.map((workflow) => ({
      path: workflow.path,
      name: workflow.name?.text ?? null,
      triggers: workflow.triggers.map((trigger) => trigger.event),
      readable: workflow.kind === "workflow",
      jobs: inOrder(workflow).map(shown),
    })),
  };
}

/** `predeploy show pipeline`: for each workflow its jobs in order, what each waits for and what can stop it. */
export function pipelineText(model: WorkflowModel): string {
  if (model.workflows.length === 0) return "No workflows in .github/workflows.\n";
  return `${model.workflows.map(workflowText).join("\n\n")}\n`;
}

function workflowText(workflow: Workflow): string {
  const events = workflow.triggers.map((trigger) => trigger.event).join(", ");
  const lines = [
    `${terminal(workflow.path)}${workflow.name ? `: ${terminal(workflow.name.text)}` : ""}${events ? ` (on ${terminal(events)})` : ""}`,
  ];
  if (workflow.kind !== "workflow") return [...lines, "  not readable as a workflow"].join("\n");
  for (const [index, job] of inOrder(workflow).map(shown).entries()) {
    const waits = job.needs.length === 0 ? "starts at once" : `after ${job.needs.join(", ")}`;
    const environment = job.environment === null ? "" : ` → ${job.environment}`;
    lines.push(terminal(`  ${index + 1}. ${job.id}${environment}: ${waits}`));
    if (job.if !== null) lines.push(terminal(`     if ${job.if.replace(/\s+/g, " ").trim()}`));
    const loose = job.before.filter((id) => !job.gates.includes(id));
    if (loose.length > 0) lines.push(terminal(`     runs whatever became of ${loose.join(", ")}`));
    if (job.uses !== null) lines.push(terminal(`     calls ${job.uses}`));
    for (const step of job.steps) lines.push(terminal(`     - ${step.name}`));
  }
  return lines.join("\n");
}

/** Jobs so that each comes after what it needs; text order otherwise. Jobs of a cycle come last. */
function inOrder(workflow: Workflow): PipelineJob[] {
  const left = [...workflow.jobs];
  const done = new Set<string>();
  const known = new Set(left.map((job) => job.id));
  const order: PipelineJob[] = [];
  while (left.length > 0) {
    const next = left.findIndex((job) => job.needs.every((need) => done.has(need.text) || !known.has(need.text)));
    const [job] = left.splice(Math.max(0, next), 1);
    if (!job) break;
    order.push(job);
    done.add(job.id);
  }
  return order;
}

function shown(job: PipelineJob): ShownJob {
  return {
    id: job.id,
    name: job.name?.text ?? null,
    line: job.at.start.line,
    needs: job.needs.map((need) => need.text),
    before: job.before,
    gates: gatesOf(job),
    if: job.if?.text ?? null,
    environment: job.environment?.text ?? null,
    uses: job.uses?.text ?? null,
    steps: job.steps.map((step) => ({
      name:
        step.name?.text ??
        step.id?.text ??
        step.uses?.text ??
        step.run?.text.trim().split("\n", 1)[0]?.slice(0, 100) ??
        `step ${step.index + 1}`,
      line: step.at.start.line,
    })),
  };
}

/** Without a status function in its condition a job is skipped when anything before it failed; with one, only what it looks at can stop it. */
function gatesOf(job: PipelineJob): string[] {
  const condition = job.if?.expression;
  const open = condition?.calls.some(
    (call) => call.name === "always" || call.name === "cancelled" || (call.name === "failure" && !call.negated),
  );
  if (
    !condition ||
    !open ||
    condition.calls.some((call) => call.name === "success" || (call.name === "failure" && call.negated))
  )
    return job.before;
  const looked = condition.accesses.filter((access) => access.context === "needs").map((access) => access.path[0]);
  if (looked.includes("*")) return job.before;
  return job.before.filter((id) => looked.some((name) => name?.toLowerCase() === id.toLowerCase()));
}
