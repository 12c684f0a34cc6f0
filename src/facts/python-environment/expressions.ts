import { ANY_NAME, both } from "../../sources/environment-tests.ts";
import type { PyBoolean, PyCall, PyExpression } from "../../types/python.ts";
import { neverReturns } from "./endings.ts";
import { presenceOf } from "./presence.ts";
import { conditional, demand, isEnviron, namesOf, type Reader, read, type Scope, withGuards } from "./reader.ts";
import { dotted, isNone, literals } from "./syntax.ts";
import { tableRow } from "./tables.ts";
import { mentioned, testOf } from "./tests.ts";
import { ENV_METHODS, testNames } from "./variables.ts";

/** Visits an expression; `defaulted`: what it gives is tested or has something to fall back on. */
export function expressions(one: PyExpression, scope: Scope, reader: Reader, defaulted: boolean): void {
  const visit = (inner: PyExpression | null | undefined, has = false) =>
    inner && expressions(inner, scope, reader, has);
  switch (one.kind) {
    case "subscript": {
      if (isEnviron(one.object, reader)) {
        const [index] = one.indexes;
        for (const name of namesOf(index, scope)) read(name, "required", one, scope, reader);
      } else visit(one.object);
      for (const index of one.indexes) visit(index);
      return;
    }
    case "call":
      call(one, scope, reader, defaulted);
      return;
    case "boolean":
      if (one.operator === "or" && neverReturns(one.right, reader)) {
        const before = reader.result.reads.length;
        visit(one.left);
        for (const made of reader.result.reads.slice(before))
          if (made.need === "read" && !scope.handled && !scope.guarded.has(made.name)) demand(made, scope);
        visit(one.right);
        return;
      }
      visit(one.left, true);
      expressions(one.right, behind(one, scope, reader), reader, defaulted || one.operator === "and");
      return;
    case "conditional": {
      const { present } = presenceOf(one.test, reader, scope);
      const inBranch = (holds: boolean) => ({
        ...scope,
        when: both(scope.when, testOf(one.test, holds, testNames(reader))),
      });
      expressions(one.test, scope, reader, true);
      expressions(one.body, withGuards(inBranch(true), present), reader, defaulted);
      expressions(one.orElse, inBranch(false), reader, defaulted);
      return;
    }
    case "unary":
      visit(one.value, one.operator === "not" || defaulted);
      return;
    case "comparison":
      for (const operand of one.operands) visit(operand, true);
      return;
    case "await":
    case "starred":
    case "named":
      visit(one.value, defaulted);
      return;
    case "yield":
      visit(one.value);
      return;
    case "attribute":
      visit(one.object);
      return;
    case "binary":
      visit(one.left);
      visit(one.right);
      return;
    case "lambda":
      expressions(one.body, { ...scope, inFunction: true }, reader, defaulted);
      return;
    case "list":
    case "tuple":
    case "set":
      for (const item of one.items) visit(item);
      return;
    case "dict":
      for (const { key, value } of one.entries) {
        visit(key);
        visit(value);
      }
      return;
    case "comprehension": {
      let inner = scope;
      for (const { target, iterable, conditions } of one.clauses) {
        visit(iterable);
        const values = literals(iterable) ?? (iterable.kind === "name" ? reader.lists.get(iterable.name) : undefined);
        if (target.kind === "name" && values)
          inner = { ...inner, values: new Map([...inner.values, [target.name, values]]) };
        for (const condition of conditions) {
          expressions(condition, inner, reader, true);
          inner = withGuards(inner, presenceOf(condition, reader, inner).present);
        }
      }
      expressions(one.element, inner, reader, defaulted);
      if (one.value) expressions(one.value, inner, reader, defaulted);
      return;
    }
    case "format":
      for (const part of one.parts) if (typeof part !== "string") visit(part);
      return;
    case "slice":
    case "unknown":
      for (const part of one.parts) visit(part);
      return;
    default:
      return;
  }
}

/** The scope of what stands right of `and` or `or`: of two reads the second is needed only without the first, and of one that is asked for before it, not at all. */
function behind(one: PyBoolean, scope: Scope, reader: Reader): Scope {
  const { present, absent } = presenceOf(one.left, reader, scope);
  const asked = withGuards(scope, one.operator === "and" ? present : absent);
  const test = testOf(one.left, one.operator === "and", testNames(reader));
  return one.operator === "or" && test?.kind === "set"
    ? { ...asked, unless: test.name }
    : { ...asked, when: both(asked.when, test) };
}

/** The variables that django-environ's methods read when no name is given. */
const USUAL_NAMES = new Map([
  ["db", "DATABASE_URL"],
  ["db_url", "DATABASE_URL"],
  ["cache", "CACHE_URL"],
  ["cache_url", "CACHE_URL"],
  ["email", "EMAIL_URL"],
  ["email_url", "EMAIL_URL"],
  ["search_url", "SEARCH_URL"],
]);

function call(one: PyCall, scope: Scope, reader: Reader, defaulted: boolean): void {
  const [first, second] = one.arguments;
  const name = dotted(one.callee);
  const keyword = one.keywords.some((each) => each.name === "default" || each.name === null);
  const ownDefault = (second !== undefined && !isNone(second)) || keyword;
  const hasDefault = ownDefault || defaulted;
  const inner = () => {
    if (one.callee.kind === "attribute") expressions(one.callee.object, scope, reader, false);
    for (const argument of one.arguments) expressions(argument, scope, reader, false);
    for (const { value } of one.keywords) expressions(value, scope, reader, false);
  };
  const isGetenv =
    name !== null && (reader.getenv.has(name) || (name.endsWith(".getenv") && reader.os.has(name.slice(0, -7))));
  const method = one.callee.kind === "attribute" ? one.callee.name.text : null;
  const onEnviron = one.callee.kind === "attribute" && isEnviron(one.callee.object, reader);
  if (isGetenv || (onEnviron && method === "get")) {
    for (const each of namesOf(first, scope)) {
      const made = read(each, hasDefault ? "optional" : "read", one, scope, reader);
      if (scope.handled || scope.guarded.has(each)) continue;
      if (second?.kind === "string" && second.value === "") reader.emptied.add(made);
      if (hasDefault && !ownDefault) reader.soft.add(made);
    }
    for (const argument of one.arguments.slice(1)) expressions(argument, scope, reader, true);
    return;
  }
  if (onEnviron && (method === "setdefault" || method === "pop" || method === "update")) {
    if (method === "setdefault") for (const each of namesOf(first, scope)) reader.result.provided.push(each);
    if (first?.kind === "string" && first.value === "DJANGO_SETTINGS_MODULE" && second?.kind === "string")
      reader.result.settingsModule = second.value;
    if (method === "update") {
      const entries = first?.kind === "dict" ? first.entries : [];
      const names = entries.map(({ key }) => (key?.kind === "string" ? key.value : null));
      // What a function gives later may be for what it starts.
      for (const each of [
        ...names,
        ...one.keywords.map((keyword) => keyword.name),
        ...(first && names.length === 0 ? [null] : []),
      ])
        if (each !== null || !scope.inFunction) reader.result.provided.push(each ?? ANY_NAME);
    }
    inner();
    return;
  }
  const object = one.callee.kind === "attribute" ? dotted(one.callee.object) : null;
  const isReader =
    (name !== null && reader.readers.has(name)) ||
    (object !== null && reader.readers.has(object) && ENV_METHODS.has(method ?? ""));
  const isDecouple = name !== null && reader.decouple.has(name);
  if (isReader || isDecouple) {
    // The second argument of `env("X", bool)` is a type; no literal is one.
    const isLiteral = second !== undefined && /^(?:string|number|constant|list|dict|set)$/.test(second.kind);
    const positional =
      second !== undefined &&
      (method !== null || isDecouple || isLiteral) &&
      !(method === null && isReader && one.arguments.length === 2 && second.kind === "name");
    // django-environ has names of its own for the URLs.
    const usual = first === undefined && isReader ? USUAL_NAMES.get(method ?? "") : undefined;
    for (const each of usual === undefined ? namesOf(first, scope) : [usual])
      read(each, positional || keyword || defaulted ? "optional" : "required", one, scope, reader);
    for (const argument of one.arguments.slice(1)) expressions(argument, scope, reader, true);
    for (const { value } of one.keywords) expressions(value, scope, reader, true);
    return;
  }
  if (name?.split(".").at(-1) === "Validator" && /dynaconf/i.test(reader.text)) {
    validator(one, scope, reader);
    return;
  }
  handedOn(one, reader);
  const row = tableRow(one, name, reader.classes);
  if (row) read(row.name, row.need, row.at, scope, reader);
  if (name !== null && first?.kind === "string" && /^[A-Z][A-Z0-9_]+$/.test(first.value))
    reader.result.calls.push({
      callee: name.slice(name.lastIndexOf(".") + 1),
      object: name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : null,
      name: first.value,
      arguments: one.arguments.length + (keyword ? 1 : 0),
      handled: scope.handled || scope.guarded.has(first.value) || defaulted,
      start: one.start,
      end: one.end,
      atImport: !scope.inFunction,
      ...(scope.asProgram ? { asProgram: true as const } : {}),
      ...conditional(first.value, scope),
    });
  inner();
}

/** `run(…, env={"X": x})`: the environment of another process that the code starts; what it reads of its own there is only passed on. */
function handedOn(one: PyCall, reader: Reader): void {
  const given = one.keywords.find(({ name }) => HANDING.test(name ?? ""))?.value;
  for (const { key, value } of given?.kind === "dict" ? given.entries : [])
    if (key?.kind === "string" && mentioned(value, testNames(reader)).length === 0)
      reader.result.provided.push(key.value);
}

const HANDING = /^(?:env|environ|environment|env_?vars|env_?variables|environment_variables)$/;

/** `Validator("NAME", must_exist=True)` of dynaconf, whose variables have a prefix. */
function validator(one: PyCall, scope: Scope, reader: Reader): void {
  const has = (key: string) => one.keywords.find((each) => each.name === key)?.value;
  const must = has("must_exist") ?? has("required");
  const isRequired = must?.kind === "constant" && must.value === true && !has("default") && !has("when");
  const prefix = /envvar_prefix\s*=\s*(?:["'](\w*)["']|(False))/.exec(reader.text);
  const start = prefix?.[2] !== undefined ? "" : `${prefix?.[1] ?? "DYNACONF"}_`;
  for (const argument of one.arguments)
    if (argument.kind === "string")
      read(
        `${start}${argument.value.toUpperCase().replaceAll(".", "__")}`,
        isRequired ? "required" : "optional",
        argument,
        scope,
        reader,
      );
}
