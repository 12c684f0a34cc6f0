import type { FactReader } from "../../types/facts.ts";
import type { ListDifference, SecretReference, WiringEdge } from "../../types/secret-reference.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isExampleOrTest } from "../path-class.ts";
import { environmentsIn } from "./environments.ts";
import { extraTokens } from "./near-names.ts";

/** Files that keep a list of secrets by hand, by what they are called. */
const LISTS =
  /(?:^|\/)[\w.-]*(?:secret|validat|verif|preflight|checklist|provision|bootstrap|required|env[-_]?check|check[-_]?env)[\w.-]*\.(?:py|sh|bash|[cm]?[jt]s|md|txt|ya?ml|json)$/i;
const NAME = /^[A-Za-z][\w./-]{2,99}$/;
/** A list is one of secrets where this many of its names are mapped ones. */
const LEAST_KNOWN = 3;
const LONGEST_LIST = 500;
const MOST_LINES = 5_000;

interface Item {
  name: string;
  at: Location;
}

interface HandKeptList {
  items: Item[];
  at: Location;
}

/**
 * Lists of secrets that somebody keeps by hand (a validator, a script that creates them, a checklist), held against what deploys map
 * and code requires. A list counts only where most of its names are mapped ones, and for the environment that its names speak of.
 */
export function listDifferences(
  files: FileTree,
  facts: FactReader,
  references: readonly SecretReference[],
  edges: readonly WiringEdge[],
): ListDifference[] {
  const stores = new Map<string, SecretReference>();
  for (const one of references)
    if (one.namespace === "store" && one.need === "required" && !stores.has(one.name)) stores.set(one.name, one);
  const variables = new Map<string, Location>();
  for (const { to, at, kind } of edges)
    if (to.namespace === "process" && kind === "secret" && !variables.has(to.name)) variables.set(to.name, at);
  if (stores.size < LEAST_KNOWN && variables.size < LEAST_KNOWN) return [];
  const known = [new Map([...stores].map(([name, one]) => [name, one.at])), variables];
  // Names that are mapped, or read, count as used whatever the list is of.
  const used = new Set([...references.map((one) => one.name), ...edges.map((one) => one.to.name)]);
  const found: ListDifference[] = [];
  for (const { path, ignored } of files.entries) {
    if (ignored || !LISTS.test(path) || isExampleOrTest(path)) continue;
    for (const list of listsIn(path, facts)) {
      const best = known
        .map((names) => ({ names, hits: list.items.filter((one) => names.has(one.name)).length }))
        .sort((a, b) => b.hits - a.hits)[0]!;
      // What maps them is no list kept beside it.
      if ([...best.names.values()].some((at) => at.path === path)) continue;
      if (best.hits < LEAST_KNOWN || best.hits * 2 <= list.items.length) continue;
      found.push(...differences(list, best.names, used, path));
    }
  }
  return found;
}

function differences(
  list: HandKeptList,
  names: ReadonlyMap<string, Location>,
  used: ReadonlySet<string>,
  path: RepoPath,
): ListDifference[] {
  const found: ListDifference[] = [];
  const listed = new Set(list.items.map((one) => one.name));
  const words = wordsOf(path, [...listed]);
  const applies = (name: string, at: Location) => {
    const own = [...environmentsIn(name), ...environmentsIn(at.path)];
    return words.size === 0 || own.length === 0 || own.some((word) => words.has(word));
  };
  for (const { name, at } of list.items)
    if (!used.has(name) && [...names.keys()].some((one) => alike(one, name)))
      found.push({ kind: "unmapped", name, at, list: list.at, near: near(name, names.keys(), listed) });
  const wanted = [...names].filter(([name, at]) => applies(name, at));
  const lacking = wanted.filter(([name]) => !listed.has(name));
  // A list that lacks much is one of something else: of one service, of one kind.
  if (lacking.length * 3 <= wanted.length)
    for (const [name, mappedAt] of lacking)
      found.push({ kind: "lacking", name, at: list.at, list: mappedAt, near: [] });
  return found;
}

/** Written in the same way: with hyphens, or as a variable. */
const alike = (a: string, b: string) =>
  /^[A-Z][A-Z0-9_]*$/.test(a) === /^[A-Z][A-Z0-9_]*$/.test(b) && /[-/]/.test(a) === /[-/]/.test(b);

const near = (name: string, names: Iterable<string>, listed: ReadonlySet<string>): string[] =>
  [...names].filter((one) => !listed.has(one) && extraTokens(one, name) !== null).slice(0, 3);

/** The environments that a list is for: those that its file or most of its names speak of. */
function wordsOf(path: RepoPath, names: readonly string[]): Set<string> {
  const own = environmentsIn(path);
  if (own.length > 0) return new Set(own);
  return new Set(names.flatMap((name) => environmentsIn(name)));
}

/** Lists of names in a file: consecutive texts, shell arrays and loops, created secrets, items of Markdown. */
function listsIn(path: RepoPath, facts: FactReader): HandKeptList[] {
  const lines = facts.get("lines", path)?.lines ?? [];
  if (lines.length > MOST_LINES) return [];
  const text = lines.join("\n");
  let at = 0;
  const lineStarts = lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
  const item = (name: string, start: number): Item => ({
    name,
    at: locate(path, { lineStarts }, { start, end: start + name.length }),
  });
  const runs: Item[][] = /\.md$/i.test(path)
    ? [markdownItems(lines, lineStarts, item)]
    : [
        ...quotedRuns(text, item),
        ...(/\.(?:sh|bash)$/.test(path) ? [...shellRuns(text, item), created(text, item)] : []),
      ];
  return runs
    .filter((items) => items.length >= LEAST_KNOWN && items.length <= LONGEST_LIST)
    .map((items) => ({ items, at: items[0]!.at }));
}

/** Texts in quotes with nothing but commas, brackets and comments between them. */
function quotedRuns(text: string, item: (name: string, start: number) => Item): Item[][] {
  const runs: Item[][] = [];
  let end = -1;
  for (const match of text.matchAll(/(["'])([^"'\n\\]{1,120})\1/g)) {
    const between = end === -1 ? "x" : text.slice(end, match.index);
    end = match.index + match[0].length;
    const follows = between.length < 400 && /^(?:[\s,]|#[^\n]*\n|\/\/[^\n]*\n)*$/.test(between) && between !== "";
    if (!NAME.test(match[2]!)) {
      runs.push([]);
      continue;
    }
    if (!follows) runs.push([]);
    runs.at(-1)!.push(item(match[2]!, match.index + 1));
  }
  return runs;
}

/** `NAMES=(a b)` and `for n in a b; do`. */
function shellRuns(text: string, item: (name: string, start: number) => Item): Item[][] {
  const runs: Item[][] = [];
  for (const match of text.matchAll(/\b\w+=\(([^()]{1,8000})\)|\bfor\s+\w+\s+in\s+([^;]{1,8000}?)\s*;?\s*\bdo\b/g)) {
    const body = match[1] ?? match[2]!;
    const offset = match.index + match[0].indexOf(body);
    const items: Item[] = [];
    for (const word of body.replace(/#[^\n]*/g, (one) => " ".repeat(one.length)).matchAll(/[^\s"'\\]+/g))
      if (NAME.test(word[0])) items.push(item(word[0], offset + word.index));
    runs.push(items);
  }
  return runs;
}

/** The names behind `gcloud secrets create` and its kin. */
function created(text: string, item: (name: string, start: number) => Item): Item[] {
  const items: Item[] = [];
  const creates =
    /^[^#\n]*?\b(?:gcloud\s+secrets\s+create|create_secret|ensure_secret|gh\s+secret\s+set|az\s+keyvault\s+secret\s+set\s+--name)\s+["']?([\w./-]+)/gm;
  for (const match of text.matchAll(creates))
    if (NAME.test(match[1]!)) items.push(item(match[1]!, match.index + match[0].length - match[1]!.length));
  return items;
}

/** `- [ ] \`name\``, `* name`, `| \`name\` |`. */
function markdownItems(
  lines: readonly string[],
  lineStarts: readonly number[],
  item: (name: string, start: number) => Item,
): Item[] {
  return lines.flatMap((line, index) => {
    const match = /^\s*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\|\s*)(?:`([\w./-]+)`|([\w./-]+)\s*$)/.exec(line);
    const name = match?.[1] ?? match?.[2];
    return name !== undefined && NAME.test(name) ? [item(name, lineStarts[index]! + line.indexOf(name))] : [];
  });
}
