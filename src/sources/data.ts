import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { lineStartsOf } from "../text/positions.ts";
import type { DataDocument, DataEntry, DataFile, DataMap, DataNode, DataScalar } from "../types/data.ts";

/** Longest text that is parsed, in UTF-16 code units. */
const maxLength = 4 * 1024 * 1024;
/** Most nodes of one file. */
const maxNodes = 500_000;
/** Most nodes that aliases and merge keys add: an alias bomb ends here. */
const maxExpanded = 50_000;
/** Most errors kept of one document. */
const maxErrors = 50;
/** Deepest nesting that becomes nodes. */
const maxDepth = 200;
/** Nesting that the text may open before the library, which is recursive, is asked at all. */
const maxOpenBrackets = 1_000;

/** Several kinds of facts are made of the same file: its nodes are kept for the next, as long as the texts kept are not longer than this in all. */
const maxKept = 2 * 1024 * 1024;
const kept = new Map<string, DataFile>();
let keptLength = 0;

/**
 * YAML (multi-document, core schema: `on` is text) or JSON with comments as plain nodes with offsets.
 * Aliases and merge keys are resolved; a resolved alias keeps the range of the anchored node, so that a place is where the value is written.
 * Never throws: what is wrong stands in `errors`, and what could be read stands in `root`.
 * The result is shared between callers; nobody changes it.
 */
export function parseData(text: string): DataFile {
  const known = kept.get(text);
  if (known) return known;
  const file = parse(text);
  if (text.length > maxKept / 4) return file;
  kept.set(text, file);
  keptLength += text.length;
  for (const oldest of kept.keys()) {
    if (keptLength <= maxKept) break;
    kept.delete(oldest);
    keptLength -= oldest.length;
  }
  return file;
}

function parse(text: string): DataFile {
  const lineStarts = lineStartsOf(text);
  const refusal = refuse(text, lineStarts);
  if (refusal) return { documents: [{ root: null, errors: [refusal] }], lineStarts };
  const shift = text.startsWith("\uFEFF") ? 1 : 0;
  // The library makes an Error with a stack for each fault: most of the time of a file that is all faults.
  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const parsed = documentsOf(withoutScriptComments(text.slice(shift)));
    const documents: DataDocument[] = [];
    const budget = { nodes: maxNodes, expanded: maxExpanded };
    for (const document of Array.isArray(parsed) ? parsed : [])
      documents.push(plainDocument(document, shift, budget, text.length));
    return { documents: documents.length > 0 ? documents : [{ root: null, errors: [] }], lineStarts };
  } catch (error) {
    const reason = error instanceof RangeError ? "nested too deeply" : "not readable";
    return { documents: [{ root: null, errors: [{ message: `The file is ${reason}.`, offset: 0 }] }], lineStarts };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function parsedText(text: string) {
  return parseAllDocuments(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    strict: true,
  });
}

/** Lines of quoted texts that are joined in one file, each by another parse, and the longest text that is parsed again, in UTF-16 code units. */
const maxJoined = 16;
const maxReparsed = 200_000;
/** Faults of a file that is parsed again: one quote that is taken for the end of a text makes a fault of most lines after it. */
const maxFaults = 1_000;

/**
 * The documents of a text. YAML 1.2 wants the lines of a quoted text indented; libyaml and its ports, by which GitHub, compose and Kubernetes
 * read, do not (`"${{` … `}}"` under its key), so there the line break becomes the space that it stands for. Offsets stay.
 */
function documentsOf(text: string): ReturnType<typeof parsedText> {
  const first = parsedText(text);
  let parsed = first;
  let joined = text;
  for (let round = 0; round < maxJoined && Array.isArray(parsed); round++) {
    const errors = parsed.flatMap((document) => document.errors);
    if (errors.length === 0) return parsed;
    if (text.length > maxReparsed || errors.length > maxFaults) return first;
    const unclosed = errors.find(({ code, message }) => code === "MISSING_CHAR" && /closing ["']quote/.test(message));
    const newline = unclosed === undefined ? -1 : joined.indexOf("\n", unclosed.pos[0] - 1);
    if (newline === -1) return first;
    joined = `${joined.slice(0, newline)} ${joined.slice(newline + 1)}`;
    parsed = parsedText(joined);
  }
  return first;
}

/** JSON with comments: they become spaces, so that offsets stay. Only where the text begins as JSON does; YAML has no such comments. */
function withoutScriptComments(text: string): string {
  if (
    !/^(?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*[[{](?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*["{[\]}]/.test(
      text.slice(0, 20_000),
    )
  )
    return text;
  return text.replace(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\r\n]/g, " "),
  );
}

/** Why a text is not given to the library: size, or nesting that would overflow its stack. */
function refuse(text: string, lineStarts: readonly number[]): { message: string; offset: number } | null {
  if (text.length > maxLength)
    return { message: `The file is larger than ${maxLength / 1024 / 1024} MB and was not read.`, offset: 0 };
  let open = 0;
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b || unit === 0x7b) open++;
    else if (unit === 0x5d || unit === 0x7d) open = Math.max(0, open - 1);
    if (open > maxOpenBrackets) return { message: "The file is nested too deeply.", offset: at };
    // `- - - -` and `? ? ?` open one collection each.
    if (unit === 0x2d || unit === 0x3f) run++;
    else if (unit !== 0x20) run = 0;
    if (run > maxOpenBrackets && /^[-?] [-?] /.test(text.slice(at - 4, at)))
      return { message: "The file is nested too deeply.", offset: at };
  }
  for (let line = 0; line < lineStarts.length; line++) {
    const start = lineStarts[line] ?? 0;
    if (text.charCodeAt(start + 2 * maxOpenBrackets) !== 0x20) continue;
    if (/^ +$/.test(text.slice(start, start + 2 * maxOpenBrackets)))
      return { message: "The file is indented too deeply.", offset: start };
  }
  return null;
}

interface Budget {
  nodes: number;
  expanded: number;
}

interface Reading {
  shift: number;
  length: number;
  budget: Budget;
  errors: DataDocument["errors"];
  anchors: Map<string, Node>;
  /** Anchored nodes that are being expanded, against an alias inside its own node. */
  open: Set<Node>;
  /** How many aliases stand around the current node. */
  aliases: number;
}

function plainDocument(document: Document.Parsed, shift: number, budget: Budget, length: number): DataDocument {
  const errors = document.errors.slice(0, maxErrors).map((error) => ({
    message: sentence(error.message),
    offset: Math.min(length, Math.max(0, error.pos[0] + shift)),
  }));
  const reading: Reading = { shift, length, budget, errors, anchors: new Map(), open: new Set(), aliases: 0 };
  const contents = document.contents as Node | null;
  // An empty document has a null scalar without text as its contents.
  const empty =
    !contents ||
    (isScalar(contents) && contents.value === null && !contents.source && !contents.anchor && !contents.tag);
  return { root: empty ? null : plain(contents, reading, 0), errors };
}

function sentence(message: string): string {
  const line = message.split("\n", 1)[0] ?? "";
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function complain(reading: Reading, message: string, offset: number): void {
  if (!reading.errors.some((error) => error.message === message)) reading.errors.push({ message, offset });
}

function rangeOf(node: Node, reading: Reading) {
  const range = node.range ?? [0, 0, 0];
  const clamp = (offset: number) => Math.min(reading.length, Math.max(0, offset + reading.shift));
  const start = clamp(range[0]);
  return { start, end: Math.max(start, clamp(range[1])) };
}

function nothing(reading: Reading, at: Node | null): DataScalar {
  const range = at ? rangeOf(at, reading) : { start: 0, end: 0 };
  return { kind: "scalar", value: null, text: "", style: "plain", start: range.start, end: range.start };
}

function plain(node: Node | null | undefined, reading: Reading, depth: number): DataNode {
  if (!node) return nothing(reading, null);
  const range = rangeOf(node, reading);
  if (--reading.budget.nodes < 0 || (reading.aliases > 0 && --reading.budget.expanded < 0)) {
    complain(
      reading,
      "The file holds too many values, or its aliases expand to too many, and was not read to its end.",
      range.start,
    );
    return nothing(reading, node);
  }
  if (depth > maxDepth) {
    complain(reading, "The file is nested too deeply and was not read to its end.", range.start);
    return nothing(reading, node);
  }
  if (isAlias(node)) return resolved(node, reading, depth);
  const named = {
    ...range,
    ...(node.anchor ? { anchor: node.anchor } : {}),
    ...(node.tag ? { tag: node.tag } : {}),
  };
  // An anchor is known inside its own node, where an alias to it is refused by `open`.
  if (node.anchor) reading.anchors.set(node.anchor, node);
  if (isScalar(node)) return { kind: "scalar", ...named, ...scalarParts(node) };
  reading.open.add(node);
  try {
    if (isMap(node)) return { kind: "map", ...named, entries: entriesOf(node, reading, depth) };
    if (isSeq(node))
      return { kind: "list", ...named, items: node.items.map((item) => plain(item as Node, reading, depth + 1)) };
  } finally {
    reading.open.delete(node);
  }
  return nothing(reading, node);
}

const styles: Record<string, DataScalar["style"]> = {
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

function scalarParts(node: Scalar): Pick<DataScalar, "value" | "text" | "style"> {
  const value = node.value;
  const style = styles[node.type ?? ""] ?? "plain";
  const source = typeof node.source === "string" ? node.source : null;
  if (typeof value === "string") return { value, text: value, style };
  if (typeof value === "number" || typeof value === "boolean") return { value, text: source ?? String(value), style };
  if (value === null || value === undefined) return { value: null, text: source ?? "", style };
  return { value: source ?? String(value), text: source ?? String(value), style };
}

function resolved(alias: Alias, reading: Reading, depth: number): DataNode {
  const target = reading.anchors.get(alias.source);
  if (!target || reading.open.has(target)) {
    complain(reading, `The alias *${alias.source} has no anchor before it.`, rangeOf(alias, reading).start);
    return nothing(reading, alias);
  }
  reading.aliases++;
  const node = plain(target, reading, depth + 1);
  reading.aliases--;
  return node;
}

function entriesOf(map: YAMLMap, reading: Reading, depth: number): DataEntry[] {
  const own: DataEntry[] = [];
  const merges: DataNode[] = [];
  const order: (DataEntry | null)[] = [];
  for (const pair of map.items) {
    const key = keyOf(pair.key as Node | null, reading, depth, map);
    const value = pair.value
      ? plain(pair.value as Node, reading, depth + 1)
      : { ...nothing(reading, null), start: key.end, end: key.end };
    if (key.text === "<<" && key.style === "plain" && value.kind !== "scalar") {
      merges.push(value);
      order.push(null);
      continue;
    }
    const entry = { key, value };
    own.push(entry);
    order.push(entry);
  }
  return merges.length === 0 ? own : merged(own, merges, reading);
}

function keyOf(node: Node | null, reading: Reading, depth: number, map: YAMLMap): DataScalar {
  if (!node) return nothing(reading, map);
  const key = plain(node, reading, depth + 1);
  if (key.kind === "scalar") return key;
  return { ...nothing(reading, node), end: key.end };
}

/** Merge keys (YAML 1.1): an own key wins over a merged one, an earlier merged map over a later one. Merged entries follow the own ones. */
function merged(own: DataEntry[], merges: readonly DataNode[], reading: Reading): DataEntry[] {
  const entries = [...own];
  const seen = new Set(own.map((entry) => entry.key.text));
  const maps = merges
    .flatMap((node) => (node.kind === "list" ? node.items : [node]))
    .filter((node): node is DataMap => node.kind === "map");
  for (const map of maps) {
    for (const entry of map.entries) {
      if (seen.has(entry.key.text)) continue;
      if (--reading.budget.expanded < 0) return entries;
      seen.add(entry.key.text);
      entries.push({ ...entry, merged: true });
    }
  }
  return entries;
}
