import { both, either, type MaybeTest, unknownOf, without } from "../environment-tests.ts";
import { ts } from "../typescript.ts";
import { dotted, isEnvironment, isText, type JavascriptReader, unwrap } from "./syntax.ts";

/** A variable as an expression gives it; `otherwise`: its text where it is not set, null for none, undefined where nobody can tell. */
interface Variable {
  name: string;
  otherwise: string | null | undefined;
  fold: boolean;
}

/** Tests nested deeper are not read. */
const MAXIMUM_NESTING = 40;
/** Names deeper than this are not followed. */
const MAXIMUM_DEPTH = 12;

/** What the environment must be for a node to be reached: the branches around it, and the guards before it that leave. */
export function whenReached(node: ts.Node, name: string, reader: JavascriptReader): MaybeTest {
  let when: MaybeTest = null;
  for (let at = node; at.parent; at = at.parent) {
    const parent = at.parent;
    if (ts.isIfStatement(parent) && at !== parent.expression)
      when = both(when, testOf(parent.expression, at === parent.thenStatement, reader));
    else if (ts.isConditionalExpression(parent) && at !== parent.condition)
      when = both(when, testOf(parent.condition, at === parent.whenTrue, reader));
    else if (ts.isWhileStatement(parent) && at === parent.statement)
      when = both(when, testOf(parent.expression, true, reader));
    else if (ts.isBinaryExpression(parent) && at === parent.right) when = both(when, behind(parent, reader));
    else if (ts.isCaseOrDefaultClause(parent) && !(ts.isCaseClause(parent) && at === parent.expression))
      when = both(when, inCase(parent, reader));
    if (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent))
      when = both(when, pastGuards(parent.statements, at, reader));
  }
  return without(when, name);
}

/** Whether something that is no variable of the environment decides whether a place of its function is reached. */
export function isInOtherBranch(node: ts.Node): boolean {
  for (let at = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    const { parent } = at;
    if (ts.isIfStatement(parent) && at !== parent.expression) return true;
    if (ts.isConditionalExpression(parent) && at !== parent.condition) return true;
    if (ts.isCatchClause(parent) || ts.isCaseOrDefaultClause(parent)) return true;
    if (
      ts.isBlock(parent) &&
      parent.statements.some((one) => one.pos < at.pos && ts.isIfStatement(one) && leaves(one.thenStatement))
    )
      return true;
  }
  return false;
}

/** Guards that are looked back at; behind more of them nothing can be told. */
const MAXIMUM_GUARDS = 20;

/** What the guards before a statement let through. */
function pastGuards(statements: readonly ts.Statement[], at: ts.Node, reader: JavascriptReader): MaybeTest {
  let when: MaybeTest = null;
  let guards = 0;
  for (let before = statements.indexOf(at as ts.Statement) - 1; before >= 0; before--) {
    const statement = statements[before]!;
    if (!ts.isIfStatement(statement) || !leaves(statement.thenStatement)) continue;
    if (++guards > MAXIMUM_GUARDS) return both(when, unknownOf([""]));
    when = both(when, testOf(statement.expression, false, reader));
  }
  return when;
}

/** The right side of `&&`, `||` and `??`. Where the left side is a variable by itself, `unless` says what it makes unnecessary. */
function behind(one: ts.BinaryExpression, reader: JavascriptReader): MaybeTest {
  const kind = one.operatorToken.kind;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return testOf(one.left, true, reader);
  if (kind !== ts.SyntaxKind.BarBarToken) return null;
  const test = testOf(one.left, false, reader);
  return test?.kind === "set" ? null : test;
}

/** A branch that is left in peace: nothing ends with an error, and what follows runs only without it. */
function leaves(node: ts.Statement): boolean {
  const last = ts.isBlock(node) ? node.statements.at(-1) : node;
  return (
    last !== undefined && (ts.isReturnStatement(last) || ts.isContinueStatement(last) || ts.isBreakStatement(last))
  );
}

/** Texts of the clause, and of those before it that fall through; the default is what no other clause is. */
function inCase(clause: ts.CaseOrDefaultClause, reader: JavascriptReader): MaybeTest {
  const { clauses } = clause.parent;
  const subject = clause.parent.parent.expression;
  const texts = (some: readonly ts.CaseOrDefaultClause[]) =>
    some.map((one) => (ts.isCaseClause(one) ? textOf(one.expression) : undefined));
  if (ts.isDefaultClause(clause)) return compare(subject, texts(clauses.filter(ts.isCaseClause)), false, reader);
  let first = clauses.indexOf(clause);
  while (first > 0 && clauses[first - 1]!.statements.length === 0) first--;
  return compare(subject, texts(clauses.slice(first, clauses.indexOf(clause) + 1)), true, reader);
}

/** What the environment must be for a test to hold, or not to hold (`holds` false). */
export function testOf(test: ts.Expression, holds: boolean, reader: JavascriptReader, depth = 0): MaybeTest {
  const one = unwrap(test);
  if (depth > MAXIMUM_NESTING) return unknownOf([""]);
  const inner = (part: ts.Expression, positive: boolean) => testOf(part, positive, reader, depth + 1);
  if (ts.isPrefixUnaryExpression(one) && one.operator === ts.SyntaxKind.ExclamationToken)
    return inner(one.operand, !holds);
  if (ts.isCallExpression(one) && dotted(one.expression) === "Boolean" && one.arguments[0])
    return inner(one.arguments[0], holds);
  const variable = variableIn(one, reader, 0);
  if (variable !== null) {
    const { name, otherwise } = variable;
    return otherwise === undefined ? unknownOf([name]) : { kind: "set", name, otherwise, not: !holds };
  }
  if (ts.isBinaryExpression(one)) {
    const kind = one.operatorToken.kind;
    const isAnd = kind === ts.SyntaxKind.AmpersandAmpersandToken;
    if (isAnd || kind === ts.SyntaxKind.BarBarToken)
      return (isAnd === holds ? both : either)(inner(one.left, holds), inner(one.right, holds));
    const equal = kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
    const unequal =
      kind === ts.SyntaxKind.ExclamationEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken;
    if (equal || unequal) {
      const turned = variableIn(one.left, reader, 0) === null && variableIn(one.right, reader, 0) !== null;
      const [subject, against] = turned ? [one.right, one.left] : [one.left, one.right];
      const typed = unwrap(subject);
      if (ts.isTypeOfExpression(typed)) {
        const text = textOf(against);
        return text === undefined ? null : inner(typed.expression, (text === "undefined") !== (equal === holds));
      }
      if (isNothing(against)) return inner(subject, equal !== holds);
      return compare(subject, [textOf(against)], equal === holds, reader);
    }
    if (kind === ts.SyntaxKind.InKeyword && isText(one.left) && isEnvironment(one.right, reader))
      return { kind: "set", name: (one.left as ts.StringLiteral).text, otherwise: null, not: !holds };
  }
  const listed = includes(one);
  if (listed !== null) return compare(listed.subject, listed.items, holds, reader);
  if (ts.isIdentifier(one)) {
    const value = depth < MAXIMUM_DEPTH ? constant(one, reader) : null;
    if (value) return inner(value, holds);
  }
  return unknownOf(mentioned(one, reader));
}

/** `["a", "b"].includes(x)`. */
function includes(one: ts.Expression): { subject: ts.Expression; items: (string | undefined)[] } | null {
  if (!ts.isCallExpression(one) || !ts.isPropertyAccessExpression(one.expression) || !one.arguments[0]) return null;
  const list = unwrap(one.expression.expression);
  if (one.expression.name.text !== "includes" || !ts.isArrayLiteralExpression(list)) return null;
  return { subject: one.arguments[0], items: list.elements.map(textOf) };
}

function compare(
  subject: ts.Expression,
  texts: readonly (string | undefined)[],
  holds: boolean,
  reader: JavascriptReader,
): MaybeTest {
  const variable = variableIn(subject, reader, 0);
  const of = texts.filter((one) => one !== undefined);
  if (variable === null || variable.otherwise === undefined || of.length < texts.length)
    return unknownOf(variable !== null ? [variable.name] : mentioned(subject, reader));
  const { name, otherwise, fold } = variable;
  return { kind: "value", name, otherwise, not: !holds, of, fold };
}

function textOf(node: ts.Expression): string | undefined {
  const one = unwrap(node);
  return isText(one) ? (one as ts.StringLiteral).text : undefined;
}

const isNothing = (node: ts.Expression) =>
  node.kind === ts.SyntaxKind.NullKeyword ||
  (ts.isIdentifier(node) && node.text === "undefined") ||
  textOf(node) === "";

/** The one variable whose text an expression is: through constants, defaults and changes of case. */
function variableIn(node: ts.Expression, reader: JavascriptReader, depth: number): Variable | null {
  const one = unwrap(node);
  if (depth > MAXIMUM_DEPTH) return null;
  const inner = (part: ts.Expression) => variableIn(part, reader, depth + 1);
  if (ts.isPropertyAccessExpression(one) && isEnvironment(one.expression, reader))
    return { name: one.name.text, otherwise: null, fold: false };
  if (ts.isElementAccessExpression(one) && isEnvironment(one.expression, reader)) {
    const name = textOf(one.argumentExpression);
    return name === undefined ? null : { name, otherwise: null, fold: false };
  }
  if (ts.isIdentifier(one)) {
    const value = constant(one, reader);
    if (value) return inner(value);
    const taken = isParameter(one) ? undefined : reader.taken.get(one.text);
    return taken ? { name: taken.name, otherwise: defaultOf(taken.otherwise), fold: false } : null;
  }
  if (ts.isBinaryExpression(one)) {
    const kind = one.operatorToken.kind;
    if (kind !== ts.SyntaxKind.BarBarToken && kind !== ts.SyntaxKind.QuestionQuestionToken) return null;
    const left = inner(one.left);
    return left === null ? null : { ...left, otherwise: left.otherwise ?? defaultOf(one.right) };
  }
  if (!ts.isCallExpression(one)) return null;
  if (ts.isIdentifier(one.expression) && one.expression.text === "String" && one.arguments[0])
    return inner(one.arguments[0]);
  if (!ts.isPropertyAccessExpression(one.expression)) return null;
  const method = one.expression.name.text;
  if (!/^(?:toLowerCase|toUpperCase|trim|toString)$/.test(method)) return null;
  const object = inner(one.expression.expression);
  return object === null ? null : { ...object, fold: object.fold || method.endsWith("Case") };
}

const defaultOf = (node: ts.Expression | null): string | null | undefined => (node === null ? null : textOf(node));

/** The initialiser of a constant of the file; null where a parameter has the name, or it may be set again. */
function constant(one: ts.Identifier, reader: JavascriptReader): ts.Expression | null {
  const value = reader.values.get(one.text);
  if (!value || isParameter(one)) return null;
  return ts.isVariableDeclaration(value.parent) && (value.parent.parent.flags & ts.NodeFlags.Const) !== 0
    ? value
    : null;
}

function isParameter(one: ts.Identifier): boolean {
  for (let at: ts.Node | undefined = one.parent; at; at = at.parent)
    if (
      ts.isFunctionLike(at) &&
      at.parameters.some(({ name }) =>
        ts.isIdentifier(name)
          ? name.text === one.text
          : name.elements.some(
              (element) =>
                ts.isBindingElement(element) && ts.isIdentifier(element.name) && element.name.text === one.text,
            ),
      )
    )
      return true;
  return false;
}

/** Names of what holds the settings of a whole project. */
const SETTINGS = /^(?:settings|config|conf|cfg|env|ENV)$/;

/** The variables that have a part in an expression; "" for one whose name cannot be told. */
function mentioned(node: ts.Node, reader: JavascriptReader): readonly string[] {
  if (ts.isFunctionLike(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node)) return [];
  if (ts.isExpression(node)) {
    const variable = ts.isIdentifier(node) ? null : variableIn(node, reader, 0);
    if (variable !== null) return [variable.name];
    if (isEnvironment(node, reader)) return [""];
  }
  if (ts.isIdentifier(node)) return settingIn(node, reader);
  const names: string[] = [];
  ts.forEachChild(node, (child) => {
    names.push(...mentioned(child, reader));
  });
  return names;
}

/** The variables that a name of the file was set from. */
function settingIn(node: ts.Identifier, reader: JavascriptReader): readonly string[] {
  const { text: name, parent } = node;
  const isKey = (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
  if (isKey || isParameter(node)) return [];
  const taken = reader.taken.get(name);
  if (taken) return [taken.name];
  const known = reader.settings.get(name);
  if (known) return known;
  // What stands on itself stands on nothing.
  reader.settings.set(name, []);
  const value = reader.values.get(name);
  const own = value && !ts.isFunctionLike(unwrap(value)) ? [...new Set(mentioned(value, reader))] : [];
  const found = own.length === 0 && SETTINGS.test(name) && ts.isPropertyAccessExpression(parent) ? [""] : own;
  reader.settings.set(name, found);
  return found;
}
