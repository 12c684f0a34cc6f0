import { ts } from "../typescript.ts";
import { textOf } from "../typescript-places.ts";
import { containsThrow, ends, unwrap } from "./syntax.ts";

/** Whether a block, or the statement that stands for one, throws or ends the process. */
export function blockThrows(node: ts.Node): boolean {
  if (ends(node)) return true;
  if (ts.isExpressionStatement(node)) return ends(unwrap(node.expression));
  return ts.isBlock(node) && node.statements.some(blockThrows);
}

/** Whether what stands behind a block is not reached from it. */
export function blockLeaves(node: ts.Node): boolean {
  const last = ts.isBlock(node) ? node.statements.at(-1) : node;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) || ts.isContinueStatement(last) || ts.isBreakStatement(last) || blockThrows(last))
  );
}

/** Whether a loop (or a callback over a list) around an access throws for what is absent. */
export function loopThrows(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node.parent; at; at = at.parent) {
    if (ts.isForOfStatement(at)) return containsThrow(at.statement, 0);
    if (ts.isArrowFunction(at) || ts.isFunctionExpression(at)) {
      const call = at.parent;
      if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
      if (call.expression.name.text === "forEach") return containsThrow(at.body, 0);
      if (call.expression.name.text !== "filter") return false;
      // `const missing = names.filter(absent); if (missing.length) throw …`
      const block = blockAround(call);
      return block !== null && containsThrow(block, 0) && /\.length\b/.test(textOf(block));
    }
    if (ts.isFunctionDeclaration(at) || ts.isSourceFile(at)) return false;
  }
  return false;
}

function blockAround(node: ts.Node): ts.Node | null {
  for (let at: ts.Node | undefined = node.parent; at; at = at.parent)
    if (ts.isBlock(at) || ts.isSourceFile(at)) return at;
  return null;
}
