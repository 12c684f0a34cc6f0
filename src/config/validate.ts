import { type Document, isMap, isNode, LineCounter, type Node, parseDocument } from "yaml";
import type * as z from "zod";
import { didYouMean } from "../text/nearest.ts";
import type { Range, RepoPath } from "../types/text.ts";
import { UsageError } from "./usage-error.ts";

type Keys = readonly PropertyKey[];

/** The value of a YAML file, with the places of its keys. */
export interface PlacedYaml<T> {
  value: T;
  /** The range of the value at `keys` (of its key where `key` is true); the nearest parent that exists otherwise. */
  rangeOf(keys: readonly (string | number)[], key?: boolean): Range;
}

/** Parsed YAML is held to this many expanded aliases; more is an alias bomb. */
const MAX_ALIASES = 100;
const START: Range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/** Parses `text` as one YAML document; an empty one is an empty map. Throws UsageError with `path:line:column`. */
export function parsePlacedYaml(text: string, path: RepoPath): PlacedYaml<unknown> {
  const counter = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ""), { lineCounter: counter, prettyErrors: false });
  const rangeOf = (keys: Keys, key = false) => nodeRange(document, counter, keys, key);
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = counter.linePos(syntax.pos[0]);
    throw new UsageError(`${path}:${line}:${col}: not valid YAML: ${firstSentence(syntax.message)}`);
  }
  return { value: plainValue(document, path) ?? {}, rangeOf };
}

/** Parses `text` as one YAML document and holds it to `schema`. Throws UsageError as heldTo does. */
export function parseValidYaml<S extends z.ZodType>(text: string, path: RepoPath, schema: S): PlacedYaml<z.output<S>> {
  const yaml = parsePlacedYaml(text, path);
  return { value: heldTo(schema, yaml, path), rangeOf: yaml.rangeOf };
}

/**
 * What `schema` makes of a YAML file. `path` names the file in errors.
 * Throws UsageError with `path:line:column` and, for unknown keys, the nearest known one.
 */
export function heldTo<S extends z.ZodType>(
  schema: S,
  { value, rangeOf }: PlacedYaml<unknown>,
  path: RepoPath,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { message, keys, atKey } = firstFault(result.error, schema);
  const { start } = rangeOf(keys, atKey);
  throw new UsageError(`${path}:${start.line}:${start.column}: ${message}`);
}

function plainValue(document: Document.Parsed, path: RepoPath): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw new UsageError(`${path}:1:1: too many YAML aliases; write the values out.`);
  }
}

function nodeRange(document: Document.Parsed, counter: LineCounter, keys: Keys, key: boolean): Range {
  let node: Node | null = isNode(document.contents) ? document.contents : null;
  let found: Node | null = node;
  keys.forEach((name, depth) => {
    if (!node || !("items" in node)) return;
    const last = depth === keys.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === String(name));
      node = isNode(pair?.value) ? pair.value : null;
      const spot = last && key ? pair?.key : (pair?.value ?? pair?.key);
      if (isNode(spot)) found = spot;
    } else {
      const item = (node.items as unknown[])[Number(name)];
      node = isNode(item) ? item : null;
      if (node) found = node;
    }
  });
  if (!found?.range) return START;
  const [from, to] = found.range;
  const start = counter.linePos(from);
  const end = counter.linePos(to);
  return { start: { line: start.line, column: start.col }, end: { line: end.line, column: end.col } };
}

const firstSentence = (text: string) => text.split("\n")[0]!.replace(/\.?$/, ".");

interface Fault {
  message: string;
  keys: (string | number)[];
  atKey: boolean;
}

type Issue = z.core.$ZodIssue;

/** The first thing that does not fit, in words; of a union, the branch that came furthest. */
function firstFault(error: z.ZodError, schema: z.ZodType): Fault {
  const issues = error.issues as Issue[];
  let [issue] = issues;
  // A key that is missing beside one that is unknown was misspelled.
  if (issue && isMissing(issue)) {
    const parent = issue.path.slice(0, -1).join(".");
    issue = issues.find((one) => one.code === "unrecognized_keys" && one.path.join(".") === parent) ?? issue;
  }
  const keys = [...(issue?.path ?? [])] as (string | number)[];
  while (issue?.code === "invalid_union") {
    const branches = issue.errors.filter((branch) => branch.length > 0);
    const furthest = branches.sort((a, b) => progress(b[0]!) - progress(a[0]!))[0]?.[0];
    if (!furthest || furthest.code === "invalid_type") break;
    issue = furthest;
    keys.push(...(furthest.path as (string | number)[]));
  }
  const name = keys.length > 0 ? `\`${keys.join(".")}\`` : "the file";
  if (issue?.code === "unrecognized_keys") {
    const [unknown] = issue.keys;
    const known = knownKeys(schema, keys);
    const where = keys.length > 0 ? ` under ${name}` : "";
    const hint = didYouMean(unknown!, known) || (known.length > 0 ? ` Known keys: ${known.join(", ")}.` : "");
    return { message: `unknown key \`${unknown}\`${where}.${hint}`, keys: [...keys, unknown!], atKey: true };
  }
  if (issue && isMissing(issue)) return { message: `${name} is missing.`, keys, atKey: false };
  const said =
    issue?.code === "invalid_union" ? "has a form that is not known here" : (issue?.message ?? "is not valid");
  return { message: `${name}: ${firstSentence(said.replace(/^Invalid input: /, ""))}`, keys, atKey: false };
}

const isMissing = (issue: Issue): boolean =>
  issue.code === "invalid_type" && issue.message.endsWith("received undefined");

const progress = (issue: Issue) =>
  issue.path.length * 4 + (issue.code === "unrecognized_keys" ? 2 : issue.code === "invalid_type" ? 0 : 3);

/** Keys that the schema knows at a path, for "did you mean"; through the JSON Schema, since zod has no public walk. */
function knownKeys(schema: z.ZodType, keys: readonly (string | number)[]): string[] {
  const names = new Set<string>();
  let layer: unknown[] = [schema];
  const inner = (one: unknown): unknown[] => {
    const def = (one as { def?: { type?: string; innerType?: unknown; options?: unknown[]; in?: unknown } } | undefined)
      ?.def;
    if (!def) return [];
    if (def.type === "union") return (def.options ?? []).flatMap(inner);
    if (def.innerType) return inner(def.innerType);
    if (def.type === "pipe") return inner(def.in);
    return [one];
  };
  for (const key of keys)
    layer = layer.flatMap(inner).flatMap((one) => {
      const def = (
        one as { def: { type: string; shape?: Record<string, unknown>; element?: unknown; valueType?: unknown } }
      ).def;
      if (def.type === "object") return key in (def.shape ?? {}) ? [def.shape![String(key)]] : [];
      if (def.type === "array") return [def.element];
      return def.type === "record" ? [def.valueType] : [];
    });
  for (const one of layer.flatMap(inner)) {
    const shape = (one as { def: { shape?: Record<string, unknown> } }).def.shape;
    for (const name of Object.keys(shape ?? {})) names.add(name);
  }
  return [...names];
}
