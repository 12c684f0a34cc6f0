import { defaultsOf } from "../../sources/python-parts.ts";
import type { PyExpression, PyStatement } from "../../types/python.ts";

/** The expressions that a statement evaluates itself, in order; blocks and function bodies are left out. */
export function expressionsOf(statement: PyStatement): PyExpression[] {
  switch (statement.kind) {
    case "function":
      return [...statement.decorators, ...defaultsOf(statement.parameters)];
    case "class":
      return [...statement.decorators, ...statement.bases, ...statement.keywords.map((keyword) => keyword.value)];
    case "expression":
      return [statement.value];
    case "assign":
      return [statement.value, ...statement.targets];
    case "annotated":
      return statement.value ? [statement.value] : [];
    case "augmented":
      return [statement.target, statement.value];
    case "return":
      return statement.value ? [statement.value] : [];
    case "raise":
      return [statement.value, statement.cause].filter((one) => one !== null);
    case "delete":
      return statement.targets;
    case "assert":
      return statement.message ? [statement.test, statement.message] : [statement.test];
    case "if":
    case "while":
      return [statement.test];
    case "for":
      return [statement.iterable];
    case "with":
      return statement.items.map((item) => item.value);
    case "match":
      return [statement.subject, ...statement.cases.flatMap((one) => (one.guard ? [one.guard] : []))];
    default:
      return [];
  }
}

/** `a.b.c` as text, or null for anything that is not a dotted name. */
export function dottedText(node: PyExpression): string | null {
  if (node.kind === "name") return node.name;
  if (node.kind !== "attribute") return null;
  const object = dottedText(node.object);
  return object === null ? null : `${object}.${node.name.text}`;
}
