import type { PyExpression, PyParameter, PyStatement } from "../../types/python.ts";

/** The expressions directly inside an expression, in evaluation order. A lambda's body is not evaluated with it. */
export function childExpressions(node: PyExpression): PyExpression[] {
  switch (node.kind) {
    case "name":
    case "string":
    case "number":
    case "constant":
      return [];
    case "format":
      return node.parts.filter((part) => typeof part !== "string");
    case "call":
      return [node.callee, ...node.arguments, ...node.keywords.map((keyword) => keyword.value)];
    case "attribute":
      return [node.object];
    case "subscript":
      return [node.object, ...node.indexes];
    case "slice":
    case "unknown":
      return node.parts;
    case "await":
    case "unary":
    case "starred":
    case "named":
      return [node.value];
    case "yield":
      return node.value ? [node.value] : [];
    case "binary":
    case "boolean":
      return [node.left, node.right];
    case "comparison":
      return node.operands;
    case "conditional":
      return [node.test, node.body, node.orElse];
    case "lambda":
      return defaultsOf(node.parameters);
    case "list":
    case "tuple":
    case "set":
      return node.items;
    case "dict":
      return node.entries.flatMap((entry) => (entry.key ? [entry.key, entry.value] : [entry.value]));
    case "comprehension":
      return [
        ...node.clauses.flatMap((clause) => [clause.iterable, ...clause.conditions]),
        node.element,
        ...(node.value ? [node.value] : []),
      ];
  }
}

export function defaultsOf(parameters: readonly PyParameter[]): PyExpression[] {
  return parameters.flatMap((parameter) => (parameter.default ? [parameter.default] : []));
}

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
