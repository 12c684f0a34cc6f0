import { parseAst } from "rolldown/parseAst";

/** A node of an ESTree syntax tree; offsets count characters. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** The tree of a module. Throws where the text is none. */
export const parse = (text: string, lang: "js" | "ts" = "js"): Node => parseAst(text, { lang }) as unknown as Node;

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** The name of an identifier; null for other nodes. */
export const nameOf = (node: unknown): string | null =>
  isNode(node) && node.type === "Identifier" ? (node.name as string) : null;

/** Calls with every node, parents first; `key` is the parent's property that holds it. What lies in a node that gives false is left out. */
export function each(root: Node, call: (node: Node, parent: Node | null, key: string) => unknown): void {
  const waiting: [Node, Node | null, string][] = [[root, null, ""]];
  for (let top = waiting.pop(); top !== undefined; top = waiting.pop()) {
    if (call(...top) === false) continue;
    for (const [key, value] of Object.entries(top[0]))
      for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) waiting.push([one, top[0], key]);
  }
}

/** The text with others in place of ranges; what lies in one that is replaced goes with it. */
export function replaced(text: string, ranges: readonly (readonly [start: number, end: number, by: string])[]): string {
  let so = "";
  let at = 0;
  for (const [start, end, by] of [...ranges].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start < at) continue;
    so += text.slice(at, start) + by;
    at = end;
  }
  return so + text.slice(at);
}
