import { positionAt } from "../text/positions.ts";
import type { DataEntry, DataFile, DataList, DataMap, DataNode, DataScalar } from "../types/data.ts";
import type { Location, RepoPath } from "../types/text.ts";

/** Look-ups in plain data nodes. All are pure and answer null (or nothing) where the shape is another. */

export function asMap(node: DataNode | null | undefined): DataMap | null {
  return node?.kind === "map" ? node : null;
}

export function asList(node: DataNode | null | undefined): DataList | null {
  return node?.kind === "list" ? node : null;
}

export function asScalar(node: DataNode | null | undefined): DataScalar | null {
  return node?.kind === "scalar" ? node : null;
}

/** The text of a scalar that is not null; numbers and booleans as they are written. */
export function textOf(node: DataNode | null | undefined): string | null {
  return node?.kind === "scalar" && node.value !== null ? node.text : null;
}

/** The entry of a key; the last one where it stands twice, as parsers that accept duplicates do. */
export function entryOf(node: DataNode | null | undefined, key: string): DataEntry | null {
  if (node?.kind !== "map") return null;
  return node.entries.findLast((entry) => entry.key.text === key) ?? null;
}

/** The value below a path of keys and list indexes; null where it does not exist. */
export function valueAt(node: DataNode | null | undefined, ...path: (string | number)[]): DataNode | null {
  let at: DataNode | null = node ?? null;
  for (const step of path) {
    if (typeof step === "number") at = at?.kind === "list" ? (at.items[step] ?? null) : null;
    else at = entryOf(at, step)?.value ?? null;
    if (!at) return null;
  }
  return at;
}

export function entriesOf(node: DataNode | null | undefined): readonly DataEntry[] {
  return node?.kind === "map" ? node.entries : [];
}

export function itemsOf(node: DataNode | null | undefined): readonly DataNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** A scalar, or the scalars of a list of them: `needs: a` and `needs: [a, b]`. */
export function scalarsOf(node: DataNode | null | undefined): DataScalar[] {
  const nodes = node?.kind === "list" ? node.items : node ? [node] : [];
  return nodes.filter((item): item is DataScalar => item.kind === "scalar" && item.value !== null);
}

/** A scalar with the keys and list indexes that lead to it, and the key it is the direct value of (null inside a list). */
export interface ScalarAt {
  path: (string | number)[];
  key: DataScalar | null;
  scalar: DataScalar;
}

/** Every scalar value in text order, without keys. Merged entries come where their merge key's map is. */
export function* scalarsBelow(
  node: DataNode | null | undefined,
  path: readonly (string | number)[] = [],
  key: DataScalar | null = null,
): Generator<ScalarAt> {
  if (!node) return;
  if (node.kind === "scalar") yield { path: [...path], key, scalar: node };
  else if (node.kind === "list")
    for (const [index, item] of node.items.entries()) yield* scalarsBelow(item, [...path, index]);
  else for (const entry of node.entries) yield* scalarsBelow(entry.value, [...path, entry.key.text], entry.key);
}

/** Where a node (or any pair of offsets) stands in its file. */
export function locate(
  path: RepoPath,
  file: Pick<DataFile, "lineStarts">,
  range: { start: number; end: number },
): Location {
  return { path, start: positionAt(file.lineStarts, range.start), end: positionAt(file.lineStarts, range.end) };
}
