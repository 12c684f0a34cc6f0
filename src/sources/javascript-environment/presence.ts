import type { EnvironmentRead } from "../../types/environment-read.ts";
import { both, type MaybeTest, without } from "../environment-tests.ts";
import { ts } from "../typescript.ts";
import { textOf } from "../typescript-places.ts";
import { environmentName, namesOf } from "./names.ts";
import { add, dotted, isEnvironment, type JavascriptReader, unwrap } from "./syntax.ts";
import { testOf, whenReached } from "./tests.ts";

/** Variables whose presence or absence a condition says. */
export function presence(test: ts.Expression, reader: JavascriptReader): { present: string[]; absent: string[] } {
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
    return { present: isEnvironment(one.right, reader) ? namesOf(one.left, one, reader) : [], absent: [] };
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

/** The variables of which all are absent where a test with `&&` holds; nothing for other tests. */
export function alternatives(test: ts.Expression, reader: JavascriptReader): string[] {
  const one = unwrap(test);
  if (!ts.isBinaryExpression(one) || one.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken) return [];
  const parts = [one.left, one.right].map((side) => {
    const { present, absent } = presence(side, reader);
    return present.length === 0 && absent.length === 1 ? absent : alternatives(side, reader);
  });
  return parts.every((names) => names.length > 0) ? parts.flat() : [];
}

/** Marks the reads of a name whose absence throws: the first of them, in the branch that does. */
export function require(name: string, guard: ts.IfStatement, reader: JavascriptReader): void {
  const found = reader.result.reads.filter((one) => one.name === name);
  // `if (!("X" in process.env)) throw` reads nothing.
  const first =
    found.find((one) => one.need === "read") ?? found[0] ?? add(name, "read", guard.expression, new Set(), reader);
  if (found.some((one) => one.need === "required" && one.when === undefined)) return;
  const own = testOf(guard.expression, true, reader);
  // A test of the names of a list, `!(name in process.env)`, asks for each of them alone.
  const listed = own?.kind === "unknown" && own.of.every((one) => one === "");
  demand(first, both(whenReached(guard, name, reader), listed ? null : own));
}

/** Of several variables any one suffices: `if (!process.env.A && !process.env.B) throw`. */
export function requireOne(names: readonly string[], guard: ts.IfStatement, reader: JavascriptReader): void {
  for (const name of names) {
    const found = reader.result.reads.filter((one) => one.name === name);
    const first = found.find((one) => one.need === "read") ?? found[0];
    if (!first || found.some((one) => one.need === "required")) continue;
    demand(first, whenReached(guard, name, reader));
    first.anyOf = names.filter((other) => other !== name);
  }
}

/** Makes a read required where a test holds. */
function demand(read: EnvironmentRead, test: MaybeTest): void {
  const when = without(test, read.name);
  read.need = "required";
  delete read.when;
  delete read.asserted;
  if (when !== null) read.when = when;
}
