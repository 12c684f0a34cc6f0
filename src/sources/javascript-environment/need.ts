import type { Need } from "../../types/need.ts";
import { ts } from "../typescript.ts";
import { textOf } from "../typescript-places.ts";
import { environmentName } from "./names.ts";
import { containsThrow, dotted, type JavascriptReader, unwrap } from "./syntax.ts";

/** What a value is needed for, and what makes it unnecessary; or that the code gives it itself. */
export type Outcome = { need: Need; unless: string | null; asserted?: true } | "assigned";

/** What becomes of an absent value, told by the expressions around it. */
export function needOf(start: ts.Expression, reader: JavascriptReader): Outcome {
  let node: ts.Node = start;
  let asserted: true | undefined;
  let unless: string | null = null;
  const done = (need: Need): Outcome =>
    asserted && need === "read" ? { need: "required", unless, asserted } : { need, unless };
  for (let steps = 0; steps < 20; steps++) {
    const parent: ts.Node = node.parent;
    if (ts.isParenthesizedExpression(parent) || ts.isAwaitExpression(parent)) node = parent;
    else if (ts.isNonNullExpression(parent)) {
      asserted = true;
      node = parent;
    } else if (ts.isAsExpression(parent) || ts.isTypeAssertionExpression(parent) || ts.isSatisfiesExpression(parent)) {
      const type = textOf(parent.type, reader.file);
      if (!/\b(?:undefined|null|any|unknown)\b/.test(type) && !ts.isSatisfiesExpression(parent)) asserted = true;
      node = parent;
    } else if (ts.isBinaryExpression(parent)) {
      const kind = parent.operatorToken.kind;
      const isLeft = parent.left === node;
      if (isLeft && kind === ts.SyntaxKind.EqualsToken) return "assigned";
      if (isLeft && (kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken))
        return "assigned";
      if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) {
        if (isLeft)
          return done(containsThrow(parent.right, 0) || failing(parent.right, reader) ? "required" : "optional");
        unless = environmentName(unwrap(parent.left), reader) ?? "\u0000";
        node = parent;
      } else if (
        kind === ts.SyntaxKind.CommaToken ||
        kind === ts.SyntaxKind.EqualsToken ||
        kind === ts.SyntaxKind.PlusToken
      )
        return done("read");
      else return { need: "optional", unless };
    } else if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
      if (parent.expression !== node) return done("read");
      return parent.questionDotToken ? { need: "optional", unless } : { need: "required", unless };
    } else if (ts.isPrefixUnaryExpression(parent))
      return parent.operator === ts.SyntaxKind.ExclamationToken ? { need: "optional", unless } : done("read");
    else if (ts.isTypeOfExpression(parent) || ts.isDeleteExpression(parent) || ts.isVoidExpression(parent))
      return { need: "optional", unless };
    else if (
      (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isSwitchStatement(parent)) &&
      parent.expression === node
    )
      return { need: "optional", unless };
    else if (ts.isConditionalExpression(parent)) {
      if (parent.condition === node) return { need: "optional", unless };
      node = parent;
    } else if (ts.isCallExpression(parent) && parent.expression !== node) {
      const callee = dotted(parent.expression) ?? "";
      const first = parent.arguments[0] === node;
      if (
        first &&
        (/^(?:invariant|assert|assert\.(?:ok|strict|equal)|tiny-invariant)$/.test(callee) ||
          reader.asserting.has(callee))
      )
        return { need: "required", unless };
      if (/^(?:Boolean|isTrue|toBool|parseBool\w*)$/.test(callee)) return { need: "optional", unless };
      return done("read");
    } else return done("read");
  }
  return done("read");
}

/** `missing("X")`, `fail()`: a call that says by its name that it does not come back. */
const failing = (node: ts.Expression, _reader: JavascriptReader): boolean => {
  const value = unwrap(node);
  return (
    ts.isCallExpression(value) &&
    /^(?:fail|raise|panic|throwError|throwMissing\w*|missing\w*|die)$/.test(dotted(value.expression) ?? "")
  );
};
