import type { EnvironmentRead, EnvironmentReads } from "../../types/environment-read.ts";
import type { Need } from "../../types/need.ts";
import { ts } from "../typescript.ts";
import { startOf } from "../typescript-places.ts";

/** What a walk over one file knows of it. */
export interface JavascriptReader {
  file: ts.SourceFile;
  text: string;
  result: EnvironmentReads;
  /** Names that hold the whole environment: `const env = process.env`. */
  environments: Set<string>;
  /** Names that hold one variable's value, with its reads. */
  bound: Map<string, EnvironmentRead[]>;
  /** Literal lists of names. */
  lists: Map<string, string[]>;
  /** Initialisers of top-level names. */
  values: Map<string, ts.Expression>;
  /** Names taken out of the environment by a pattern, with the default there. */
  taken: Map<string, { name: string; otherwise: ts.Expression | null }>;
  /** Names with the variables that they were set from, as far as asked. */
  settings: Map<string, readonly string[]>;
  /** Functions that throw where their first argument is empty. */
  asserting: Set<string>;
}

/** Adds one read at a node. */
export function add(
  name: string,
  need: Need,
  node: ts.Node,
  guarded: ReadonlySet<string>,
  reader: JavascriptReader,
): EnvironmentRead {
  const start = startOf(node, reader.file);
  const read: EnvironmentRead = {
    name,
    need: guarded.has(name) ? "optional" : need,
    form: reader.text
      .slice(start, Math.min(node.end, start + 80))
      .replace(/\s+/g, " ")
      .replace(/ (?=\??\.)/g, ""),
    unless: null,
    atImport: runsAtImport(node),
    ...(isCaught(node) ? { unsure: true as const } : {}),
    start,
    end: node.end,
  };
  reader.result.reads.push(read);
  return read;
}

/** Whether a place is reached while its module is loaded: not in a function, unless the module calls it itself. */
export function runsAtImport(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node.parent; at; at = at.parent)
    if (ts.isFunctionLike(at) && !isCalledAtOnce(at)) return false;
  return true;
}

function isCalledAtOnce(node: ts.SignatureDeclaration): boolean {
  const outer = node.parent;
  if (isImmediate(node)) return true;
  const name = ts.isFunctionDeclaration(node)
    ? node.name
    : ts.isVariableDeclaration(outer) && ts.isIdentifier(outer.name)
      ? outer.name
      : null;
  return name !== null && name !== undefined && startedFunctions(fileOf(node)).has(name.text);
}

function fileOf(node: ts.Node): ts.SourceFile {
  let at = node;
  while (!ts.isSourceFile(at)) at = at.parent;
  return at;
}

/** `(() => { … })()` and `list.forEach(() => { … })`. */
function isImmediate(node: ts.Node): boolean {
  let outer = node.parent;
  while (ts.isParenthesizedExpression(outer)) outer = outer.parent;
  if (!ts.isCallExpression(outer)) return false;
  if (!outer.arguments.some((one) => one === node)) return true;
  const { expression } = outer;
  return (
    ts.isPropertyAccessExpression(expression) &&
    /^(?:forEach|map|filter|flatMap|reduce|some|every|find)$/.test(expression.name.text)
  );
}

const started = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** Names of functions that a file calls while it is loaded, through functions of its own as well. */
function startedFunctions(file: ts.SourceFile): ReadonlySet<string> {
  const known = started.get(file);
  if (known) return known;
  const bodies = new Map<string, ts.Node>();
  const found = new Set<string>();
  const queue: ts.Node[] = [];
  const walk = (node: ts.Node, depth: number): void => {
    if (depth > 60) return;
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const { text } = node.expression;
      const body = bodies.get(text);
      if (!found.has(text) && body) queue.push(body);
      found.add(text);
    }
    ts.forEachChild(node, (child) => {
      if (!ts.isFunctionLike(child) || isImmediate(child)) walk(child, depth + 1);
    });
  };
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name && statement.body)
      bodies.set(statement.name.text, statement.body);
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer && ts.isFunctionLike(initializer) && "body" in initializer)
          bodies.set(name.text, initializer.body as ts.Node);
  }
  for (const statement of file.statements) if (!ts.isFunctionDeclaration(statement)) walk(statement, 0);
  for (let body = queue.pop(); body; body = queue.pop()) walk(body, 0);
  started.set(file, found);
  return found;
}

/** Whether an expression is the whole environment. */
export function isEnvironment(node: ts.Expression, reader: Pick<JavascriptReader, "environments">): boolean {
  const name = dotted(unwrap(node));
  return (
    name !== null &&
    (/^(?:(?:globalThis|window|global)\.)?(?:process\.env|Bun\.env)$|^import\.meta\.env$/.test(name) ||
      reader.environments.has(name))
  );
}

/** Whether an expression is a text without holes. */
export const isText = (node: ts.Expression): boolean =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);

/** Takes off parentheses, `!`, `as` and `satisfies`. */
export function unwrap(node: ts.Expression): ts.Expression {
  let at = node;
  while (
    ts.isParenthesizedExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isSatisfiesExpression(at) ||
    ts.isTypeAssertionExpression(at)
  )
    at = at.expression;
  return at;
}

/** `a.b.c` of names and attributes, or null. */
export function dotted(node: ts.Expression): string | null {
  if (ts.isIdentifier(node)) return node.text;
  if (node.kind === ts.SyntaxKind.ThisKeyword) return "this";
  if (ts.isMetaProperty(node)) return "import.meta";
  if (ts.isElementAccessExpression(node) && isText(node.argumentExpression)) {
    const object = dotted(unwrap(node.expression));
    return object === null ? null : `${object}.${(node.argumentExpression as ts.StringLiteral).text}`;
  }
  if (!ts.isPropertyAccessExpression(node)) return null;
  const object = dotted(unwrap(node.expression));
  return object === null ? null : `${object}.${node.name.text}`;
}

/** Inside a `try` of the same function whose handler goes on. */
export function isCaught(node: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    if (ts.isFunctionLike(at)) return false;
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at)
      return at.parent.catchClause !== undefined && !containsThrow(at.parent.catchClause.block, 0);
  }
  return false;
}

/** Whether something below a node throws or ends the process. */
export function containsThrow(node: ts.Node, depth: number): boolean {
  if (ends(node)) return true;
  return depth < 40 && (ts.forEachChild(node, (child) => containsThrow(child, depth + 1) || undefined) ?? false);
}

/** Whether a node throws or ends the process, by itself or by a function of the file that never comes back. */
export const ends = (node: ts.Node): boolean =>
  endsItself(node) ||
  (ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    failingFunctions(fileOf(node)).has(node.expression.text));

const endsItself = (node: ts.Node): boolean =>
  ts.isThrowStatement(node) ||
  (ts.isCallExpression(node) && /^process\.(?:exit|abort)$/.test(dotted(node.expression) ?? ""));

const failing = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** Names of a file's own functions whose body throws or ends the process whatever it is given. */
function failingFunctions(file: ts.SourceFile): ReadonlySet<string> {
  const known = failing.get(file);
  if (known) return known;
  const found = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name && alwaysEnds(statement.body))
      found.add(statement.name.text);
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer && ts.isArrowFunction(initializer) && alwaysEnds(initializer.body))
          found.add(name.text);
  }
  failing.set(file, found);
  return found;
}

/** A body that ends with a throw and has no branch that leaves before it. */
function alwaysEnds(body: ts.Node | undefined): boolean {
  if (!body || !ts.isBlock(body)) return body !== undefined && endsItself(body);
  const last = body.statements.at(-1);
  if (!last || !endsItself(ts.isExpressionStatement(last) ? last.expression : last)) return false;
  return body.statements.slice(0, -1).every((one) => ts.isExpressionStatement(one) || ts.isVariableStatement(one));
}
