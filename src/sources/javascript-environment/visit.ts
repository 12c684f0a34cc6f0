import { ts } from "../typescript.ts";
import { access, declared } from "./accesses.ts";
import { called } from "./calls.ts";
import { blockLeaves, blockThrows } from "./endings.ts";
import { namesOf } from "./names.ts";
import { alternatives, presence, require, requireOne } from "./presence.ts";
import { isEnvironment, isText, type JavascriptReader } from "./syntax.ts";

/** Walks with the names that are known to be present on the way. */
export function visit(node: ts.Node, guarded: ReadonlySet<string>, reader: JavascriptReader, depth: number): void {
  if (depth > 400) return;
  const next = (child: ts.Node | undefined, more: readonly string[] = []) =>
    child && visit(child, more.length > 0 ? new Set([...guarded, ...more]) : guarded, reader, depth + 1);
  if (ts.isSourceFile(node) || ts.isBlock(node) || ts.isCaseClause(node)) {
    let here = guarded;
    for (const statement of node.statements) {
      visit(statement, here, reader, depth + 1);
      if (!ts.isIfStatement(statement) || !blockLeaves(statement.thenStatement)) continue;
      const { absent } = presence(statement.expression, reader);
      if (absent.length > 0) here = new Set([...here, ...absent]);
    }
    return;
  }
  if (ts.isIfStatement(node)) {
    next(node.expression);
    const { present, absent } = presence(node.expression, reader);
    if (blockThrows(node.thenStatement)) {
      for (const name of absent) require(name, node, reader);
      requireOne(alternatives(node.expression, reader), node, reader);
    }
    next(node.thenStatement, present);
    next(node.elseStatement, absent);
    return;
  }
  if (ts.isConditionalExpression(node)) {
    next(node.condition);
    const { present, absent } = presence(node.condition, reader);
    next(node.whenTrue, present);
    next(node.whenFalse, absent);
    return;
  }
  const operator = ts.isBinaryExpression(node) ? node.operatorToken.kind : null;
  if (
    ts.isBinaryExpression(node) &&
    (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken)
  ) {
    next(node.left);
    const { present, absent } = presence(node.left, reader);
    next(node.right, operator === ts.SyntaxKind.BarBarToken ? absent : present);
    return;
  }
  if (ts.isVariableDeclaration(node)) declared(node, guarded, reader);
  if (ts.isPropertyAccessExpression(node) && isEnvironment(node.expression, reader)) {
    access(node.name.text, node, guarded, reader);
    return;
  }
  if (ts.isElementAccessExpression(node) && isEnvironment(node.expression, reader)) {
    const names = namesOf(node.argumentExpression, node, reader);
    for (const name of names) access(name, node, guarded, reader, names.length > 1 || !isText(node.argumentExpression));
    return;
  }
  if (ts.isCallExpression(node)) called(node, guarded, reader);
  ts.forEachChild(node, (child) => next(child));
}
