import { parseData } from "../sources/data.ts";
import { expressionsIn, parseExpression } from "../sources/expressions.ts";
import { scalarOffsets } from "../sources/scalar-text.ts";
import { parseShell, prepareShell } from "../sources/shell.ts";
import type { DataFile, DataMap, DataNode } from "../types/data.ts";
import type { Extractor } from "../types/facts.ts";
import type {
  Condition,
  KeyedExpression,
  WorkflowDefaults,
  WorkflowFile,
  WorkflowInput,
  WorkflowJob,
  WorkflowRun,
  WorkflowStep,
  WorkflowTrigger,
} from "../types/workflow.ts";
import { entries, get, items, keyTwice, named, spanned, spans } from "./nodes.ts";

/** A GitHub workflow or composite action: triggers, jobs, steps, their scripts and expressions, each with its place. */
export const workflowExtractor: Extractor<"workflow"> = {
  kind: "workflow",
  version: 3,
  prepare: () => prepareShell(),
  deferrable: true,
  claims: (path) => /\.ya?ml$/.test(path),
  extract(source) {
    const text = source.text();
    return workflowOf(text, parseData(text));
  },
};

interface Reading {
  text: string;
  lineStarts: number[];
}

function workflowOf(text: string, file: DataFile): WorkflowFile {
  const root = file.documents.find((document) => document.root)?.root ?? null;
  const faults = brokenBlock(
    text,
    file.documents.flatMap((document) => document.errors),
  );
  const errors = faults.length > 0 ? faults : [keyTwice(root, Number.POSITIVE_INFINITY) ?? []].flat();
  const reading: Reading = { text, lineStarts: file.lineStarts };
  const jobs = get(root, "jobs");
  const runs = get(root, "runs");
  const on = get(root, "on");
  const call = get(on, "workflow_call");
  const dispatch = get(on, "workflow_dispatch");
  const action = runs !== null && jobs === null;
  return {
    kind: errors.length > 0 ? "unreadable" : jobs ? "workflow" : runs ? "action" : "none",
    name: spanned(get(root, "name")),
    triggers: triggersOf(on),
    env: named(get(root, "env")),
    defaults: defaultsOf(root),
    inputs: action ? inputsOf(get(root, "inputs")) : inputsOf(get(call, "inputs"), get(dispatch, "inputs")),
    secrets: inputsOf(get(call, "secrets")),
    outputs: outputsOf(action ? get(root, "outputs") : get(call, "outputs")),
    jobs: entries(jobs).map(({ key, value }) => jobOf(key, value, reading)),
    steps: stepsOf(get(runs, "steps"), reading),
    expressions: expressionsBelow(without(root, ["jobs", "runs"]), [], reading),
    errors,
    lineStarts: file.lineStarts,
  };
}

/** Where a here-document at the start of the line has ended its block scalar, that line is the place to look at: the parser only stumbles later. */
function brokenBlock(text: string, errors: WorkflowFile["errors"]): WorkflowFile["errors"] {
  const first = errors[0];
  if (!first) return errors;
  const opening = /^([ \t]+)\S.*<<-?[ \t]*(["']?)([A-Za-z_]\w*)\2/gm;
  for (const match of text.matchAll(opening)) {
    if (match.index > first.offset) break;
    const from = match.index + match[0].length;
    const outside = /\n(?=[^\s#])/.exec(text.slice(from, from + 20_000));
    if (!outside) continue;
    const offset = from + outside.index + 1;
    const closing = text
      .slice(from, offset)
      .split("\n")
      .some((line) => line.trim() === match[3]);
    if (!closing && offset <= first.offset)
      return [
        {
          message:
            "This line of a here-document stands left of its block and ends it: indent it like the lines around.",
          offset,
        },
        ...errors,
      ];
  }
  return errors;
}

function triggersOf(on: DataNode | null): WorkflowTrigger[] {
  if (on?.kind === "map")
    return on.entries.map(({ key, value }) => ({
      event: key.text,
      start: key.start,
      end: key.end,
      node: value.kind === "scalar" && value.value === null ? null : value,
    }));
  return spans(on).map(({ text, start, end }) => ({ event: text, start, end, node: null }));
}

function defaultsOf(node: DataNode | null): WorkflowDefaults {
  const run = get(get(node, "defaults"), "run");
  return { shell: spanned(get(run, "shell")), workingDirectory: spanned(get(run, "working-directory")) };
}

function inputsOf(...nodes: (DataNode | null)[]): WorkflowInput[] {
  const found = new Map<string, WorkflowInput>();
  for (const { key, value } of nodes.flatMap(entries)) {
    if (found.has(key.text)) continue;
    const required = get(value, "required");
    found.set(key.text, {
      name: key.text,
      start: key.start,
      end: key.end,
      required: required?.kind === "scalar" && required.value === true,
      default: spanned(get(value, "default")),
    });
  }
  return [...found.values()];
}

/** Outputs of workflow_call and of actions hold their expression in `value`. */
function outputsOf(node: DataNode | null) {
  return entries(node).map(({ key, value }) => {
    const inner = value.kind === "map" ? (get(value, "value") ?? value) : value;
    return {
      name: key.text,
      start: key.start,
      end: key.end,
      value: spanned(inner) ?? { text: "", start: inner.start, end: inner.end },
    };
  });
}

function jobOf(key: { text: string; start: number; end: number }, node: DataNode, reading: Reading): WorkflowJob {
  const environment = get(node, "environment");
  const secrets = get(node, "secrets");
  const container = get(node, "container");
  return {
    id: key.text,
    start: key.start,
    end: key.end,
    bodyEnd: Math.max(key.end, node.end),
    name: spanned(get(node, "name")),
    needs: spans(get(node, "needs")),
    if: conditionOf(get(node, "if"), reading),
    runsOn: spans(get(node, "runs-on")),
    environment: spanned(environment?.kind === "map" ? get(environment, "name") : environment),
    uses: spanned(get(node, "uses")),
    with: named(get(node, "with")),
    secrets: spanned(secrets)?.text === "inherit" ? "inherit" : named(secrets),
    outputs: named(get(node, "outputs")),
    env: named(get(node, "env")),
    defaults: defaultsOf(node),
    strategy: get(node, "strategy"),
    container: spanned(container?.kind === "map" ? get(container, "image") : container),
    containerEnv: named(get(container, "env")),
    services: get(node, "services"),
    continueOnError: spanned(get(node, "continue-on-error")),
    concurrency: get(node, "concurrency"),
    permissions: get(node, "permissions"),
    steps: stepsOf(get(node, "steps"), reading),
    expressions: expressionsBelow(without(node, ["steps"]), [], reading),
  };
}

function stepsOf(node: DataNode | null, reading: Reading): WorkflowStep[] {
  return items(node).map((step, index) => ({
    index,
    start: step.start,
    end: step.end,
    id: spanned(get(step, "id")),
    name: spanned(get(step, "name")),
    uses: spanned(get(step, "uses")),
    with: named(get(step, "with")),
    env: named(get(step, "env")),
    if: conditionOf(get(step, "if"), reading),
    run: runOf(get(step, "run"), spanned(get(step, "shell"))?.text ?? null, reading),
    shell: spanned(get(step, "shell")),
    workingDirectory: spanned(get(step, "working-directory")),
    continueOnError: spanned(get(step, "continue-on-error")),
    expressions: expressionsBelow(step, [], reading),
  }));
}

function runOf(node: DataNode | null, shell: string | null, reading: Reading): WorkflowRun | null {
  const run = spanned(node);
  if (!run || node?.kind !== "scalar") return null;
  const posix = shell === null || /^(?:\S*\/)?(?:bash|sh|dash|ash|zsh)\b/.test(shell);
  if (!posix) return { ...run, script: null };
  return { ...run, script: parseShell(node.text, scalarOffsets(reading.text, node), reading.lineStarts) };
}

function conditionOf(node: DataNode | null, reading: Reading): Condition | null {
  const value = spanned(node);
  if (!value || node?.kind !== "scalar") return null;
  const toFile = scalarOffsets(reading.text, node);
  const wrapped = /^(\s*\$\{\{)([\s\S]*)\}\}\s*$/.exec(node.text);
  const whole = wrapped && !wrapped[2]?.includes("${{") ? wrapped : null;
  const expression = whole
    ? parseExpression(whole[2] ?? "", (offset) => toFile((whole[1] ?? "").length + offset))
    : parseExpression(
        node.text.replace(/\$\{\{|\}\}/g, (part) => " ".repeat(part.length)),
        toFile,
      );
  return { ...value, expression };
}

function without(node: DataNode | null, keys: readonly string[]): DataMap | null {
  if (node?.kind !== "map") return null;
  return { ...node, entries: node.entries.filter((entry) => !keys.includes(entry.key.text)) };
}

/** Every expression below a node. An `if` without `${{ }}` is one as a whole. */
function expressionsBelow(node: DataNode | null, keys: (string | number)[], reading: Reading): KeyedExpression[] {
  if (!node) return [];
  if (node.kind === "list")
    return node.items.flatMap((item, index) => expressionsBelow(item, [...keys, index], reading));
  if (node.kind === "map")
    return node.entries.flatMap((entry) => expressionsBelow(entry.value, [...keys, entry.key.text], reading));
  const condition = keys.length === 1 && keys[0] === "if" ? conditionOf(node, reading) : null;
  if (condition) return [{ ...condition.expression, keys }];
  if (!node.text.includes("${{")) return [];
  return expressionsIn(node.text, scalarOffsets(reading.text, node)).map((expression) => ({ ...expression, keys }));
}
