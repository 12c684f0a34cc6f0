import type { PyExpression } from "../types/python.ts";

/** The expressions directly inside one. */
export function partsOf(value: PyExpression): PyExpression[] {
  switch (value.kind) {
    case "call":
      return [value.callee, ...value.arguments, ...value.keywords.map((one) => one.value)];
    case "attribute":
      return [value.object];
    case "subscript":
      return [value.object, ...value.indexes];
    case "slice":
    case "unknown":
      return value.parts;
    case "await":
    case "starred":
    case "unary":
    case "named":
      return [value.value];
    case "yield":
      return value.value ? [value.value] : [];
    case "binary":
    case "boolean":
      return [value.left, value.right];
    case "comparison":
      return value.operands;
    case "conditional":
      return [value.test, value.body, value.orElse];
    case "lambda":
      return [value.body];
    case "list":
    case "tuple":
    case "set":
      return value.items;
    case "dict":
      return value.entries.flatMap((one) => (one.key ? [one.key, one.value] : [one.value]));
    case "comprehension":
      return [
        value.element,
        ...(value.value ? [value.value] : []),
        ...value.clauses.flatMap((clause) => [clause.iterable, ...clause.conditions]),
      ];
    case "format":
      return value.parts.filter((part): part is PyExpression => typeof part !== "string");
    default:
      return [];
  }
}
