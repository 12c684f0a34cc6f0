import { both, either, type MaybeTest, unknownOf } from "../../sources/environment-tests.ts";
import type { PyExpression } from "../../types/python.ts";

/** A variable as an expression gives it. */
export interface PythonVariable {
  name: string;
  /** Its text where it is not set: null for none, undefined where that cannot be told. */
  otherwise: string | null | undefined;
  /** Read as yes or no. */
  flag: boolean;
  /** Its case is taken off. */
  fold: boolean;
}

/** What the tests of a file stand on. */
export interface PythonTestNames {
  /** The variable that an expression reads directly, or null. */
  variableOf(one: PyExpression): PythonVariable | null;
  /** Whether an expression is the whole environment. */
  isEnviron(one: PyExpression): boolean;
  /** What a name was set to from the environment; null: to several things; undefined: it has nothing to do with it. */
  settingOf(name: string): PyExpression | null | undefined;
  /** The variables that a name was set from. */
  readsOf(name: string): readonly string[];
}

/** Tests nested deeper are not read. */
const MAXIMUM_NESTING = 40;
/** Names deeper than this are not followed. */
const MAXIMUM_DEPTH = 8;

/** What the environment must be for a test to hold, or not to hold (`holds` false). */
export function testOf(one: PyExpression, holds: boolean, names: PythonTestNames, depth = 0): MaybeTest {
  if (depth > MAXIMUM_NESTING) return unknownOf([""]);
  const inner = (part: PyExpression, positive: boolean) => testOf(part, positive, names, depth + 1);
  if (one.kind === "unary" && one.operator === "not") return inner(one.value, !holds);
  if (one.kind === "named") return inner(one.value, holds);
  if (one.kind === "call" && one.callee.kind === "name" && one.callee.name === "bool" && one.arguments[0])
    return inner(one.arguments[0], holds);
  const variable = variableIn(one, names, 0);
  if (variable !== null) {
    const { name, otherwise, flag } = variable;
    return otherwise === undefined ? unknownOf([name]) : { kind: flag ? "flag" : "set", name, otherwise, not: !holds };
  }
  if (one.kind === "boolean") {
    const join = (one.operator === "and") === holds ? both : either;
    return join(inner(one.left, holds), inner(one.right, holds));
  }
  if (one.kind === "comparison" && one.operands.length === 2) {
    const compared = comparison(one.operands[0]!, one.operators[0]!, one.operands[1]!, holds, names);
    if (compared !== null) return compared;
  }
  if (one.kind === "name") {
    const value = names.settingOf(one.name);
    const read = value && depth < MAXIMUM_DEPTH ? testOf(value, holds, names, depth + 1) : null;
    if (read !== null) return read;
  }
  const [list] = one.kind === "call" ? one.arguments : [];
  if (one.kind === "call" && one.callee.kind === "name" && (list?.kind === "list" || list?.kind === "tuple")) {
    const isAll = one.callee.name === "all";
    if ((isAll || one.callee.name === "any") && list.items.length > 0)
      return list.items.map((item) => inner(item, holds)).reduce(isAll === holds ? both : either);
  }
  return unknownOf(mentioned(one, names));
}

function comparison(
  left: PyExpression,
  operator: string,
  right: PyExpression,
  holds: boolean,
  names: PythonTestNames,
): MaybeTest {
  if (left.kind === "string" && (operator === "in" || operator === "not in") && names.isEnviron(right))
    return { kind: "set", name: left.value, otherwise: null, not: (operator === "in") !== holds };
  const isText = right.kind === "string" || (right.kind === "constant" && right.value !== "...");
  const variable = variableIn(left, names, 0) ?? (isText ? null : variableIn(right, names, 0));
  const against = variableIn(left, names, 0) === null ? left : right;
  if (variable === null || variable.otherwise === undefined) return null;
  const equal = operator === "==" || operator === "is" || operator === "in";
  if (!equal && operator !== "!=" && operator !== "is not" && operator !== "not in") return null;
  const { name, otherwise, fold } = variable;
  const not = equal !== holds;
  if (against.kind === "constant" && against.value === null) return { kind: "set", name, otherwise, not: !not };
  if (against.kind === "constant" && variable.flag && against.value !== "...")
    return { kind: "flag", name, otherwise, not: not === (against.value === true) };
  const isIn = operator === "in" || operator === "not in";
  const items = isIn
    ? against === right && (against.kind === "tuple" || against.kind === "list" || against.kind === "set")
      ? against.items
      : null
    : [against];
  const of = items?.map((item) => (item.kind === "string" ? item.value : null)) ?? [null];
  return of.includes(null) ? null : { kind: "value", name, otherwise, not, of: of as string[], fold };
}

/** The one variable whose text an expression is: through names, defaults and changes of case. */
function variableIn(one: PyExpression, names: PythonTestNames, depth: number): PythonVariable | null {
  if (depth > MAXIMUM_DEPTH) return null;
  const direct = names.variableOf(one);
  if (direct !== null) return direct;
  if (one.kind === "named") return variableIn(one.value, names, depth + 1);
  if (one.kind === "name") {
    const value = names.settingOf(one.name);
    return value ? variableIn(value, names, depth + 1) : null;
  }
  if (one.kind === "boolean" && one.operator === "or" && one.right.kind === "string") {
    const left = variableIn(one.left, names, depth + 1);
    return left === null ? null : { ...left, otherwise: left.otherwise ?? one.right.value };
  }
  if (one.kind !== "call") return null;
  if (one.callee.kind === "name" && one.callee.name === "str" && one.arguments[0])
    return variableIn(one.arguments[0], names, depth + 1);
  if (one.callee.kind !== "attribute" || !/^(?:lower|upper|casefold|strip)$/.test(one.callee.name.text)) return null;
  const object = variableIn(one.callee.object, names, depth + 1);
  return object === null ? null : { ...object, fold: object.fold || one.callee.name.text !== "strip" };
}

/** The variables that have a part in an expression; "" for one whose name cannot be told. */
export function mentioned(one: PyExpression, names: PythonTestNames): string[] {
  const variable = names.variableOf(one);
  if (variable !== null) return [variable.name];
  const root = one.kind === "attribute" ? rootOf(one) : one.kind === "name" ? one.name : null;
  if (root !== null && names.settingOf(root) !== undefined) {
    const reads = names.readsOf(root);
    return reads.length > 0 ? [...reads] : [""];
  }
  return parts(one).flatMap((part) => mentioned(part, names));
}

function rootOf(one: PyExpression): string | null {
  let at = one;
  while (at.kind === "attribute") at = at.object;
  return at.kind === "name" ? at.name : null;
}

function parts(one: PyExpression): PyExpression[] {
  switch (one.kind) {
    case "call":
      return [one.callee, ...one.arguments, ...one.keywords.map(({ value }) => value)];
    case "attribute":
      return [one.object];
    case "subscript":
      return [one.object, ...one.indexes];
    case "unary":
    case "await":
    case "named":
    case "starred":
      return [one.value];
    case "boolean":
    case "binary":
      return [one.left, one.right];
    case "comparison":
      return one.operands;
    case "conditional":
      return [one.test, one.body, one.orElse];
    case "list":
    case "tuple":
    case "set":
      return one.items;
    case "comprehension":
      return [one.element, ...one.clauses.map(({ iterable }) => iterable)];
    case "format":
      return one.parts.filter((part): part is PyExpression => typeof part !== "string");
    default:
      return [];
  }
}
