import type { EnvironmentRead } from "../../types/environment-read.ts";
import type { PyExpression } from "../../types/python.ts";
import { demand, isEnviron, namesOf, type Reader, read, type Scope } from "./reader.ts";
import { dotted, isNone, literals } from "./syntax.ts";

/** Names (of variables of the environment) whose presence or absence a test says. */
export function presenceOf(test: PyExpression, reader: Reader, scope: Scope): { present: string[]; absent: string[] } {
  const nothing = { present: [], absent: [] };
  const counted = test.kind === "comparison" && /^(?:>|!=)$/.test(test.operators[0] ?? "") ? test.operands[0]! : test;
  const list = counted.kind === "call" && dotted(counted.callee) === "len" ? counted.arguments[0] : counted;
  const lacking = list?.kind === "name" ? reader.lacking.get(list.name) : undefined;
  if (lacking) return { present: [], absent: lacking.names };
  const names = readNames(test, reader, scope);
  if (names.length > 0) return { present: names, absent: [] };
  if (test.kind === "unary" && test.operator === "not") {
    const inner = presenceOf(test.value, reader, scope);
    return { present: inner.absent, absent: inner.present };
  }
  if (test.kind === "comparison" && test.operands.length === 2) {
    const [left, right] = test.operands as [PyExpression, PyExpression];
    const [operator] = test.operators;
    if ((operator === "in" || operator === "not in") && isEnviron(right, reader)) {
      const asked = [...namesOf(left, scope)];
      return operator === "in" ? { present: asked, absent: [] } : { present: [], absent: asked };
    }
    const compared = readNames(left, reader, scope);
    const isEmpty = isNone(right) || (right.kind === "string" && right.value === "");
    if (compared.length > 0 && isEmpty)
      return operator === "is" || operator === "=="
        ? { present: [], absent: compared }
        : { present: compared, absent: [] };
    return compared.length > 0 ? { present: compared, absent: [] } : nothing;
  }
  if (test.kind === "boolean") {
    const [left, right] = [presenceOf(test.left, reader, scope), presenceOf(test.right, reader, scope)];
    return test.operator === "and"
      ? { present: [...left.present, ...right.present], absent: [] }
      : { present: [], absent: [...left.absent, ...right.absent] };
  }
  if (test.kind === "call" && test.arguments[0]?.kind === "comprehension") {
    const element = elementOf(test.arguments[0], reader, scope);
    // `all(os.getenv(n) for n in NAMES)`, `any(n not in os.environ for n in NAMES)`.
    if (element && dotted(test.callee) === "all") return { present: element.present, absent: [] };
    if (element && dotted(test.callee) === "any") return { present: [], absent: element.absent };
  }
  if (test.kind === "call" && dotted(test.callee) === "all" && test.arguments[0]?.kind === "list")
    return { present: test.arguments[0].items.flatMap((item) => readNames(item, reader, scope)), absent: [] };
  return nothing;
}

/** What the element of a loop over a literal list says of all its names; null for another loop. */
function elementOf(
  { element, clauses }: Extract<PyExpression, { kind: "comprehension" }>,
  reader: Reader,
  scope: Scope,
): { present: string[]; absent: string[] } | null {
  const [clause, more] = clauses;
  if (!clause || more || clause.conditions.length > 0 || clause.target.kind !== "name") return null;
  const { target, iterable } = clause;
  const values = literals(iterable) ?? (iterable.kind === "name" ? reader.lists.get(iterable.name) : undefined);
  return values
    ? presenceOf(element, reader, { ...scope, values: new Map([...scope.values, [target.name, values]]) })
    : null;
}

/** Variables whose value an expression is: a read itself, or a name that holds one. */
function readNames(one: PyExpression, reader: Reader, scope: Scope): string[] {
  if (one.kind === "named") return readNames(one.value, reader, scope);
  const name = dotted(one);
  if (name !== null) return (reader.bound.get(name) ?? []).map((each) => each.name);
  if (one.kind !== "call") return [];
  const callee = dotted(one.callee);
  const [first] = one.arguments;
  const reads =
    callee !== null &&
    (reader.getenv.has(callee) ||
      /(?:^|\.)(?:getenv|environ\.get)$/.test(callee) ||
      reader.environ.has(callee.replace(/\.get$/, "")));
  return reads ? [...namesOf(first, scope)] : [];
}

/** The variables that `[n for n in NAMES if not os.getenv(n)]` looks for. */
export function lackingIn(one: PyExpression, scope: Scope, reader: Reader): string[] {
  if (one.kind !== "comprehension") return [];
  return one.clauses.flatMap(({ target, iterable, conditions }) => {
    const values = literals(iterable) ?? (iterable.kind === "name" ? reader.lists.get(iterable.name) : undefined);
    if (target.kind !== "name" || !values) return [];
    const inner = { ...scope, values: new Map([...scope.values, [target.name, values]]) };
    return conditions.flatMap((condition) => presenceOf(condition, reader, inner).absent);
  });
}

/** The variables of which all are absent where a test with `and` holds; nothing for other tests. */
export function alternativesIn(test: PyExpression, reader: Reader, scope: Scope): string[] {
  if (test.kind !== "boolean" || test.operator !== "and") return [];
  const parts = [test.left, test.right].map((side) => {
    const { present, absent } = presenceOf(side, reader, scope);
    if (present.length === 0 && absent.length === 1) return absent;
    return alternativesIn(side, reader, scope);
  });
  return parts.every((names) => names.length > 0) ? parts.flat() : [];
}

/** `if not x: raise` behind `x = os.getenv("X")`, or directly on the read. */
export function require(
  name: string,
  test: PyExpression,
  tested: readonly EnvironmentRead[],
  scope: Scope,
  reader: Reader,
): void {
  const own = reader.result.reads.filter((one) => one.name === name);
  for (const one of own)
    if (one.need === "read" || reader.emptied.has(one) || (reader.soft.has(one) && isLackingRead(one, tested, reader)))
      demand(one, scope);
  // `if "X" not in os.environ: raise` reads nothing.
  const listed = [...reader.lacking.values()].find((one) => one.names.includes(name));
  if (own.length === 0) read(name, "required", listed?.at ?? test, scope, reader);
}

/** Of several reads any one suffices: `if not os.getenv("A") and not os.getenv("B"): raise`. */
export function requireOne(names: readonly string[], scope: Scope, reader: Reader): void {
  for (const one of reader.result.reads)
    if (names.includes(one.name) && (one.need === "read" || reader.soft.has(one))) {
      demand(one, scope);
      one.anyOf = names.filter((name) => name !== one.name);
    }
}

/** A read in the test itself, or in the condition that lists what is absent. */
const isLackingRead = (one: EnvironmentRead, tested: readonly EnvironmentRead[], reader: Reader): boolean =>
  tested.includes(one) || [...reader.lacking.values()].some(({ names }) => names.includes(one.name));
