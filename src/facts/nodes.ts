import type { DataEntry, DataNode, DataScalar } from "../types/data.ts";
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

/**
 * The first key that stands twice in one mapping, as a fault: GitHub and compose refuse such a file, though YAML libraries may take the last.
 * Looked for in `levels` of mappings from the root; what anchors and merge keys bring is looked at where it is written.
 */
export function keyTwice(root: DataNode | null, levels: number): { message: string; offset: number } | null {
  const seen = new Set<DataNode>();
  const look = (node: DataNode, left: number): DataScalar | null => {
    if (left === 0 || seen.has(node)) return null;
    seen.add(node);
    if (node.kind === "list") return first(node.items, left);
    const own = entries(node).filter((entry) => !entry.merged);
    const names = new Set<string>();
    const twice = own.find(({ key }) => names.size === names.add(key.text).size);
    return (
      twice?.key ??
      first(
        own.map(({ value }) => value),
        left - 1,
      )
    );
  };
  const first = (nodes: readonly DataNode[], left: number): DataScalar | null => {
    for (const node of nodes) {
      const found = look(node, left);
      if (found) return found;
    }
    return null;
  };
  const key = root && look(root, levels);
  return key
    ? { message: `The key ${JSON.stringify(key.text)} stands twice in one mapping.`, offset: key.start }
    : null;
}
