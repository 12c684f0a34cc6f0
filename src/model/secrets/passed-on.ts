import { inRepository } from "../../text/paths.ts";
import type { Need } from "../../types/need.ts";
import type { Placed } from "../../types/placed.ts";
import type { KeyedExpression, PipelineJob, Workflow, WorkflowModel, WorkflowStep } from "../../types/workflow.ts";
import { type Read, readExpression } from "./expression-reads.ts";
import { NEED_RANK } from "./order.ts";
import { aliasesOf, type PresenceChecks, presenceChecks, scriptTests } from "./workflow-guards.ts";

type Step = Placed<WorkflowStep>;

const INPUTS: ReadonlySet<string> = new Set(["inputs"]);
const MOST_CALLS = 4;

const strongest = (needs: readonly Need[]): Need =>
  [...needs].sort((a, b) => NEED_RANK[a] - NEED_RANK[b])[0] ?? "optional";

/** How much an action of the repository needs the input that an expression of a step is given to; `required` for all other expressions. */
export function neededByAction(step: Step, { keys }: KeyedExpression, { actions }: WorkflowModel, depth = 0): Need {
  const uses = step.uses?.text ?? "";
  if (keys[0] !== "with" || typeof keys[1] !== "string" || !uses.startsWith("./")) return "required";
  const directory = inRepository("", uses);
  const action = actions.find(
    (one) => one.path === `${directory}/action.yml` || one.path === `${directory}/action.yaml`,
  );
  if (!action || depth > MOST_CALLS) return "required";
  const input = action.inputs.find((one) => one.name.toLowerCase() === String(keys[1]).toLowerCase());
  // What a program makes of its input nobody sees here.
  if (action.steps.length === 0) return input?.required === false ? "likely" : "required";
  const wanted = String(keys[1]).toLowerCase();
  return strongest(action.steps.flatMap((inner) => needsOf(wanted, inner, { actions, workflows: [] }, depth)));
}

function needsOf(wanted: string, step: Step, model: WorkflowModel, depth: number): Need[] {
  const aliases = aliasesOf(step.env, "inputs");
  const condition = step.if?.text.toLowerCase() ?? "";
  const asked =
    new RegExp(`\\binputs\\s*(?:\\.\\s*|\\[\\s*')${wanted.replace(/[^\w]/g, "\\$&")}(?![\\w-])`).test(condition) ||
    [...aliases].some(
      ([name, of]) => of.some((one) => one.toLowerCase() === wanted) && condition.includes(`env.${name}`),
    ) ||
    scriptTests(step, aliases).has(wanted);
  return step.expressions.flatMap((expression) =>
    readExpression(expression, new Map(), new Map(), INPUTS)
      .filter((read) => read.name.toLowerCase() === wanted)
      .map((read): Need => {
        if (asked || read.need === "optional") return "optional";
        return read.need === "required" ? neededByAction(step, expression, model, depth + 1) : read.need;
      }),
  );
}

type ReadsOf = (job: PipelineJob, workflow: Workflow, checks: PresenceChecks, model: WorkflowModel) => Read[];

/** How much a reusable workflow of the repository needs the secret that it is passed; `required` for all other expressions. */
export function neededByWorkflow(
  job: PipelineJob,
  { keys }: KeyedExpression,
  model: WorkflowModel,
  readsOf: ReadsOf,
): Need {
  const uses = job.uses?.text ?? "";
  if (keys[0] !== "secrets" || typeof keys[1] !== "string" || !uses.startsWith("./")) return "required";
  const target = model.workflows.find((one) => one.path === uses.slice(2));
  const wanted = keys[1].toLowerCase();
  const declared = target?.secrets.find((one) => one.name.toLowerCase() === wanted);
  if (!target || declared?.required !== false) return "required";
  const checks = presenceChecks(target);
  const needs = target.jobs.flatMap((inner) =>
    // A workflow that calls others is followed no further.
    readsOf(inner, target, checks, { ...model, workflows: [] }).filter((one) => one.name.toLowerCase() === wanted),
  );
  const outside = target.expressions.flatMap((expression) => readExpression(expression));
  return strongest([...needs, ...outside.filter((one) => one.name.toLowerCase() === wanted)].map((one) => one.need));
}
