import type { Need } from "../../types/need.ts";
import type { Placed } from "../../types/placed.ts";
import type { DynamicReference, SecretReference } from "../../types/secret-reference.ts";
import type { KeyedExpression, PipelineJob, Workflow, WorkflowModel, WorkflowStep } from "../../types/workflow.ts";
import { type Read, readExpression } from "./expression-reads.ts";
import { NEED_RANK } from "./order.ts";
import { neededByAction, neededByWorkflow } from "./passed-on.ts";
import { aliasesOf, guardsIn, type PresenceChecks, presenceChecks, scriptTests } from "./workflow-guards.ts";
import { chosenOptions, inputValues, matrixValues, type Scope, scopesOf } from "./workflow-scopes.ts";

/** Names that every run has. */
const ALWAYS_THERE = new Set(["github_token", "actions_step_debug", "actions_runner_debug", "runner_debug"]);

type Step = Placed<WorkflowStep>;
type PlacedExpression = Placed<KeyedExpression>;

/** What the jobs of all workflows want of the forge's secrets and variables. */
export function workflowReferences(model: WorkflowModel): {
  references: SecretReference[];
  dynamic: DynamicReference[];
} {
  const { workflows } = model;
  const references: SecretReference[] = [];
  const dynamic: DynamicReference[] = [];
  for (const workflow of workflows) {
    const declared = onlyCalled(workflow)
      ? new Set(workflow.secrets.map((secret) => secret.name.toLowerCase()))
      : new Set<string>();
    const outside = workflow.expressions.flatMap((expression) => readExpression(expression));
    const scopes = workflow.jobs.map((job) => scopesOf(job, workflow, workflows));
    const known = scopes.flat();
    const sole = known.length > 0 && known.every((one) => one.scope === known[0]!.scope && !one.unknown);
    collect(outside, sole ? known[0]! : { scope: null, unknown: true });
    const checks = presenceChecks(workflow);
    for (const [index, job] of workflow.jobs.entries()) {
      const reads = jobReads(job, workflow, checks, model);
      for (const scope of scopes[index]!) collect(reads, scope);
    }

    function collect(reads: readonly Read[], { scope, unknown, among, input }: Scope): void {
      for (const { name, kind, need, anyOf, at, dynamic: expression, when, instead = [] } of reads) {
        const options =
          input === undefined || among === undefined || when === undefined
            ? []
            : chosenOptions(input, among, when.conditions, when.texts);
        if (expression !== null) dynamic.push({ namespace: "ci", expression, at });
        else if (!ALWAYS_THERE.has(name.toLowerCase()) && !(kind === "secret" && declared.has(name.toLowerCase())))
          references.push({
            namespace: "ci",
            kind,
            name,
            need,
            anyOf,
            ...(instead.length === 0 ? {} : { instead }),
            form: `${kind === "secret" ? "secrets" : "vars"}.${name}`,
            at,
            service: null,
            environments: null,
            scope,
            scopeUnknown: unknown,
            ...(among === undefined ? {} : { scopes: among }),
            ...(options.length === 0 ? {} : { choice: { input: input!, options } }),
          });
      }
    }
  }
  return { references, dynamic };
}

/** A workflow that only others call gets its secrets from them. */
const onlyCalled = (workflow: Workflow) =>
  workflow.triggers.length > 0 && workflow.triggers.every((one) => one.event === "workflow_call");

/** What one job reads. A secret that it hands on is needed as much as those need it that it goes to. */
export function jobReads(job: PipelineJob, workflow: Workflow, checks: PresenceChecks, model: WorkflowModel): Read[] {
  const aliases = aliasesOf([...workflow.env, ...job.env]);
  const jobGuards = guardsIn(job.if?.expression ?? null, aliases, checks, job);
  const guardedAnywhere = new Set<string>();
  const reads: Read[] = [];
  const matrix = matrixValues(job);
  const choices = new Map(workflow.inputs.map((one) => [one.name, inputValues(workflow, one.name, model.workflows)]));
  for (const step of job.steps) {
    const own = new Map([...aliases, ...aliasesOf(step.env)]);
    const guards = new Set([...jobGuards, ...guardsIn(step.if?.expression ?? null, own, checks, job)]);
    const tested = scriptTests(step, own);
    const off = isOff(job.if?.text) || isOff(step.if?.text);
    for (const name of [...guards, ...tested]) guardedAnywhere.add(name);
    const others = otherWays(step);
    for (const expression of step.expressions)
      for (const read of readExpression(expression, matrix, choices)) {
        const lower = read.name.toLowerCase();
        const free = off || guards.has(lower) || tested.has(lower) || isOptionalInput(step, expression);
        const further = free ? "optional" : neededByAction(step, expression, model);
        const also = expression.keys[0] === "with" ? others(String(expression.keys[1])) : [];
        const when = {
          conditions: [job.if?.text, step.if?.text],
          texts: [expression.text, step.run?.text ?? "", ...step.with.map((one) => one.value.text)],
        };
        reads.push({ ...read, need: weaker(read.need, further), instead: also, when });
      }
  }
  for (const expression of job.expressions)
    for (const read of readExpression(expression, matrix, choices)) {
      // A job's variable that a step asks about before using it.
      const asked = expression.keys[0] === "env" && guardedAnywhere.has(read.name.toLowerCase());
      const when = {
        conditions: [job.if?.text],
        texts: [expression.text, ...job.steps.map((one) => one.run?.text ?? "")],
      };
      const free = asked || isOff(job.if?.text) || jobGuards.has(read.name.toLowerCase());
      const further = free ? "optional" : neededByWorkflow(job, expression, model, jobReads);
      reads.push({ ...read, need: weaker(read.need, further), when });
    }
  return reads;
}

/** `if: false`: it never runs. */
const isOff = (condition: string | undefined): boolean =>
  /^\s*(?:\$\{\{\s*)?false(?:\s*\}\})?\s*$/i.test(condition ?? "");

const weaker = (a: Need, b: Need): Need => (NEED_RANK[a] >= NEED_RANK[b] ? a : b);

/** Actions that log in by one of several sets of inputs. */
const WAYS: readonly { uses: RegExp; ways: readonly (readonly string[])[] }[] = [
  {
    uses: /^google-github-actions\/auth@/i,
    ways: [["credentials_json"], ["workload_identity_provider", "service_account"]],
  },
  {
    uses: /^aws-actions\/configure-aws-credentials@/i,
    ways: [["role-to-assume"], ["aws-access-key-id", "aws-secret-access-key"]],
  },
  { uses: /^azure\/login@/i, ways: [["creds"], ["client-id", "tenant-id", "subscription-id"]] },
];

/** The ways that do instead of the one that an input belongs to, where a step gives several. */
function otherWays(step: Step): (input: string) => string[][][] {
  const ways = WAYS.find((one) => one.uses.test(step.uses?.text ?? ""))?.ways;
  if (!ways) return () => [];
  const neededBy = (inputs: readonly string[]) =>
    step.expressions.flatMap((expression) =>
      expression.keys[0] === "with" && inputs.includes(String(expression.keys[1]))
        ? readExpression(expression).flatMap(({ name, need, anyOf, dynamic }) =>
            dynamic === null && need !== "optional" ? [[name, ...anyOf]] : [],
          )
        : [],
    );
  return (input) => {
    const own = ways.findIndex((inputs) => inputs.includes(input));
    return own === -1
      ? []
      : ways.flatMap((inputs, index) => {
          const needed = index === own ? [] : neededBy(inputs);
          return needed.length === 0 ? [] : [needed];
        });
  };
}

/** Inputs of widely used actions that work without: they upload reports, or raise a rate limit. */
function isOptionalInput(step: Step, expression: PlacedExpression): boolean {
  const uses = step.uses?.text ?? "";
  if (expression.keys[0] !== "with") return false;
  // Codecov goes on without an upload unless it is told to fail.
  if (/^codecov\/codecov-action@/i.test(uses))
    return step.with.find((one) => one.name === "fail_ci_if_error")?.value.text !== "true";
  return /^(?:coverallsapp|sonarsource)\//i.test(uses) && step.continueOnError?.text === "true";
}
