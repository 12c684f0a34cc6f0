import type { Placed } from "../../types/placed.ts";
import type { KeyedExpression, PipelineJob, WorkflowStep } from "../../types/workflow.ts";

/** An access of a context with the step that makes it, or null for the job's own keys, and the keys that lead to it there. */
export interface JobAccess {
  access: Placed<KeyedExpression>["accesses"][number];
  step: Placed<WorkflowStep> | null;
  keys: KeyedExpression["keys"];
}

/** Every access of a context in a job and its steps, in text order. */
export function accessesOf(job: PipelineJob, context: string): JobAccess[] {
  const own = job.expressions.flatMap(({ accesses, keys }) => accesses.map((access) => ({ access, step: null, keys })));
  const steps = job.steps.flatMap((step) =>
    step.expressions.flatMap(({ accesses, keys }) => accesses.map((access) => ({ access, step, keys }))),
  );
  return [...own, ...steps].filter(({ access }) => access.context === context);
}

/** Ids and names compare without case in expressions. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
