import type { PipelineJob, Workflow } from "../../types/workflow.ts";
import { asScalar, entriesOf, itemsOf, textOf, valueAt } from "../data.ts";

/** A deployment environment that a job runs in. */
export interface Scope {
  /** Null: none, or nobody can tell. */
  scope: string | null;
  unknown: boolean;
  /** With `unknown`: those that it may be; absent: any. */
  among?: readonly string[];
  /** With `among`: the input whose options they are: any of them may be chosen. */
  input?: string;
}

const MOST_CALLS = 4;

/**
 * The deployment environments of a job. Several where it runs in each of them: once for each value of the matrix, or for each
 * call of a reusable workflow. An expression that chooses at run time is one unknown scope among what it may be.
 */
export function scopesOf(job: PipelineJob, workflow: Workflow, workflows: readonly Workflow[]): Scope[] {
  const text = job.environment?.text.trim() ?? "";
  if (text === "") return [{ scope: null, unknown: job.environment !== null }];
  const found = valuesOf(text, job, workflow, workflows, 0);
  if (found === null) return [{ scope: null, unknown: true }];
  if (found.each || found.values.length === 1)
    return found.values.map((scope) => ({ scope: scope === "" ? null : scope, unknown: false }));
  const input = INPUT.exec(text)?.[1];
  return [{ scope: null, unknown: true, among: found.values, ...(input === undefined ? {} : { input }) }];
}

/** A text that is one input. */
const INPUT = /^\$\{\{\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\}\}$/;

interface Values {
  values: string[];
  /** All of them come true, each in a run of its own; else one of them does. */
  each: boolean;
}

/** What a text with an expression can be; null where nobody can tell. */
function valuesOf(
  text: string,
  job: PipelineJob,
  workflow: Workflow,
  workflows: readonly Workflow[],
  depth: number,
): Values | null {
  if (!text.includes("${{")) return { values: [text], each: true };
  const inner = /^\$\{\{([^{}]*)\}\}$/.exec(text)?.[1]?.trim();
  if (inner === undefined) return null;
  const key = /^matrix\.([\w-]+)$/.exec(inner)?.[1];
  if (key !== undefined) return every(matrixValues(job).get(key) ?? []);
  const input = /^(?:github\.event\.)?inputs\.([\w-]+)$/.exec(inner)?.[1];
  if (input !== undefined) return ofInput(input, workflow, workflows, depth);
  // `condition && 'a' || 'b'`: one of the literals at its end.
  const literals = /^.*?&&\s*'([^']+)'((?:\s*\|\|[^|]*?&&\s*'[^']+')*)\s*\|\|\s*'([^']+)'$/.exec(inner);
  if (!literals) return null;
  const between = [...literals[2]!.matchAll(/&&\s*'([^']+)'/g)].map((one) => one[1]!);
  return { values: [...new Set([literals[1]!, ...between, literals[3]!])], each: false };
}

const every = (values: readonly string[]): Values | null =>
  values.length === 0 || values.some((one) => one.includes("${{"))
    ? null
    : { values: [...new Set(values)], each: true };

/** The values of an input: what callers of the workflow pass, or the options of a dispatch. */
function ofInput(input: string, workflow: Workflow, workflows: readonly Workflow[], depth: number): Values | null {
  const values: string[] = [];
  let each = true;
  const events = new Set(workflow.triggers.map((one) => one.event));
  if (events.has("workflow_call")) {
    if (depth >= MOST_CALLS) return null;
    for (const { given, call, caller } of givenTo(input, workflow, workflows)) {
      const found = given === undefined ? null : valuesOf(given.trim(), call, caller, workflows, depth + 1);
      if (found === null) return null;
      values.push(...found.values);
      each &&= found.each;
    }
  }
  if (events.has("workflow_dispatch")) {
    const options = choicesOf(workflow, input);
    if (options.length === 0) return null;
    values.push(...options);
    each &&= options.length === 1;
  }
  return values.length === 0 ? null : { values: [...new Set(values)], each };
}

/**
 * The options of an input with which something runs, by the conditions of its job and step and by the texts that use it; none where nobody can
 * tell. A text that speaks of an option, or of what may be made of one, decides by itself.
 */
export function chosenOptions(
  input: string,
  options: readonly string[],
  conditions: readonly (string | undefined)[],
  texts: readonly string[],
): string[] {
  const speaks = (text: string) =>
    options.some((one) => new RegExp(`\\b${one.replace(/[^\w]/g, "\\$&")}\\b`, "i").test(text)) ||
    new RegExp(`\\binputs\\.${input}\\b`).test(text);
  if (texts.some(speaks)) return [];
  let left = [...options];
  for (const condition of conditions)
    for (const part of (condition ?? "").replace(/^\s*\$\{\{|\}\}\s*$/g, "").split("&&")) {
      const test = /^\s*\(?\s*(?:github\.event\.)?inputs\.([\w-]+)\s*([=!])=\s*'([^']*)'\s*\)?\s*$/.exec(part);
      if (test?.[1] === input) left = left.filter((one) => (one === test[3]) === (test[2] === "="));
      else if (speaks(part) || /\b(?:env|steps|needs)\./.test(part)) return [];
    }
  return left;
}

/** The options of an input of `workflow_dispatch`. */
export function choicesOf(workflow: Workflow, input: string): string[] {
  for (const trigger of workflow.triggers) {
    const options = itemsOf(valueAt(trigger.node, "inputs", input, "options"));
    if (options.length > 0) return options.flatMap((one) => textOf(one) ?? []);
  }
  return [];
}

/** What an input can be: the options of a dispatch, and what callers pass; nothing where one of them passes what nobody can tell. */
export function inputValues(workflow: Workflow, input: string, workflows: readonly Workflow[]): string[] {
  const values = new Set(choicesOf(workflow, input));
  for (const { given } of givenTo(input, workflow, workflows)) {
    if (given === undefined || given === "" || given.includes("${{")) return [];
    values.add(given.trim());
  }
  return [...values];
}

/** What each caller in the repository passes for an input, else its default; undefined where there is neither. */
function* givenTo(
  input: string,
  workflow: Workflow,
  workflows: readonly Workflow[],
): Generator<{ given: string | undefined; call: PipelineJob; caller: Workflow }> {
  for (const caller of workflows)
    for (const call of caller.jobs)
      if (call.uses?.text === `./${workflow.path}`) {
        const passed = call.with.find((one) => one.name === input)?.value.text;
        yield { given: passed ?? workflow.inputs.find((one) => one.name === input)?.default?.text, call, caller };
      }
}

/** The literal values of each key of the job's matrix. */
export function matrixValues(job: PipelineJob): Map<string, string[]> {
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
