import { positionAt } from "../../src/text/positions.ts";
import type { PyExpression, PyKeyword, PyParameter, PyStatement, PythonFile } from "../../src/types/python.ts";

/** The tree in the form that `python_tree.py` prints, for comparison with CPython. */
export function comparable(file: PythonFile): unknown {
  const line = (node: { start: number }) => positionAt(file.lineStarts, node.start).line;
  const body = (nodes: PyStatement[]): unknown[] => nodes.map(statement);
  const params = (list: PyParameter[]) =>
    list.map((p) => [p.form, p.name, maybe(p.annotation), maybe(p.default)] as unknown);
  const keywords = (list: PyKeyword[]) => list.map((k) => [k.name, expression(k.value)] as unknown);
  const maybe = (node: PyExpression | null) => (node ? expression(node) : null);
  const expressions = (nodes: PyExpression[]): unknown[] => nodes.map(expression);

  function expression(n: PyExpression): unknown {
    switch (n.kind) {
      case "name":
        return ["name", n.name];
      case "string":
        return n.bytes ? ["bytes"] : ["string", n.value];
      case "format":
        return ["format", n.parts.map((part) => (typeof part === "string" ? part : expression(part)))];
      case "number":
        return ["number"];
      case "constant":
        return ["constant", n.value];
      case "call":
        return ["call", expression(n.callee), expressions(n.arguments), keywords(n.keywords)];
      case "attribute":
        return ["attribute", expression(n.object), n.name.text];
      case "subscript": {
        const only = n.indexes.length === 1 ? n.indexes[0] : undefined;
        const indexes = only?.kind === "tuple" && only.items.length > 0 ? only.items : n.indexes;
        return ["subscript", expression(n.object), expressions(indexes)];
      }
      case "slice":
        return ["slice", expressions(n.parts)];
      case "await":
        return ["await", expression(n.value)];
      case "yield":
        return ["yield", n.from, maybe(n.value)];
      case "binary":
        return ["binary", n.operator, expression(n.left), expression(n.right)];
      case "boolean":
        return ["boolean", n.operator, expression(n.left), expression(n.right)];
      case "unary":
        return ["unary", n.operator, expression(n.value)];
      case "comparison":
        return ["comparison", expressions(n.operands), n.operators];
      case "conditional":
        return ["conditional", expression(n.test), expression(n.body), expression(n.orElse)];
      case "lambda":
        return ["lambda", params(n.parameters), expression(n.body)];
      case "list":
      case "tuple":
      case "set":
        return [n.kind, expressions(n.items)];
      case "dict":
        return ["dict", n.entries.map((e) => [maybe(e.key), expression(e.value)])];
      case "comprehension":
        return [
          "comprehension",
          n.form,
          expression(n.element),
          maybe(n.value),
          n.clauses.map((c) => [c.async, expression(c.target), expression(c.iterable), expressions(c.conditions)]),
        ];
      case "named":
        return ["named", expression(n.target), expression(n.value)];
      case "starred":
        return ["starred", n.double, expression(n.value)];
      case "unknown":
        return ["unknown", expressions(n.parts)];
    }
  }

  function statement(n: PyStatement): unknown {
    switch (n.kind) {
      case "function":
        return [
          "function",
          line(n),
          n.name.text,
          n.async,
          expressions(n.decorators),
          params(n.parameters),
          maybe(n.returns),
          body(n.body),
        ];
      case "class":
        return [
          "class",
          line(n),
          n.name.text,
          expressions(n.decorators),
          expressions(n.bases),
          keywords(n.keywords),
          body(n.body),
        ];
      case "import":
        return ["import", line(n), n.names.map((name) => [name.name, name.alias])];
      case "from":
        return ["from", line(n), n.level, n.module, n.names.map((name) => [name.name, name.alias])];
      case "expression":
        return ["expression", line(n), expression(n.value)];
      case "assign":
        return ["assign", line(n), expressions(n.targets), expression(n.value)];
      case "annotated":
        return ["annotated", line(n), expression(n.target), expression(n.annotation), maybe(n.value)];
      case "augmented":
        return ["augmented", line(n), expression(n.target), n.operator, expression(n.value)];
      case "return":
        return ["return", line(n), maybe(n.value)];
      case "raise":
        return ["raise", line(n), maybe(n.value), maybe(n.cause)];
      case "delete": {
        const only = n.targets.length === 1 ? n.targets[0] : undefined;
        return ["delete", line(n), expressions(only?.kind === "tuple" ? only.items : n.targets)];
      }
      case "assert":
        return ["assert", line(n), expression(n.test), maybe(n.message)];
      case "global":
      case "nonlocal":
        return [n.kind, line(n), n.names];
      case "pass":
      case "break":
      case "continue":
        return [n.kind, line(n)];
      case "if":
        return ["if", line(n), expression(n.test), body(n.body), body(n.orElse)];
      case "for":
        return ["for", line(n), n.async, expression(n.target), expression(n.iterable), body(n.body), body(n.orElse)];
      case "while":
        return ["while", line(n), expression(n.test), body(n.body), body(n.orElse)];
      case "try": {
        const handlers = n.handlers.map((h) => [line(h), maybe(h.type), h.name, h.group, body(h.body)]);
        return ["try", line(n), body(n.body), handlers, body(n.orElse), body(n.finalBody)];
      }
      case "with":
        return ["with", line(n), n.async, n.items.map((i) => [expression(i.value), maybe(i.target)]), body(n.body)];
      case "match":
        return [
          "match",
          line(n),
          expression(n.subject),
          n.cases.map((c) => [c.binds.map((b) => b.text).sort(), maybe(c.guard), body(c.body)]),
        ];
      case "type-alias":
        return ["type-alias", line(n), expression(n.name), expression(n.value)];
      case "unknown":
        return ["unknown", line(n), body(n.body)];
    }
  }

  return body(file.body);
}
