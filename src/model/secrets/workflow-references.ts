import type { ContextAccess } from "../../types/expression.ts";
import type { Placed } from "../../types/placed.ts";
import type { DynamicReference, Need, SecretReference } from "../../types/secret-reference.ts";
import type { Location } from "../../types/text.ts";
import type {
  KeyedExpression,
  NamedValue,
  PipelineJob,
  Workflow,
  WorkflowModel,
  WorkflowStep,
} from "../../types/workflow.ts";
import { asScalar, entriesOf, itemsOf, textOf, valueAt } from "../data.ts";
import { isCertain, isTested, splitExpression, unwrapped } from "./expression.ts";

/** Names that every run has. */
const ALWAYS_THERE = new Set(["github_token", "actions_step_debug", "actions_runner_debug", "runner_debug"]);

type Step = Placed<WorkflowStep>;
type PlacedExpression = Placed<KeyedExpression>;

/** What the jobs of all workflows want of the forge's secrets and variables. */
export function workflowReferences({ workflows }: WorkflowModel): {
  references: SecretReference[];
  dynamic: DynamicReference[];
} {
  const references: SecretReference[] = [];
  const dynamic: DynamicReference[] = [];
  for (const workflow of workflows) {
    const declared = onlyCalled(workflow)
      ? new Set(workflow.secrets.map((secret) => secret.name.toLowerCase()))
      : new Set<string>();
    const outside = workflow.expressions.flatMap((expression) => readExpression(expression, "required"));
    const scopes = workflow.jobs.map((job) => scopeOf(job, workflow));
    const sole =
      scopes.length > 0 && scopes.every((one) => one.scope === scopes[0]!.scope && !one.unknown) ? scopes[0]! : null;
    collect(outside, sole ?? { scope: null, unknown: true });
    for (const [index, job] of workflow.jobs.entries()) collect(jobReads(job, workflow), scopes[index]!);

    function collect(reads: readonly Read[], { scope, unknown }: Scope): void {
      for (const { name, kind, need, anyOf, at, dynamic: expression } of reads) {
        if (expression !== null) dynamic.push({ namespace: "ci", expression, at });
        else if (!ALWAYS_THERE.has(name.toLowerCase()) && !(kind === "secret" && declared.has(name.toLowerCase())))
          references.push({
            namespace: "ci",
            kind,
            name,
            need,
            anyOf,
            form: `${kind === "secret" ? "secrets" : "vars"}.${name}`,
            at,
            service: null,
            environments: null,
            scope,
            scopeUnknown: unknown,
          });
      }
    }
  }
  return { references, dynamic };
}

/** A workflow that only others call gets its secrets from them. */
const onlyCalled = (workflow: Workflow) =>
  workflow.triggers.length > 0 && workflow.triggers.every((one) => one.event === "workflow_call");

interface Scope {
  scope: string | null;
  unknown: boolean;
}

/** The deployment environment of a job: literal, or an expression over literal choices that all agree. */
function scopeOf(job: PipelineJob, workflow: Workflow): Scope {
  const text = job.environment?.text.trim() ?? "";
  if (text === "") return { scope: null, unknown: job.environment !== null };
  if (!text.includes("${{")) return { scope: text, unknown: false };
  const input = /^\$\{\{\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\}\}$/.exec(text)?.[1];
  const choices = input === undefined ? [] : choicesOf(workflow, input);
  return choices.length === 1 ? { scope: choices[0]!, unknown: false } : { scope: null, unknown: true };
}

function choicesOf(workflow: Workflow, input: string): string[] {
  for (const trigger of workflow.triggers) {
    const options = itemsOf(valueAt(trigger.node, "inputs", input, "options"));
    if (options.length > 0) return options.flatMap((one) => textOf(one) ?? []);
  }
  return [];
}

interface Read {
  name: string;
  kind: "secret" | "variable";
  need: Need;
  anyOf: string[];
  at: Location;
  /** The expression, where the name is computed. */
  dynamic: string | null;
}

function jobReads(job: PipelineJob, workflow: Workflow): Read[] {
  const aliases = aliasesOf([...workflow.env, ...job.env]);
  const jobGuards = guardsIn(job.if?.expression ?? null, aliases);
  const guardedAnywhere = new Set<string>();
  const reads: Read[] = [];
  const matrix = matrixValues(job);
  const choices = new Map(workflow.inputs.map((one) => [one.name, choicesOf(workflow, one.name)]));
  const checks = new Map<string, Set<string>>();
  for (const step of job.steps) {
    const own = new Map([...aliases, ...aliasesOf(step.env)]);
    const guards = new Set([
      ...jobGuards,
      ...guardsIn(step.if?.expression ?? null, own),
      ...outputGuards(step, checks),
    ]);
    const tested = scriptTests(step, own);
    if (step.id) checks.set(step.id.text, new Set([...own.values()].flat().map((name) => name.toLowerCase())));
    for (const name of [...guards, ...tested]) guardedAnywhere.add(name);
    for (const expression of step.expressions)
      for (const read of readExpression(expression, "required", matrix, choices)) {
        const lower = read.name.toLowerCase();
        const free = guards.has(lower) || tested.has(lower) || isOptionalInput(step, expression);
        reads.push(free ? { ...read, need: "optional" } : read);
      }
  }
  for (const expression of job.expressions)
    for (const read of readExpression(expression, "required", matrix, choices)) {
      // A job's variable that a step asks about before using it.
      const asked = expression.keys[0] === "env" && guardedAnywhere.has(read.name.toLowerCase());
      reads.push(asked || jobGuards.has(read.name.toLowerCase()) ? { ...read, need: "optional" } : read);
    }
  return reads;
}

/** Inputs of widely used actions that work without: they upload reports, or raise a rate limit. */
function isOptionalInput(step: Step, expression: PlacedExpression): boolean {
  return (
    expression.keys[0] === "with" &&
    /^(?:codecov\/codecov-action|coverallsapp\/|sonarsource\/)/i.test(step.uses?.text ?? "") &&
    step.continueOnError?.text === "true"
  );
}

/** Names of secrets and variables behind environment names: `X: ${{ secrets.Y }}`, also where only its presence is given. */
function aliasesOf(values: readonly Placed<NamedValue>[]): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  for (const { name, value } of values) {
    const found = [...value.text.matchAll(/\b(?:secrets|vars)\s*(?:\.\s*([\w-]+)|\[\s*'([^']+)'\s*\])/gi)].map(
      (match) => (match[1] ?? match[2])!,
    );
    if (found.length > 0) aliases.set(name.toLowerCase(), found);
  }
  return aliases;
}

/** Names (lower case) whose presence a condition asks about, directly or through an alias in `env`. */
function guardsIn(
  expression: { accesses: readonly ContextAccess[] } | null,
  aliases: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const guards = new Set<string>();
  for (const { context, path } of expression?.accesses ?? []) {
    const [name] = path;
    if (typeof name !== "string") continue;
    if (context === "secrets" || context === "vars") guards.add(name.toLowerCase());
    if (context === "env") for (const one of aliases.get(name.toLowerCase()) ?? []) guards.add(one.toLowerCase());
  }
  return guards;
}

/** Names that an earlier step looked at, when this step runs by that step's output. */
function outputGuards(step: Step, checks: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return (step.if?.expression.accesses ?? []).flatMap(({ context, path }) =>
    context === "steps" && typeof path[0] === "string" && path[1] === "outputs" ? [...(checks.get(path[0]) ?? [])] : [],
  );
}

/** Names whose variable the step's own script tests (`[ -z "$X" ]`, `${X:-…}`) before it goes on. */
function scriptTests(step: Step, aliases: ReadonlyMap<string, readonly string[]>): Set<string> {
  const tested = new Set<string>();
  for (const command of step.run?.script?.commands ?? []) {
    const asks = command.name === "[" || command.name === "test" || command.name === "[[";
    for (const word of command.words)
      for (const { name, operator } of word.expansions)
        if (
          name !== null &&
          ((asks && command.within.some((one) => one.kind === "condition")) ||
            (operator !== null && /^:?[-+]$/.test(operator)))
        )
          for (const one of aliases.get(name.toLowerCase()) ?? []) tested.add(one.toLowerCase());
  }
  return tested;
}

/** The literal values of each key of the job's matrix. */
function matrixValues(job: PipelineJob): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const matrix = valueAt(job.strategy, "matrix");
  for (const { key, value } of entriesOf(matrix)) {
    if (key.text === "include" || key.text === "exclude") continue;
    values.set(
      key.text,
      itemsOf(value).flatMap((item) => textOf(asScalar(item)) ?? []),
    );
  }
  for (const item of itemsOf(valueAt(matrix, "include")))
    for (const { key, value } of entriesOf(item)) {
      const text = textOf(asScalar(value));
      if (text !== null) values.set(key.text, [...(values.get(key.text) ?? []), text]);
    }
  return values;
}

/** What one expression reads: names with how much it depends on them. */
function readExpression(
  expression: PlacedExpression,
  need: Need,
  matrix: ReadonlyMap<string, string[]> = new Map(),
  choices: ReadonlyMap<string, string[]> = new Map(),
): Read[] {
  const { text, start, accesses } = expression;
  const wanted = accesses.filter(({ context }) => context === "secrets" || context === "vars");
  if (wanted.length === 0) return [];
  const whole = unwrapped({ start, end: start + text.length, text });
  const alternatives = splitExpression(whole.text, whole.start, "||");
  const fallback = alternatives.findIndex((one) => isCertain(one.text));
  const plain = alternatives.filter((one) => !isCertain(one.text));
  return wanted.flatMap((access): Read[] => {
    const kind = access.context === "secrets" ? "secret" : "variable";
    const at = (access as Placed<ContextAccess>).at;
    const index = alternatives.findIndex((one) => access.start >= one.start && access.start < one.end);
    const own = alternatives[index];
    const tested = isTested(access, text, start) || expression.keys[0] === "if";
    const conjunction = own ? splitExpression(own.text, own.start, "&&") : [];
    const lastOfConjunction =
      conjunction.length < 2 || (conjunction.at(-1)!.start <= access.start && access.start < conjunction.at(-1)!.end);
    let level: Need = need;
    if (tested || !lastOfConjunction) level = "optional";
    else if (fallback > index && index !== -1 && conjunction.length < 2) level = "optional";
    else if (fallback !== -1 && fallback > index) level = "optional";
    else if (conjunction.length > 1 && index < alternatives.length - 1) level = "likely";
    const others = plain
      .filter((one) => one !== own && splitExpression(one.text, one.start, "&&").length === 1)
      .flatMap((one) => wanted.filter((other) => other.start >= one.start && other.start < one.end))
      .flatMap((other) => (typeof other.path[0] === "string" ? [other.path[0]] : []));
    // Another source that nobody can see may fill in: an input, an output, a variable.
    const unseen = alternatives.some(
      (one) =>
        one !== own &&
        !isCertain(one.text) &&
        !wanted.some((other) => other.start >= one.start && other.start < one.end) &&
        /\w+\./.test(one.text),
    );
    if (level === "required" && conjunction.length < 2 && unseen) level = "optional";
    const anyOf = level === "required" && conjunction.length < 2 ? others : [];
    const [name] = access.path;
    if (typeof name === "string" && name !== "*") return [{ name, kind, need: level, anyOf, at, dynamic: null }];
    if (access.path.length === 0 || name === "*") return [];
    const key = /\[\s*matrix\.([\w-]+)\s*\]/.exec(text.slice(access.start - start))?.[1];
    const values = key === undefined ? [] : (matrix.get(key) ?? []);
    if (values.length > 0)
      return values.map((value) => ({ name: value, kind, need: level, anyOf: [], at, dynamic: null }));
    const made =
      /^\w+\s*\[\s*format\(\s*'([^'{}]*)\{0\}([^'{}]*)'\s*,\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\)\s*\]/.exec(
        text.slice(access.start - start),
      );
    const chosen = made ? (choices.get(made[3]!) ?? []) : [];
    if (made && chosen.length > 0)
      return chosen.map((one) => ({
        name: `${made[1]}${one}${made[2]}`,
        kind,
        need: level === "required" ? ("likely" as const) : level,
        anyOf: [],
        at,
        dynamic: null,
      }));
    return [{ name: "", kind, need: level, anyOf: [], at, dynamic: text.trim() }];
  });
}
