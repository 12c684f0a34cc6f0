import type { PyExpression, PyParameter } from "../types/python.ts";

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

/** The same with the body of a lambda. */
export function partsOf(value: PyExpression): PyExpression[] {
  return value.kind === "lambda" ? [...childExpressions(value), value.body] : childExpressions(value);
}
