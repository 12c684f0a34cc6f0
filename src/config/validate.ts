import { type Document, isMap, isNode, LineCounter, type Node, parseDocument } from "yaml";
import type * as z from "zod";
import type { Range, RepoPath } from "../types/text.ts";
import { firstFault } from "./faults.ts";
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
  if (text.includes("\0")) throw new UsageError(`${path}:1:1: no text in UTF-8; save it as one.`);
  const written = text.replace(/^\uFEFF/, "");
  const document = parseDocument(written, { lineCounter: counter, prettyErrors: false, merge: true });
  const rangeOf = (keys: Keys, key = false) => nodeRange(document, counter, keys, key);
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = counter.linePos(syntax.pos[0]);
    const said =
      syntax.code === "MULTIPLE_DOCS"
        ? "a second YAML document starts here; one is read."
        : `not valid YAML: ${firstSentence(syntax.message)}`;
    throw new UsageError(`${path}:${line}:${col}: ${said}`);
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
  const { message, keys, atKey } = firstFault(result.error, schema, value);
  const { start } = rangeOf(keys, atKey);
  throw new UsageError(`${path}:${start.line}:${start.column}: ${message}`);
}

function plainValue(document: Document.Parsed, path: RepoPath): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/^Excessive alias/.test(said))
      throw new UsageError(`${path}:1:1: too many YAML aliases; write the values out.`);
    throw new UsageError(`${path}:1:1: not valid YAML: ${firstSentence(said)}`);
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
