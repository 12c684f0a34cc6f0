import { lineStartsOf } from "../text/positions.ts";
import type { EnvironmentRead, EnvironmentReads } from "../types/environment-read.ts";
import type { Need } from "../types/secret-reference.ts";
import { both, type MaybeTest, without } from "./environment-tests.ts";
import {
  add,
  containsThrow,
  dotted,
  ends,
  isCaught,
  isEnvironment,
  isText,
  type JavascriptReader,
  runsAtImport,
  unwrap,
} from "./javascript-environment-syntax.ts";
import { isInOtherBranch, testOf, whenReached } from "./javascript-environment-tests.ts";
import { schemaReads } from "./javascript-schemas.ts";
import { ts } from "./typescript.ts";
import { startOf, textOf } from "./typescript-places.ts";

/** Longer text is bundled output, not source. */
const MAXIMUM_LENGTH = 1_000_000;

/** How a JavaScript or TypeScript file reads its environment. Never throws for text. */
export function readJavascriptEnvironment(text: string): EnvironmentReads {
  const result: EnvironmentReads = {
    reads: [],
    provided: [],
    accessors: [],
    calls: [],
    lineStarts: lineStartsOf(text),
  };
  if (text.length > MAXIMUM_LENGTH) return result;
  const file = parse(text);
  const reader: JavascriptReader = {
    file,
    text,
    result,
    environments: new Set(),
    bound: new Map(),
    lists: new Map(),
    values: new Map(),
    taken: new Map(),
    settings: new Map(),
    asserting: new Set(),
  };
  if (/['"]dotenv-safe(?:\/config)?['"]/.test(text) && !/allowEmptyValues/.test(text)) result.exampleRequired = true;
  try {
    collect(file, reader, 0);
    visit(file, new Set(), reader, 0);
    schemaReads(reader);
  } catch (error) {
    // Only nesting deeper than the stack ends here; what was read so far stands.
    if (!(error instanceof RangeError)) throw error;
  }
  return result;
}

function parse(text: string): ts.SourceFile {
  const read = (kind: ts.ScriptKind) =>
    ts.createSourceFile(
      "file.tsx",
      text,
      { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
      true,
      kind,
    );
  const errors = (file: ts.SourceFile) =>
    (file as unknown as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length ?? 0;
  const first = read(ts.ScriptKind.TSX);
  if (errors(first) === 0) return first;
  const second = read(ts.ScriptKind.TS);
  return errors(second) < errors(first) ? second : first;
}

/** Names, lists, accessors: what the second walk needs to know beforehand. */
function collect(node: ts.Node, reader: JavascriptReader, depth: number): void {
  if (depth > 400) return;
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) imported(node, reader);
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) {
    const value = unwrap(node.initializer);
    if (isEnvironment(value, reader) || isEnvironmentSpread(value, reader)) reader.environments.add(node.name.text);
    const list = literals(value);
    if (list) reader.lists.set(node.name.text, list);
    reader.values.set(node.name.text, node.initializer);
    if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) functionOf(node.name.text, null, value, reader);
  }
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectBindingPattern(node.name))
    if (isEnvironment(unwrap(node.initializer), reader))
      for (const { name, propertyName, initializer } of node.name.elements)
        if (ts.isIdentifier(name))
          reader.taken.set(name.text, {
            name: propertyName && ts.isIdentifier(propertyName) ? propertyName.text : name.text,
            otherwise: initializer ?? null,
          });
  if (ts.isFunctionDeclaration(node) && node.name) functionOf(node.name.text, null, node, reader);
  if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)) {
    const owner = ts.isClassLike(node.parent) ? (node.parent.name?.text ?? "") : "";
    functionOf(node.name.text, owner, node, reader);
  }
  ts.forEachChild(node, (child) => collect(child, reader, depth + 1));
}

function imported(node: ts.ImportDeclaration, reader: JavascriptReader): void {
  const from = (node.moduleSpecifier as ts.StringLiteral).text;
  const bindings = node.importClause?.namedBindings;
  const names = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  for (const one of names) {
    const name = (one.propertyName ?? one.name).text;
    if ((from === "process" || from === "node:process") && name === "env") reader.environments.add(one.name.text);
    if (from.startsWith("$env/dynamic/") && name === "env") reader.environments.add(one.name.text);
    // The build of SvelteKit fails where such a name is not set.
    if (from.startsWith("$env/static/")) add(name, "required", one, new Set(), reader);
  }
}

/** A function that reads the environment by its first parameter, or throws where its parameter is empty. */
function functionOf(
  name: string,
  owner: string | null,
  node: ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration,
  reader: JavascriptReader,
): void {
  const [parameter, fallback] = node.parameters;
  if (!node.body || !parameter || !ts.isIdentifier(parameter.name)) return;
  const key = parameter.name.text;
  // Functions lie inside functions: each body is walked only where it may hold what is looked for.
  const body = reader.text.slice(node.body.pos, node.body.end);
  const mayAccess = body.includes("[") && (reader.environments.size > 0 || body.includes("env"));
  if (!mayAccess && !body.includes("throw") && !body.includes("process")) return;
  let reads = false;
  let throws = false;
  const walk = (inner: ts.Node, depth: number): void => {
    if (depth > 60) return;
    if (
      ts.isElementAccessExpression(inner) &&
      isEnvironment(inner.expression, reader) &&
      ts.isIdentifier(inner.argumentExpression) &&
      inner.argumentExpression.text === key
    )
      reads = true;
    if (ends(inner)) throws = true;
    ts.forEachChild(inner, (child) => walk(child, depth + 1));
  };
  walk(node.body, 0);
  if (reads) {
    const nullable = fallback !== undefined || node.parameters.length > 1;
    reader.result.accessors.push({ name, of: owner, required: throws, defaultArgument: nullable ? 1 : null });
  } else if (
    throws &&
    new RegExp(
      `!\\s*${key.replace(/\W/g, "")}\\b|\\b${key.replace(/\W/g, "")}\\s*={2,3}\\s*(?:null|undefined|''|"")`,
    ).test(textOf(node.body, reader.file))
  )
    reader.asserting.add(name);
}

/** Whether a block, or the statement that stands for one, throws or ends the process. */
function blockThrows(node: ts.Node): boolean {
  if (ends(node)) return true;
  if (ts.isExpressionStatement(node)) return ends(unwrap(node.expression));
  return ts.isBlock(node) && node.statements.some(blockThrows);
}

function blockLeaves(node: ts.Node): boolean {
  const last = ts.isBlock(node) ? node.statements.at(-1) : node;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) || ts.isContinueStatement(last) || ts.isBreakStatement(last) || blockThrows(last))
  );
}

/** Walks with the names that are known to be present on the way. */
function visit(node: ts.Node, guarded: ReadonlySet<string>, reader: JavascriptReader, depth: number): void {
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
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
    next(node.left);
    next(node.right, presence(node.left, reader).present);
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

/** `const { A, B = 'x' } = process.env` and `const a = process.env.A`. */
function declared(node: ts.VariableDeclaration, guarded: ReadonlySet<string>, reader: JavascriptReader): void {
  if (!node.initializer) return;
  const value = unwrap(node.initializer);
  if (ts.isObjectBindingPattern(node.name) && isEnvironment(value, reader)) {
    for (const element of node.name.elements) {
      const key = element.propertyName ?? element.name;
      if (element.dotDotDotToken || !(ts.isIdentifier(key) || ts.isStringLiteral(key))) continue;
      const read = add(key.text, element.initializer ? "optional" : "read", element, guarded, reader);
      conditional(read, element, reader);
      if (ts.isIdentifier(element.name)) reader.bound.set(element.name.text, [read]);
    }
    return;
  }
  if (!ts.isIdentifier(node.name)) return;
  const name =
    ts.isPropertyAccessExpression(value) && isEnvironment(value.expression, reader)
      ? value.name.text
      : ts.isElementAccessExpression(value) &&
          isEnvironment(value.expression, reader) &&
          isText(value.argumentExpression)
        ? (value.argumentExpression as ts.StringLiteral).text
        : null;
  // The read itself is made when the walk comes to it; the name is enough here.
  if (name !== null) reader.bound.set(node.name.text, [{ name } as EnvironmentRead]);
}

/** One access of the environment: what its surroundings do with an absent value. */
function access(
  name: string,
  node: ts.Expression,
  guarded: ReadonlySet<string>,
  reader: JavascriptReader,
  computed = false,
): void {
  if (/^(?:MODE|DEV|PROD|SSR|BASE_URL)$/.test(name) && /import\.meta/.test(textOf(node, reader.file))) return;
  const outcome = needOf(node, reader);
  if (outcome === "assigned") {
    reader.result.provided.push(name);
    return;
  }
  let { need } = outcome;
  if (computed && need === "optional" && loopThrows(node)) need = "required";
  const handed = need === "read" && isHandedToSchema(node, name, reader);
  const read = add(name, handed ? "optional" : need, node, guarded, reader);
  conditional(read, node, reader);
  // What an empty value counts for the schema says as well.
  if (handed) read.emptyIsAbsent = true;
  if (outcome.asserted) read.asserted = true;
  if (outcome.unless !== null && outcome.unless !== name) read.unless = outcome.unless;
}

/** Adds to a read what else the environment must be for it to be reached. */
function conditional(read: EnvironmentRead, node: ts.Node, reader: JavascriptReader): void {
  const when = read.need === "optional" ? null : whenReached(node, read.name, reader);
  if (when !== null) read.when = when;
  else if (isInOtherBranch(node)) read.unsure = true;
}

/** `X: process.env.X` in the object that a schema is held against: the schema says what is needed. */
function isHandedToSchema(node: ts.Expression, name: string, reader: JavascriptReader): boolean {
  const field = node.parent;
  if (!ts.isPropertyAssignment(field) || field.initializer !== node || textOf(field.name, reader.file) !== name)
    return false;
  const holder = field.parent.parent;
  if (ts.isPropertyAssignment(holder))
    return /^(?:runtimeEnv|runtimeEnvStrict|experimental__runtimeEnv)$/.test(textOf(holder.name, reader.file));
  const isParse = (call: ts.Node) =>
    ts.isCallExpression(call) && /\.(?:safeP|p)arse(?:Async)?$/.test(textOf(call.expression, reader.file));
  if (ts.isCallExpression(holder)) return isParse(holder);
  return (
    ts.isVariableDeclaration(holder) &&
    ts.isIdentifier(holder.name) &&
    new RegExp(`\\.(?:safeP|p)arse(?:Async)?\\(\\s*${holder.name.text.replace(/\W/g, "\\$&")}\\s*[,)]`).test(
      reader.text,
    )
  );
}

/** Whether a loop (or a callback over a list) around an access throws for what is absent. */
function loopThrows(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node.parent; at; at = at.parent) {
    if (ts.isForOfStatement(at)) return containsThrow(at.statement, 0);
    if (ts.isArrowFunction(at) || ts.isFunctionExpression(at)) {
      const call = at.parent;
      if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
      if (call.expression.name.text === "forEach") return containsThrow(at.body, 0);
      if (call.expression.name.text !== "filter") return false;
      // `const missing = names.filter(absent); if (missing.length) throw …`
      const block = blockAround(call);
      return block !== null && containsThrow(block, 0) && /\.length\b/.test(textOf(block));
    }
    if (ts.isFunctionDeclaration(at) || ts.isSourceFile(at)) return false;
  }
  return false;
}

function blockAround(node: ts.Node): ts.Node | null {
  for (let at: ts.Node | undefined = node.parent; at; at = at.parent)
    if (ts.isBlock(at) || ts.isSourceFile(at)) return at;
  return null;
}

type Outcome = { need: Need; unless: string | null; asserted?: true } | "assigned";

/** What becomes of an absent value, told by the expressions around it. */
function needOf(start: ts.Expression, reader: JavascriptReader): Outcome {
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

/** Marks the reads of a name whose absence throws: the first of them, in the branch that does. */
function require(name: string, guard: ts.IfStatement, reader: JavascriptReader): void {
  const found = reader.result.reads.filter((one) => one.name === name);
  // `if (!("X" in process.env)) throw` reads nothing.
  const first =
    found.find((one) => one.need === "read") ?? found[0] ?? add(name, "read", guard.expression, new Set(), reader);
  if (found.some((one) => one.need === "required" && one.when === undefined)) return;
  demand(first, both(whenReached(guard, name, reader), testOf(guard.expression, true, reader)));
}

function demand(read: EnvironmentRead, test: MaybeTest): void {
  const when = without(test, read.name);
  read.need = "required";
  delete read.when;
  delete read.asserted;
  if (when !== null) read.when = when;
}

/** Of several variables any one suffices: `if (!process.env.A && !process.env.B) throw`. */
function requireOne(names: readonly string[], guard: ts.IfStatement, reader: JavascriptReader): void {
  for (const name of names) {
    const found = reader.result.reads.filter((one) => one.name === name);
    const first = found.find((one) => one.need === "read") ?? found[0];
    if (!first || found.some((one) => one.need === "required")) continue;
    demand(first, whenReached(guard, name, reader));
    first.anyOf = names.filter((other) => other !== name);
  }
}

/** The variables of which all are absent where a test with `&&` holds; nothing for other tests. */
function alternatives(test: ts.Expression, reader: JavascriptReader): string[] {
  const one = unwrap(test);
  if (!ts.isBinaryExpression(one) || one.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken) return [];
  const parts = [one.left, one.right].map((side) => {
    const { present, absent } = presence(side, reader);
    return present.length === 0 && absent.length === 1 ? absent : alternatives(side, reader);
  });
  return parts.every((names) => names.length > 0) ? parts.flat() : [];
}

/** Calls with the name of a variable as first argument: ConfigService, env-var, accessors of this or another file. */
function called(node: ts.CallExpression, guarded: ReadonlySet<string>, reader: JavascriptReader): void {
  const [first] = node.arguments;
  if (!first || !isText(first)) return;
  const name = (first as ts.StringLiteral).text;
  if (!/^[A-Za-z_][A-Za-z0-9_]+$/.test(name) || name !== name.toUpperCase()) return;
  const callee = dotted(node.expression);
  if (callee === null) return;
  const method = callee.slice(callee.lastIndexOf(".") + 1);
  const object = callee.includes(".") ? callee.slice(0, callee.lastIndexOf(".")) : null;
  const outcome = needOf(node, reader);
  const soft = outcome !== "assigned" && outcome.need === "optional";
  if (callee === "Deno.env.get" || (callee === "env.get" && /['"]env-var['"]/.test(reader.text))) {
    const chain = chainOf(node);
    const need: Need =
      callee === "env.get"
        ? chain.includes("required") && !chain.includes("default")
          ? "required"
          : "optional"
        : outcome === "assigned"
          ? "read"
          : outcome.need;
    conditional(add(name, need, node, guarded, reader), node, reader);
    return;
  }
  if (object !== null && method === "getOrThrow") {
    conditional(add(name, soft ? "optional" : "required", node, guarded, reader), node, reader);
    return;
  }
  if (object !== null && method === "get" && /ConfigService/.test(reader.text) && /config/i.test(object)) {
    const need: Need =
      node.arguments.length > 1 && !ts.isObjectLiteralExpression(node.arguments[1]!)
        ? "optional"
        : outcome === "assigned"
          ? "read"
          : outcome.need;
    const read = add(name, need, node, guarded, reader);
    conditional(read, node, reader);
    if (ts.isVariableDeclaration(node.parent) && ts.isIdentifier(node.parent.name))
      reader.bound.set(node.parent.name.text, [read]);
    return;
  }
  const start = startOf(node, reader.file);
  const when = whenReached(node, name, reader);
  reader.result.calls.push({
    callee: method,
    object,
    name,
    arguments: node.arguments.length,
    handled: guarded.has(name) || soft || isCaught(node),
    start,
    end: node.end,
    atImport: runsAtImport(node),
    ...(when === null ? {} : { when }),
  });
}

/** Names of the methods called on a call's result: `.required().asString()`. */
function chainOf(node: ts.Node): string[] {
  const names: string[] = [];
  for (
    let at: ts.Node = node;
    ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at;
    at = at.parent.parent
  )
    names.push(at.parent.name.text);
  return names;
}

/** Variables whose presence or absence a condition says. */
function presence(test: ts.Expression, reader: JavascriptReader): { present: string[]; absent: string[] } {
  const one = unwrap(test);
  const name = environmentName(one, reader);
  if (name !== null) return { present: [name], absent: [] };
  if (ts.isIdentifier(one)) return { present: (reader.bound.get(one.text) ?? []).map((each) => each.name), absent: [] };
  if (ts.isPrefixUnaryExpression(one) && one.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = presence(one.operand, reader);
    return { present: inner.absent, absent: inner.present };
  }
  if (
    ts.isCallExpression(one) &&
    one.arguments[0] &&
    /^(?:Boolean|isSet|isDefined)$/.test(dotted(one.expression) ?? "")
  )
    return presence(one.arguments[0], reader);
  if (!ts.isBinaryExpression(one)) return { present: [], absent: [] };
  const kind = one.operatorToken.kind;
  if (kind === ts.SyntaxKind.InKeyword)
    return isText(one.left) && isEnvironment(one.right, reader)
      ? { present: [(one.left as ts.StringLiteral).text], absent: [] }
      : { present: [], absent: [] };
  const [left, right] = [presence(one.left, reader), presence(one.right, reader)];
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken)
    return { present: [...left.present, ...right.present], absent: [] };
  if (kind === ts.SyntaxKind.BarBarToken) return { present: [], absent: [...left.absent, ...right.absent] };
  const nothing =
    /^(?:undefined|null|''|""|``)$/.test(textOf(one.right, reader.file)) ||
    (ts.isTypeOfExpression(unwrap(one.left)) && /^['"]undefined['"]$/.test(textOf(one.right, reader.file)));
  const of = ts.isTypeOfExpression(unwrap(one.left))
    ? presence((unwrap(one.left) as ts.TypeOfExpression).expression, reader).present
    : left.present;
  const equal = kind === ts.SyntaxKind.EqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
  const unequal = kind === ts.SyntaxKind.ExclamationEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
  if (of.length === 0 || (!equal && !unequal)) return { present: [], absent: [] };
  if (nothing) return equal ? { present: [], absent: of } : { present: of, absent: [] };
  return equal ? { present: of, absent: [] } : { present: [], absent: [] };
}

/** The variable that an expression is a plain access of, or null. */
function environmentName(node: ts.Expression, reader: JavascriptReader): string | null {
  if (ts.isPropertyAccessExpression(node) && isEnvironment(node.expression, reader)) return node.name.text;
  if (ts.isElementAccessExpression(node) && isEnvironment(node.expression, reader) && isText(node.argumentExpression))
    return (node.argumentExpression as ts.StringLiteral).text;
  return null;
}

const isEnvironmentSpread = (node: ts.Expression, reader: JavascriptReader): boolean =>
  ts.isObjectLiteralExpression(node) &&
  node.properties.length === 1 &&
  node.properties.every((one) => ts.isSpreadAssignment(one) && isEnvironment(one.expression, reader));

/** The literal names behind an index: a text, or the variable of a loop over a literal list. */
function namesOf(index: ts.Expression, at: ts.Node, reader: JavascriptReader): string[] {
  if (isText(index)) return [(index as ts.StringLiteral).text];
  if (!ts.isIdentifier(index)) return [];
  for (let node: ts.Node | undefined = at.parent; node; node = node.parent) {
    if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
      const [variable] = node.initializer.declarations;
      if (variable && ts.isIdentifier(variable.name) && variable.name.text === index.text)
        return listOf(node.expression, reader);
    }
    if ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isCallExpression(node.parent)) {
      const [parameter] = node.parameters;
      const { expression } = node.parent;
      if (parameter && ts.isIdentifier(parameter.name) && parameter.name.text === index.text)
        return ts.isPropertyAccessExpression(expression) &&
          /^(?:forEach|map|filter|every|some|find|flatMap)$/.test(expression.name.text)
          ? listOf(expression.expression, reader)
          : [];
    }
    if (ts.isFunctionDeclaration(node) && node.parameters.some((one) => textOf(one.name, reader.file) === index.text))
      return [];
  }
  const value = reader.values.get(index.text);
  return value && isText(unwrap(value)) ? [(unwrap(value) as ts.StringLiteral).text] : [];
}

const listOf = (node: ts.Expression, reader: JavascriptReader): string[] => {
  const value = unwrap(node);
  return literals(value) ?? (ts.isIdentifier(value) ? (reader.lists.get(value.text) ?? []) : []);
};

function literals(node: ts.Expression): string[] | null {
  if (!ts.isArrayLiteralExpression(node) || node.elements.length === 0) return null;
  return node.elements.every(isText) ? node.elements.map((one) => (one as ts.StringLiteral).text) : null;
}
