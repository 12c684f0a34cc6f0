import { ts } from "./typescript.ts";

/** The compiler's own measure of where a node's first token stands; its `getStart` is this, but belongs to the language service, which the bundle lacks. */
const { getTokenPosOfNode } = ts as unknown as { getTokenPosOfNode(node: ts.Node, file: ts.SourceFile): number };

/** Offset of a node's first character, without the comments and spaces before it. */
export const startOf = (node: ts.Node, file: ts.SourceFile): number => getTokenPosOfNode(node, file);

/** A node's text as written. Without `file`, the tree must have been parsed with parents. */
export function textOf(node: ts.Node, file: ts.SourceFile = fileOf(node)): string {
  return file.text.slice(startOf(node, file), node.end);
}

function fileOf(node: ts.Node): ts.SourceFile {
  let at = node;
  while (!ts.isSourceFile(at)) at = at.parent;
  return at;
}
