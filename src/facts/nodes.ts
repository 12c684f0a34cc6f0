import type { DataEntry, DataNode } from "../types/data.ts";
import type { NamedValue, Spanned } from "../types/workflow.ts";

/** Look-ups in data nodes for extractors. Null where the shape is another. */

export function entries(node: DataNode | null | undefined): readonly DataEntry[] {
  return node?.kind === "map" ? node.entries : [];
}

/** The value of a key; of a key that stands twice, the last. */
export function get(node: DataNode | null | undefined, key: string): DataNode | null {
  return entries(node).findLast((entry) => entry.key.text === key)?.value ?? null;
}

export function items(node: DataNode | null | undefined): readonly DataNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** A scalar that is not null, with its range. */
export function spanned(node: DataNode | null | undefined): Spanned | null {
  return node?.kind === "scalar" && node.value !== null ? { text: node.text, start: node.start, end: node.end } : null;
}

/** A scalar or a list of them. */
export function spans(node: DataNode | null | undefined): Spanned[] {
  const nodes = node?.kind === "list" ? node.items : [node];
  return nodes.map(spanned).filter((each) => each !== null);
}

/** The entries of a map; a value that is no scalar, or null, has the text "". */
export function named(node: DataNode | null | undefined): NamedValue[] {
  return entries(node).map(({ key, value }) => ({
    name: key.text,
    start: key.start,
    end: key.end,
    value: spanned(value) ?? { text: "", start: value.start, end: value.end },
  }));
}
