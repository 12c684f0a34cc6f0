import type {
  PyCall,
  PyComprehension,
  PyComprehensionClause,
  PyExpression,
  PyKeyword,
  PyName,
  PyParameter,
  PyRange,
} from "../types/python.ts";
import type { SyntaxNode } from "./grammar.ts";
import { stringValue } from "./python-strings.ts";

const dropped = new Set(["comment", "line_continuation", "ERROR"]);

/** The children that carry meaning: no punctuation, comments or skipped text. */
export function meaningful(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((child) => child.named && !dropped.has(child.type));
}

export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field && !dropped.has(child.type));
}

export function childrenOf(node: SyntaxNode, field: string): SyntaxNode[] {
  return node.children.filter((child) => child.field === field && child.named && !dropped.has(child.type));
}

export function hasToken(node: SyntaxNode, token: string): boolean {
  return node.children.some((child) => !child.named && child.type === token);
}

function spanOf(node: SyntaxNode): PyRange {
  return { start: node.start, end: node.end };
}

export function nameOf(node: SyntaxNode | undefined, text: string, fallback: SyntaxNode): PyName {
  if (!node) return { text: "", start: fallback.start, end: fallback.start };
  return { text: identifierText(node, text), start: node.start, end: node.end };
}

/** Python compares identifiers in NFKC. */
function identifierText(node: SyntaxNode, text: string): string {
  const written = text.slice(node.start, node.end);
  return /[^\x00-\x7f]/.test(written) ? written.normalize("NFKC") : written;
}

/** The expression in `node`; a missing one (damaged text) becomes an empty `unknown`. */
export function expressionOf(node: SyntaxNode | undefined, text: string): PyExpression {
  if (!node) return { kind: "unknown", start: 0, end: 0, parts: [] };
  const span = spanOf(node);
  const of = (child: SyntaxNode | undefined) => (child ? expressionOf(child, text) : emptyAt(node));
  const all = () => meaningful(node).map((child) => expressionOf(child, text));
  switch (node.type) {
    case "identifier":
      return { kind: "name", ...span, id: identifierText(node, text) };
    case "attribute": {
      const name = nameOf(childOf(node, "attribute"), text, node);
      return unstarred({ kind: "attribute", ...span, object: of(childOf(node, "object")), name }, "object");
    }
    case "call":
      return unstarred(callOf(node, text), "callee");
    case "string":
    case "concatenated_string":
      return stringOf(node, text);
    case "integer":
    case "float":
      return { kind: "number", ...span, text: text.slice(node.start, node.end) };
    case "true":
      return { kind: "constant", ...span, value: true };
    case "false":
      return { kind: "constant", ...span, value: false };
    case "none":
      return { kind: "constant", ...span, value: null };
    case "ellipsis":
      return { kind: "constant", ...span, value: "..." };
    case "subscript": {
      const indexes = childrenOf(node, "subscript").map((child) => expressionOf(child, text));
      return unstarred({ kind: "subscript", ...span, object: of(childOf(node, "value")), indexes }, "object");
    }
    case "slice":
      return { kind: "slice", ...span, parts: all() };
    case "await":
      return { kind: "await", ...span, value: of(meaningful(node)[0]) };
    case "yield": {
      const value = meaningful(node)[0];
      return { kind: "yield", ...span, from: hasToken(node, "from"), value: value ? expressionOf(value, text) : null };
    }
    case "binary_operator":
      return {
        kind: "binary",
        ...span,
        operator: operatorOf(node, text),
        left: of(childOf(node, "left")),
        right: of(childOf(node, "right")),
      };
    case "union_type": {
      const [left, right] = meaningful(node);
      return { kind: "binary", ...span, operator: "|", left: of(left), right: of(right) };
    }
    case "boolean_operator":
      return {
        kind: "boolean",
        ...span,
        operator: operatorOf(node, text) === "or" ? "or" : "and",
        left: of(childOf(node, "left")),
        right: of(childOf(node, "right")),
      };
    case "not_operator":
      return { kind: "unary", ...span, operator: "not", value: of(childOf(node, "argument")) };
    case "unary_operator": {
      const operator = operatorOf(node, text);
      return {
        kind: "unary",
        ...span,
        operator: operator === "-" || operator === "~" ? operator : "+",
        value: of(childOf(node, "argument")),
      };
    }
    case "comparison_operator":
      return {
        kind: "comparison",
        ...span,
        operands: node.children
          .filter((child) => child.named && child.field !== "operators" && !dropped.has(child.type))
          .map((child) => expressionOf(child, text)),
        operators: node.children
          .filter((child) => child.field === "operators")
          .map((child) => text.slice(child.start, child.end).replace(/\s+/g, " ")),
      };
    case "conditional_expression": {
      const [body, test, orElse] = meaningful(node);
      return { kind: "conditional", ...span, test: of(test), body: of(body), orElse: of(orElse) };
    }
    case "lambda":
      return {
        kind: "lambda",
        ...span,
        parameters: parametersOf(childOf(node, "parameters"), text),
        body: of(childOf(node, "body")),
      };
    case "named_expression": {
      const target = childOf(node, "name") ?? node;
      return {
        kind: "named",
        ...span,
        target: { kind: "name", ...spanOf(target), id: text.slice(target.start, target.end) },
        value: of(childOf(node, "value")),
      };
    }
    case "list":
    case "list_pattern":
      return { kind: "list", ...span, items: all() };
    case "tuple_pattern": {
      const items = all();
      const only = items.length === 1 && !hasToken(node, ",") ? items[0] : undefined;
      return only ?? { kind: "tuple", ...span, items };
    }
    case "tuple":
    case "expression_list":
    case "pattern_list":
      return { kind: "tuple", ...span, items: all() };
    case "set":
      return { kind: "set", ...span, items: all() };
    case "dictionary":
      return { kind: "dict", ...span, entries: meaningful(node).map((child) => dictEntry(child, text)) };
    case "list_comprehension":
      return comprehensionOf(node, "list", text);
    case "set_comprehension":
      return comprehensionOf(node, "set", text);
    case "dictionary_comprehension":
      return comprehensionOf(node, "dict", text);
    case "generator_expression":
      return comprehensionOf(node, "generator", text);
    case "list_splat":
    case "list_splat_pattern":
      return { kind: "starred", ...span, double: false, value: of(meaningful(node)[0]) };
    case "dictionary_splat":
    case "dictionary_splat_pattern":
      return { kind: "starred", ...span, double: true, value: of(meaningful(node)[0]) };
    case "splat_type":
      return { kind: "starred", ...span, double: hasToken(node, "**"), value: of(meaningful(node)[0]) };
    case "parenthesized_expression":
    case "type":
    case "as_pattern_target":
    case "expression_statement": {
      const inner = meaningful(node);
      if (inner.length === 1) return expressionOf(inner[0], text);
      return { kind: inner.length > 1 ? "tuple" : "unknown", ...span, items: all(), parts: [] } as PyExpression;
    }
    case "generic_type": {
      const [object, parameters] = meaningful(node);
      const indexes = parameters ? meaningful(parameters).map((child) => expressionOf(child, text)) : [];
      return { kind: "subscript", ...span, object: of(object), indexes };
    }
    case "member_type": {
      const [object, name] = meaningful(node);
      return { kind: "attribute", ...span, object: of(object), name: nameOf(name, text, node) };
    }
    case "dotted_name":
      return dottedOf(meaningful(node), text, node);
    default:
      return { kind: "unknown", ...span, parts: all() };
  }
}

/** The grammar binds `*` closer than calls and attributes: `*f(x)` comes as a call of `*f`. Python stars the whole. */
function unstarred<K extends string, N extends PyExpression & Record<K, PyExpression>>(node: N, key: K): PyExpression {
  const inner = node[key];
  if (inner.kind !== "starred" || inner.double) return node;
  return { ...inner, end: node.end, value: { ...node, start: inner.value.start, [key]: inner.value } };
}

function emptyAt(node: SyntaxNode): PyExpression {
  return { kind: "unknown", start: node.start, end: node.start, parts: [] };
}

function operatorOf(node: SyntaxNode, text: string): string {
  const operator = node.children.find((child) => child.field === "operator");
  return operator ? text.slice(operator.start, operator.end) : "";
}

function dottedOf(names: SyntaxNode[], text: string, node: SyntaxNode): PyExpression {
  let result: PyExpression | null = null;
  for (const name of names) {
    const id = text.slice(name.start, name.end);
    result = result
      ? { kind: "attribute", start: node.start, end: name.end, object: result, name: { text: id, ...spanOf(name) } }
      : { kind: "name", ...spanOf(name), id };
  }
  return result ?? emptyAt(node);
}

function callOf(node: SyntaxNode, text: string): PyCall {
  const call: PyCall = {
    kind: "call",
    ...spanOf(node),
    callee: expressionOf(childOf(node, "function") ?? { ...node, type: "", children: [] }, text),
    arguments: [],
    keywords: [],
  };
  const list = childOf(node, "arguments");
  if (list?.type === "generator_expression") call.arguments.push(expressionOf(list, text));
  else if (list) readArguments(list, text, call.arguments, call.keywords);
  return call;
}

/** Sorts an argument list into positional and keyword arguments. */
export function readArguments(list: SyntaxNode, text: string, positional: PyExpression[], keywords: PyKeyword[]): void {
  for (const child of meaningful(list)) {
    if (child.type === "keyword_argument") {
      const name = childOf(child, "name");
      keywords.push({
        ...spanOf(child),
        name: name ? text.slice(name.start, name.end) : "",
        value: expressionOf(childOf(child, "value") ?? { ...child, type: "", children: [] }, text),
      });
    } else if (child.type === "dictionary_splat") {
      keywords.push({ ...spanOf(child), name: null, value: expressionOf(meaningful(child)[0] ?? child, text) });
    } else {
      positional.push(expressionOf(child, text));
    }
  }
}

function dictEntry(node: SyntaxNode, text: string): { key: PyExpression | null; value: PyExpression } {
  if (node.type !== "pair") {
    const inner = meaningful(node)[0];
    return { key: null, value: inner ? expressionOf(inner, text) : emptyAt(node) };
  }
  const key = childOf(node, "key");
  const value = childOf(node, "value");
  return {
    key: key ? expressionOf(key, text) : emptyAt(node),
    value: value ? expressionOf(value, text) : emptyAt(node),
  };
}

function comprehensionOf(node: SyntaxNode, form: PyComprehension["form"], text: string): PyComprehension {
  const body = childOf(node, "body");
  const clauses: PyComprehensionClause[] = [];
  for (const child of meaningful(node)) {
    if (child.type === "for_in_clause") {
      const right = childrenOf(child, "right");
      const left = childOf(child, "left");
      clauses.push({
        ...spanOf(child),
        async: hasToken(child, "async"),
        target: left ? expressionOf(left, text) : emptyAt(child),
        iterable: right[0] ? expressionOf(right[0], text) : emptyAt(child),
        conditions: [],
      });
    } else if (child.type === "if_clause") {
      const condition = meaningful(child)[0];
      if (condition) clauses.at(-1)?.conditions.push(expressionOf(condition, text));
    }
  }
  const pair = body?.type === "pair" ? dictEntry(body, text) : null;
  return {
    kind: "comprehension",
    ...spanOf(node),
    form,
    element: pair ? (pair.key ?? emptyAt(node)) : body ? expressionOf(body, text) : emptyAt(node),
    value: pair ? pair.value : null,
    clauses,
  };
}

function stringOf(node: SyntaxNode, text: string): PyExpression {
  const pieces = node.type === "string" ? [node] : meaningful(node).filter((child) => child.type === "string");
  const parts: (string | PyExpression)[] = [];
  let bytes = false;
  let interpolated = false;
  for (const piece of pieces) {
    const opening = piece.children.find((child) => child.type === "string_start");
    const prefix = opening
      ? text
          .slice(opening.start, opening.end)
          .replace(/["']+$/, "")
          .toLowerCase()
      : "";
    const format = prefix.includes("f") || prefix.includes("t");
    if (prefix.includes("b")) bytes = true;
    if (!format && opening) {
      const closing = piece.children.find((child) => child.type === "string_end" && !child.missing);
      addText(parts, stringValue(text.slice(opening.end, closing?.start ?? piece.end), prefix.includes("r"), false));
      continue;
    }
    for (const child of piece.children) {
      if (child.type === "string_content") {
        addText(parts, stringValue(text.slice(child.start, child.end), prefix.includes("r"), true));
      } else if (child.type === "interpolation") {
        interpolated = true;
        const inner = childOf(child, "expression");
        const debug = inner && child.children.find((token) => token.type === "=");
        if (debug) addText(parts, text.slice(child.start + 1, debug.end));
        parts.push(inner ? expressionOf(inner, text) : emptyAt(child));
        for (const nested of childOf(child, "format_specifier")?.children ?? []) {
          const value = nested.type === "format_expression" ? childOf(nested, "expression") : undefined;
          if (value) parts.push(expressionOf(value, text));
        }
      }
    }
  }
  if (interpolated) return { kind: "format", ...spanOf(node), parts };
  return { kind: "string", ...spanOf(node), value: parts.join(""), bytes };
}

function addText(parts: (string | PyExpression)[], value: string): void {
  const last = parts.length - 1;
  if (typeof parts[last] === "string") parts[last] += value;
  else parts.push(value);
}

/** Parameters of a `def` or `lambda`, markers (`/`, bare `*`) included. */
export function parametersOf(list: SyntaxNode | undefined, text: string): PyParameter[] {
  if (!list) return [];
  return meaningful(list).map((node) => {
    const parameter: PyParameter = { ...spanOf(node), name: "", form: "plain", annotation: null, default: null };
    const annotation = childOf(node, "type");
    const value = childOf(node, "value");
    if (annotation) parameter.annotation = expressionOf(annotation, text);
    if (value) parameter.default = expressionOf(value, text);
    const named = node.type === "typed_parameter" ? meaningful(node)[0] : (childOf(node, "name") ?? node);
    if (!named || named.type.endsWith("_separator")) {
      parameter.form = "marker";
      return parameter;
    }
    if (named.type === "list_splat_pattern") parameter.form = "star";
    if (named.type === "dictionary_splat_pattern") parameter.form = "double-star";
    const identifier = named.type === "identifier" ? named : meaningful(named)[0];
    if (identifier?.type === "identifier") parameter.name = text.slice(identifier.start, identifier.end);
    return parameter;
  });
}
