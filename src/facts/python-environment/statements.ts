import { both, type MaybeTest, unknownOf } from "../../sources/environment-tests.ts";
import type { PyClass, PyExpression, PyFunction, PyIf, PyMatch, PyStatement } from "../../types/python.ts";
import { accessorOf } from "./accessors.ts";
import { endsAbruptly } from "./endings.ts";
import { expressions } from "./expressions.ts";
import { aliased, assigned, constructed, imported, settingOf } from "./names.ts";
import { alternativesIn, lackingIn, presenceOf, require, requireOne } from "./presence.ts";
import { type Reader, type Scope, withGuards } from "./reader.ts";
import { settingsClass } from "./settings-classes.ts";
import { isProgramTest } from "./started.ts";
import { dotted, literals } from "./syntax.ts";
import { mentioned, testOf } from "./tests.ts";
import { testNames } from "./variables.ts";

/** Walks statements one after the other, each in the scope that those before it leave. */
export function block(statements: readonly PyStatement[], scope: Scope, reader: Reader): void {
  let here = scope;
  for (const one of statements) here = statement(one, here, reader);
}

/** Walks one statement; gives the scope for those after it (`if "X" not in os.environ: return`). */
function statement(one: PyStatement, scope: Scope, reader: Reader): Scope {
  const visit = (expression: PyExpression | null, has = false) =>
    expression && expressions(expression, scope, reader, has);
  switch (one.kind) {
    case "import":
    case "from":
      imported(one, reader);
      return scope;
    case "function":
      accessorOf(one, scope.owner, reader);
      for (const decorator of one.decorators) visit(decorator);
      for (const parameter of one.parameters) visit(parameter.default);
      body(one, scope, reader);
      return scope;
    case "class":
      for (const base of one.bases) visit(base);
      classBody(one, scope, reader);
      return scope;
    case "assign": {
      const before = reader.result.reads.length;
      for (const target of one.targets) assigned(target, scope, reader);
      constructed(one.targets[0], one.value, reader);
      visit(one.value);
      const [target] = one.targets;
      for (const each of one.targets) {
        settingOf(each, one.value, scope, reader);
        aliased(each, one.value, reader);
      }
      if (target?.kind === "name") {
        const list = literals(one.value);
        if (list) reader.lists.set(target.name, list);
        const lacking = lackingIn(one.value, scope, reader);
        if (lacking.length > 0) reader.lacking.set(target.name, { names: lacking, at: one.value });
      }
      const name = target && dotted(target);
      const made = reader.result.reads.slice(before);
      if (name && made.length > 0) reader.bound.set(name, made);
      return scope;
    }
    case "annotated": {
      const before = reader.result.reads.length;
      constructed(one.target, one.value ?? undefined, reader);
      visit(one.value);
      if (one.value) settingOf(one.target, one.value, scope, reader);
      const name = dotted(one.target);
      if (name) reader.bound.set(name, reader.result.reads.slice(before));
      return scope;
    }
    case "if":
      return branches(one, scope, reader);
    case "try": {
      const caught = one.handlers.some(
        (handler) => catchesKeyError(handler.type) && endsAbruptly(handler.body) !== "raises",
      );
      block(one.body, caught ? { ...scope, handled: true } : scope, reader);
      for (const handler of one.handlers) block(handler.body, { ...scope, unsure: true }, reader);
      block(one.orElse, scope, reader);
      block(one.finalBody, scope, reader);
      return scope;
    }
    case "for": {
      visit(one.iterable);
      const values =
        literals(one.iterable) ?? (one.iterable.kind === "name" ? reader.lists.get(one.iterable.name) : undefined);
      const inner =
        one.target.kind === "name" && values
          ? { ...scope, values: new Map([...scope.values, [one.target.name, values]]) }
          : scope;
      block(one.body, inner, reader);
      block(one.orElse, scope, reader);
      return scope;
    }
    case "while":
      visit(one.test, true);
      block(one.body, { ...scope, when: both(scope.when, testOf(one.test, true, testNames(reader))) }, reader);
      block(one.orElse, scope, reader);
      return scope;
    case "with": {
      for (const item of one.items) visit(item.value);
      const suppressed = one.items.some(
        (item) => item.value.kind === "call" && dotted(item.value.callee)?.endsWith("suppress"),
      );
      block(one.body, suppressed ? { ...scope, handled: true } : scope, reader);
      return scope;
    }
    case "match":
      visit(one.subject);
      cases(one, scope, reader);
      return scope;
    case "assert": {
      const before = reader.result.reads.length;
      visit(one.test, true);
      const tested = reader.result.reads.slice(before);
      const failing = both(scope.when, testOf(one.test, false, testNames(reader)));
      for (const name of presenceOf(one.test, reader, scope).present)
        require(name, one.test, tested, { ...scope, when: failing }, reader);
      return scope;
    }
    case "expression":
      visit(one.value);
      return scope;
    case "augmented":
    case "return":
    case "raise":
      visit(one.value);
      return scope;
    case "unknown":
      block(one.body, scope, reader);
      return scope;
    default:
      return scope;
  }
}

/** Walks both branches of an `if`; gives the scope behind it, where a branch that ends has said what is there. */
function branches(one: PyIf, scope: Scope, reader: Reader): Scope {
  const before = reader.result.reads.length;
  expressions(one.test, scope, reader, true);
  const tested = reader.result.reads.slice(before);
  const { present, absent } = presenceOf(one.test, reader, scope);
  const ends = endsAbruptly(one.body);
  const taken = both(scope.when, testOf(one.test, true, testNames(reader)));
  const left = testOf(one.test, false, testNames(reader));
  const passed = both(scope.when, left);
  if (ends === "raises") {
    for (const name of absent) require(name, one.test, tested, { ...scope, when: taken }, reader);
    requireOne(alternativesIn(one.test, reader, scope), scope, reader);
  }
  if (endsAbruptly(one.orElse) === "raises")
    for (const name of present) require(name, one.test, tested, { ...scope, when: passed }, reader);
  const asProgram = scope.asProgram || isProgramTest(one);
  // Nothing of the environment is in the test: whoever knows what decides it.
  const unsure = scope.unsure || (left === null && present.length + absent.length === 0 && !isProgramTest(one));
  block(one.body, withGuards({ ...scope, when: taken, unsure, asProgram }, present), reader);
  // What one name makes unnecessary says so itself.
  const otherwise =
    present.length === 1 && (left === null || left.kind === "set")
      ? { ...scope, unless: present[0]! }
      : { ...scope, when: passed, unsure };
  block(one.orElse, withGuards(otherwise, absent), reader);
  const after = ends === "leaves" ? { ...scope, when: passed, unsure } : scope;
  return ends !== null && absent.length > 0 ? withGuards(after, absent) : after;
}

/** A function's body: its parameters are no names of the module. */
function body(one: PyFunction, scope: Scope, reader: Reader): void {
  const { settings: outer, environ } = reader;
  reader.settings = new Map(outer);
  reader.environ = new Set(environ);
  for (const { name } of one.parameters) {
    reader.settings.delete(name);
    reader.environ.delete(name);
  }
  const started = scope.inFunction || scope.owner !== null ? undefined : reader.started.get(one.name.text);
  block(one.body, { ...scope, inFunction: started !== false, asProgram: started ?? false, owner: null }, reader);
  reader.settings = outer;
  reader.environ = environ;
}

/** A class's body: the fields of pydantic settings are read as such, and their methods as code. */
function classBody(one: PyClass, scope: Scope, reader: Reader): void {
  const methods = settingsClass(one, scope, reader);
  if (methods === null) block(one.body, { ...scope, owner: one.name.text }, reader);
  else for (const method of methods) block(method.body, { ...scope, inFunction: true, owner: null }, reader);
}

/** The cases of a `match`: texts are compared, any other pattern on a variable cannot be told. */
function cases(one: PyMatch, scope: Scope, reader: Reader): void {
  const names = testNames(reader);
  let before: MaybeTest = scope.when;
  for (const option of one.cases) {
    const pattern = reader.text.slice(option.start, option.body[0]?.start ?? option.end);
    const texts = option.guard === null ? TEXT_PATTERN.exec(pattern)?.[1]?.match(TEXTS) : null;
    const compared = (holds: boolean): MaybeTest =>
      texts
        ? testOf(
            {
              kind: "comparison",
              operators: ["in"],
              operands: [
                one.subject,
                {
                  kind: "tuple",
                  items: texts.map((text) => ({ ...option, kind: "string", value: text.slice(1, -1), bytes: false })),
                  start: option.start,
                  end: option.end,
                },
              ],
              start: option.start,
              end: option.end,
            },
            holds,
            names,
          )
        : unknownOf(mentioned(one.subject, names));
    const isRest = option.irrefutable && option.guard === null;
    block(option.body, { ...scope, when: isRest ? before : both(before, compared(true)) }, reader);
    before = both(before, compared(false));
  }
}

const TEXT_PATTERN = /^case\s+((?:"[^"\\\n]*"|'[^'\\\n]*')(?:\s*\|\s*(?:"[^"\\\n]*"|'[^'\\\n]*'))*)\s*:/;
const TEXTS = /"[^"]*"|'[^']*'/g;

function catchesKeyError(type: PyExpression | null): boolean {
  if (type === null) return true;
  const types = type.kind === "tuple" ? type.items : [type];
  return types.some((one) =>
    /^(?:KeyError|LookupError|Exception|BaseException|ImproperlyConfigured|EnvError|UndefinedValueError)$/.test(
      dotted(one)?.split(".").at(-1) ?? "",
    ),
  );
}
