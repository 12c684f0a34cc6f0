import type {
  PyCase,
  PyExpression,
  PyHandler,
  PyImported,
  PyName,
  PyRange,
  PyStatement,
  PyTry,
  PythonFile,
  PyWithItem,
} from "../types/python.ts";
import { type Grammar, loadGrammar, type SyntaxNode } from "./grammar.ts";
import { lineStartsOf } from "./positions.ts";
import {
  childOf,
  childrenOf,
  expressionOf,
  hasToken,
  meaningful,
  nameOf,
  parametersOf,
  readArguments,
} from "./python-expressions.ts";

let grammar: Grammar | null = null;

/** Loads the grammar; to be awaited once before the first `parsePython`. */
export async function preparePython(): Promise<void> {
  grammar = await loadGrammar("python");
}

/**
 * Parses Python into plain objects. Never throws for text; what cannot be read becomes `unknown` and a `damaged` range.
 * @throws when `preparePython` was not awaited before
 */
export function parsePython(text: string): PythonFile {
  if (!grammar) throw new Error("preparePython must be awaited first");
  const tree = grammar.parse(text);
  return {
    body: blockOf(tree.root, text),
    lineStarts: lineStartsOf(text),
    damaged: tree.hasError ? damageIn(tree.root) : [],
    truncated: tree.truncated,
  };
}

function damageIn(root: SyntaxNode): PyRange[] {
  const damaged: PyRange[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === "ERROR" || node.missing) damaged.push({ start: node.start, end: node.end });
    for (let at = node.children.length - 1; at >= 0; at--) open.push(node.children[at]!);
  }
  return damaged;
}

/** The statements of a module or block; an ERROR node gives the statements and expressions inside it. */
function blockOf(node: SyntaxNode | undefined, text: string): PyStatement[] {
  const statements: PyStatement[] = [];
  for (const child of node?.children ?? []) {
    if (!child.named || child.type === "comment" || child.type === "line_continuation") continue;
    statements.push(statementOf(child, text));
  }
  return statements;
}

function statementOf(node: SyntaxNode, text: string): PyStatement {
  const span = { start: node.start, end: node.end };
  const of = (child: SyntaxNode | undefined): PyExpression =>
    child ? expressionOf(child, text) : { kind: "unknown", start: node.start, end: node.start, parts: [] };
  const field = (name: string) => childOf(node, name);
  const optional = (child: SyntaxNode | undefined) => (child ? expressionOf(child, text) : null);
  const block = (name: string) => blockOf(childOf(node, name), text);
  switch (node.type) {
    case "expression_statement":
      return expressionStatement(node, text);
    case "assignment":
    case "augmented_assignment":
      return assignmentOf(node, text);
    case "decorated_definition": {
      const definition = statementOf(childOf(node, "definition") ?? { ...node, type: "", children: [] }, text);
      if (definition.kind === "function" || definition.kind === "class") {
        for (const child of node.children) {
          if (child.type === "decorator") definition.decorators.push(of(meaningful(child)[0]));
        }
      }
      return definition;
    }
    case "function_definition":
      return {
        kind: "function",
        ...span,
        name: nameOf(field("name"), text, node),
        async: hasToken(node, "async"),
        decorators: [],
        parameters: parametersOf(field("parameters"), text),
        returns: optional(field("return_type")),
        body: block("body"),
      };
    case "class_definition": {
      const bases: PyExpression[] = [];
      const keywords: Extract<PyStatement, { kind: "class" }>["keywords"] = [];
      const list = field("superclasses");
      if (list) readArguments(list, text, bases, keywords);
      const name = nameOf(field("name"), text, node);
      return { kind: "class", ...span, name, decorators: [], bases, keywords, body: block("body") };
    }
    case "import_statement":
      return { kind: "import", ...span, names: importedNames(node, text) };
    case "future_import_statement":
      return { kind: "from", ...span, level: 0, module: "__future__", names: importedNames(node, text) };
    case "import_from_statement":
      return fromImport(node, text);
    case "return_statement":
      return { kind: "return", ...span, value: optional(meaningful(node)[0]) };
    case "raise_statement": {
      const cause = field("cause");
      const value = meaningful(node).find((child) => child !== cause);
      return { kind: "raise", ...span, value: optional(value), cause: optional(cause) };
    }
    case "delete_statement":
      return { kind: "delete", ...span, targets: meaningful(node).map(of) };
    case "assert_statement": {
      const [test, message] = meaningful(node);
      return { kind: "assert", ...span, test: of(test), message: optional(message) };
    }
    case "global_statement":
    case "nonlocal_statement":
      return {
        kind: node.type === "global_statement" ? "global" : "nonlocal",
        ...span,
        names: meaningful(node).map((child) => text.slice(child.start, child.end)),
      };
    case "pass_statement":
      return { kind: "pass", ...span };
    case "break_statement":
      return { kind: "break", ...span };
    case "continue_statement":
      return { kind: "continue", ...span };
    case "if_statement":
      return ifOf(node, childrenOf(node, "alternative"), text);
    case "for_statement":
      return {
        kind: "for",
        ...span,
        async: hasToken(node, "async"),
        target: of(field("left")),
        iterable: of(field("right")),
        body: block("body"),
        orElse: elseOf(field("alternative"), text),
      };
    case "while_statement":
      return {
        kind: "while",
        ...span,
        test: of(field("condition")),
        body: block("body"),
        orElse: elseOf(field("alternative"), text),
      };
    case "try_statement":
      return tryOf(node, text);
    case "with_statement": {
      const clause = node.children.find((child) => child.type === "with_clause");
      const items = clause ? meaningful(clause).flatMap((child) => withItems(child, text)) : [];
      return { kind: "with", ...span, async: hasToken(node, "async"), items, body: block("body") };
    }
    case "match_statement": {
      const subjects = childrenOf(node, "subject").map(of);
      const first = subjects[0] ?? of(undefined);
      const subject: PyExpression =
        subjects.length > 1
          ? { kind: "tuple", start: first.start, end: subjects.at(-1)?.end ?? first.end, items: subjects }
          : first;
      const cases = (field("body")?.children ?? []).filter((child) => child.type === "case_clause");
      return { kind: "match", ...span, subject, cases: cases.map((child) => caseOf(child, text)) };
    }
    case "type_alias_statement":
      return { kind: "type-alias", ...span, name: of(field("left")), value: of(field("right")) };
    case "print_statement":
    case "exec_statement":
      return { kind: "unknown", ...span, body: meaningful(node).map((child) => bare(expressionOf(child, text))) };
    case "ERROR":
    case "block":
      return { kind: "unknown", ...span, body: blockOf(node, text) };
    default:
      return bare(expressionOf(node, text));
  }
}

function bare(value: PyExpression): PyStatement {
  return { kind: "expression", start: value.start, end: value.end, value };
}

function expressionStatement(node: SyntaxNode, text: string): PyStatement {
  const inner = meaningful(node);
  const first = inner[0];
  if (inner.length === 1 && first && (first.type === "assignment" || first.type === "augmented_assignment")) {
    return assignmentOf(first, text);
  }
  const value: PyExpression =
    inner.length === 1 && !hasToken(node, ",")
      ? expressionOf(first, text)
      : { kind: "tuple", start: node.start, end: node.end, items: inner.map((child) => expressionOf(child, text)) };
  return { kind: "expression", start: node.start, end: node.end, value };
}

function assignmentOf(node: SyntaxNode, text: string): PyStatement {
  const span = { start: node.start, end: node.end };
  const left = childOf(node, "left");
  const target = expressionOf(left ?? { ...node, type: "", children: [] }, text);
  const right = childOf(node, "right");
  const annotation = childOf(node, "type");
  if (node.type === "augmented_assignment") {
    const operator = node.children.find((child) => child.field === "operator");
    return {
      kind: "augmented",
      ...span,
      target,
      operator: operator ? text.slice(operator.start, operator.end) : "",
      value: expressionOf(right ?? { ...node, type: "", children: [] }, text),
    };
  }
  if (annotation) {
    const value = right ? expressionOf(right, text) : null;
    return { kind: "annotated", ...span, target, annotation: expressionOf(annotation, text), value };
  }
  const targets = [target];
  let value = right;
  while (value?.type === "assignment" && !childOf(value, "type")) {
    const next = childOf(value, "left");
    if (next) targets.push(expressionOf(next, text));
    value = childOf(value, "right");
  }
  return { kind: "assign", ...span, targets, value: expressionOf(value ?? { ...node, type: "", children: [] }, text) };
}

function dottedText(node: SyntaxNode, text: string): string {
  return node.type === "dotted_name"
    ? node.children
        .filter((child) => child.type === "identifier")
        .map((child) => text.slice(child.start, child.end))
        .join(".")
    : text.slice(node.start, node.end);
}

function importedNames(node: SyntaxNode, text: string): PyImported[] {
  if (node.children.some((child) => child.type === "wildcard_import")) {
    const star = node.children.find((child) => child.type === "wildcard_import")!;
    return [{ name: "*", alias: null, start: star.start, end: star.end }];
  }
  return childrenOf(node, "name").map((child) => {
    const named = child.type === "aliased_import" ? childOf(child, "name") : child;
    const alias = child.type === "aliased_import" ? childOf(child, "alias") : undefined;
    return {
      name: named ? dottedText(named, text) : "",
      alias: alias ? text.slice(alias.start, alias.end) : null,
      start: child.start,
      end: child.end,
    };
  });
}

function fromImport(node: SyntaxNode, text: string): PyStatement {
  const source = childOf(node, "module_name");
  let level = 0;
  let dotted = source;
  if (source?.type === "relative_import") {
    const prefix = source.children.find((child) => child.type === "import_prefix");
    level = prefix ? (text.slice(prefix.start, prefix.end).match(/\./g)?.length ?? 0) : 0;
    dotted = source.children.find((child) => child.type === "dotted_name");
  }
  const module = dotted ? dottedText(dotted, text) : "";
  return { kind: "from", start: node.start, end: node.end, level, module, names: importedNames(node, text) };
}

function ifOf(node: SyntaxNode, alternatives: SyntaxNode[], text: string): PyStatement {
  let orElse: PyStatement[] = [];
  for (const alternative of [...alternatives].reverse()) {
    if (alternative.type === "else_clause") orElse = elseOf(alternative, text);
    else orElse = [{ ...branchOf(alternative, text), orElse }];
  }
  return { ...branchOf(node, text), orElse };
}

function branchOf(node: SyntaxNode, text: string): Extract<PyStatement, { kind: "if" }> {
  const test = childOf(node, "condition");
  return {
    kind: "if",
    start: node.start,
    end: node.end,
    test: expressionOf(test ?? { ...node, type: "", children: [] }, text),
    body: blockOf(childOf(node, "consequence"), text),
    orElse: [],
  };
}

function elseOf(node: SyntaxNode | undefined, text: string): PyStatement[] {
  return node ? blockOf(childOf(node, "body"), text) : [];
}

function lastBlock(node: SyntaxNode): SyntaxNode | undefined {
  return node.children.findLast((child) => child.type === "block");
}

function tryOf(node: SyntaxNode, text: string): PyTry {
  const result: PyTry = {
    kind: "try",
    start: node.start,
    end: node.end,
    body: blockOf(childOf(node, "body"), text),
    handlers: [],
    orElse: [],
    finalBody: [],
  };
  for (const child of node.children) {
    if (child.type === "except_clause") result.handlers.push(handlerOf(child, text));
    else if (child.type === "else_clause") result.orElse = elseOf(child, text);
    else if (child.type === "finally_clause") result.finalBody = blockOf(lastBlock(child), text);
  }
  return result;
}

function handlerOf(node: SyntaxNode, text: string): PyHandler {
  const values = childrenOf(node, "value");
  let type: SyntaxNode | undefined = values[0];
  let alias = childOf(node, "alias");
  if (type?.type === "as_pattern") {
    alias = childOf(type, "alias");
    type = meaningful(type)[0];
  }
  let caught: PyExpression | null = type ? expressionOf(type, text) : null;
  if (caught && values.length > 1) {
    const items = values.map((value) => expressionOf(value, text));
    caught = { kind: "tuple", start: caught.start, end: items.at(-1)?.end ?? caught.end, items };
  }
  return {
    start: node.start,
    end: node.end,
    type: caught,
    name: alias ? text.slice(alias.start, alias.end) : null,
    group: hasToken(node, "*"),
    body: blockOf(lastBlock(node), text),
  };
}

/** `with (a as b, c):` may come as one tuple: it stands for several items. */
function withItems(node: SyntaxNode, text: string): PyWithItem[] {
  const span = { start: node.start, end: node.end };
  const value = node.type === "with_item" ? childOf(node, "value") : node;
  if (!value) return [];
  if (value.type === "as_pattern") {
    const alias = childOf(value, "alias");
    const target = alias ? expressionOf(alias, text) : null;
    return [{ ...span, value: expressionOf(meaningful(value)[0] ?? value, text), target }];
  }
  const inner = value.type === "tuple" || value.type === "parenthesized_expression" ? meaningful(value) : [];
  if (inner.some((child) => child.type === "as_pattern")) return inner.flatMap((child) => withItems(child, text));
  return [{ ...span, value: expressionOf(value, text), target: null }];
}

function caseOf(node: SyntaxNode, text: string): PyCase {
  const guard = childOf(node, "guard");
  const condition = guard ? meaningful(guard)[0] : undefined;
  const patterns = node.children.filter((child) => child.type === "case_pattern");
  const binds: PyName[] = [];
  for (const pattern of patterns) captures(pattern, text, binds);
  const only = patterns.length === 1 && patterns[0] ? text.slice(patterns[0].start, patterns[0].end).trim() : "";
  return {
    start: node.start,
    end: node.end,
    binds,
    irrefutable: !condition && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(only) && !["None", "True", "False"].includes(only),
    guard: condition ? expressionOf(condition, text) : null,
    body: blockOf(childOf(node, "consequence"), text),
  };
}

/** Capture patterns are dotted names of one part; class names and keywords of a class pattern are none. */
function captures(node: SyntaxNode, text: string, binds: PyName[]): void {
  node.children.forEach((child, at) => {
    if (child.type === "dotted_name") {
      const isClass = node.type === "class_pattern" && at === 0;
      if (!isClass && child.children.length === 1) binds.push(nameOf(child, text, child));
    } else if (child.type === "identifier" && (node.type === "as_pattern" || node.type === "splat_pattern")) {
      binds.push(nameOf(child, text, child));
    } else {
      captures(child, text, binds);
    }
  });
}
