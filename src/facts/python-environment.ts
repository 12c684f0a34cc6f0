import { both, type MaybeTest, unknownOf, without } from "../sources/environment-tests.ts";
import { parsePython, preparePython } from "../sources/python.ts";
import type { EnvironmentRead, EnvironmentReads } from "../types/environment-read.ts";
import type { Extractor } from "../types/facts.ts";
import type {
  PyBoolean,
  PyCall,
  PyClass,
  PyExpression,
  PyFunction,
  PyMatch,
  PyStatement,
  PythonFile,
} from "../types/python.ts";
import type { Need } from "../types/secret-reference.ts";
import { CALLS, calledNames, onlyCalls } from "./called-names.ts";
import { tableRow } from "./python-environment-tables.ts";
import { mentioned, type PythonTestNames, type PythonVariable, testOf } from "./python-environment-tests.ts";

/** How a Python file reads its environment: os.environ, django-environ, decouple, pydantic settings, own accessors. */
export const pythonEnvironmentExtractor: Extractor<"python-environment"> = {
  kind: "python-environment",
  version: 5,
  prepare: preparePython,
  claims: (path) => /\.py$/.test(path),
  extract(source) {
    // One byte a character is enough to look for words, and most files are done with that.
    const bytes = source.bytes().toString("latin1");
    if (!MAY_SAY.test(bytes)) return onlyCalls([]);
    const called = calledNames(bytes);
    if (!MAY_READ.test(bytes)) return onlyCalls(called);
    const text = source.text();
    return { ...readFile(parsePython(text), text), ...(called.length > 0 ? { called } : {}) };
  },
};

/** The same for a file that only calls functions with names of variables: parsed where the accessor exists that it seems to call. */
export const pythonAccessorCallsExtractor: Extractor<"python-accessor-calls"> = {
  kind: "python-accessor-calls",
  version: 4,
  prepare: preparePython,
  claims: (path) => /\.py$/.test(path),
  extract(source) {
    const text = source.text();
    return MAY_READ.test(text) ? onlyCalls([]) : readFile(parsePython(text), text);
  },
};

/** Files without any of these words are not parsed. */
const MAY_READ = /nv(?:iron|\b|\(|_?(?:var|name|key))|BaseSettings|decouple|dynaconf/;

/** Either of the two that a file may be of use for: one pass over the many that are of none. */
const MAY_SAY = new RegExp(`${MAY_READ.source}|${CALLS.source}`);

/** What the walk knows of the place it is at. */
interface Scope {
  /** Names whose presence is asked about on the way here, or whose absence is handled. */
  guarded: ReadonlySet<string>;
  handled: boolean;
  unless: string | null;
  /** What the environment must be to come here. */
  when: MaybeTest;
  inFunction: boolean;
  /** Literal values of loop variables. */
  values: ReadonlyMap<string, readonly string[]>;
  /** The class whose body this is. */
  owner: string | null;
}

interface Reader {
  text: string;
  file: PythonFile;
  os: Set<string>;
  environ: Set<string>;
  getenv: Set<string>;
  /** Objects of django-environ or environs, called to read. */
  readers: Set<string>;
  /** `config` of decouple. */
  decouple: Set<string>;
  result: EnvironmentReads;
  /** Reads bound to a name, so that a later `if not name: raise` can make them required. */
  bound: Map<string, EnvironmentRead[]>;
  lists: Map<string, string[]>;
  /** Names of the function, or of the module, that the environment decides, with what they are; null: it differs. */
  settings: Map<string, PyExpression | null>;
  /** Names of lists of those variables that are absent: `missing = [n for n in NAMES if not os.getenv(n)]`. */
  lacking: Map<string, { names: string[]; at: PyExpression }>;
  /** Reads that are optional only because of what stands around them. */
  soft: Set<EnvironmentRead>;
  /** Classes of the file by name, for inherited settings and nested models. */
  classes: Map<string, PyClass>;
  /** True where the file uses pydantic 1. */
  pydanticOne: boolean;
}

function readFile(file: PythonFile, text: string): EnvironmentReads {
  const result: EnvironmentReads = { reads: [], provided: [], accessors: [], calls: [], lineStarts: file.lineStarts };
  const reader: Reader = {
    text,
    file,
    os: new Set(),
    environ: new Set(),
    getenv: new Set(),
    readers: new Set(),
    decouple: new Set(),
    result,
    bound: new Map(),
    lists: new Map(),
    settings: new Map(),
    lacking: new Map(),
    soft: new Set(),
    classes: new Map(file.body.flatMap((one) => (one.kind === "class" ? [[one.name.text, one] as const] : []))),
    pydanticOne: /from pydantic import[^\n]*\bBaseSettings\b/.test(text),
  };
  block(
    file.body,
    { guarded: new Set(), handled: false, unless: null, when: null, inFunction: false, values: new Map(), owner: null },
    reader,
  );
  return result;
}

function block(statements: readonly PyStatement[], scope: Scope, reader: Reader): void {
  let here = scope;
  for (const one of statements) here = statement(one, here, reader);
}

/** Walks one statement; gives the scope for those after it (`if "X" not in os.environ: return`). */
function statement(one: PyStatement, scope: Scope, reader: Reader): Scope {
  const visit = (expression: PyExpression | null, has = false) =>
    expression && expressions(expression, scope, reader, has);
  switch (one.kind) {
    case "import":
      for (const { name, alias } of one.names) {
        if (SETTINGS_NAME.test(alias ?? name)) reader.settings.set(alias ?? name, null);
        if (name === "os") reader.os.add(alias ?? "os");
        if (name === "environ" || name === "environs") reader.os.add(`${alias ?? name}#reader`);
      }
      return scope;
    case "from":
      for (const { name, alias } of one.names) {
        if (SETTINGS_NAME.test(alias ?? name) || (SETTINGS_MODULE.test(one.module) && CONSTANT.test(name)))
          reader.settings.set(alias ?? name, null);
        if (one.module === "os" && name === "environ") reader.environ.add(alias ?? name);
        if (one.module === "os" && name === "getenv") reader.getenv.add(alias ?? name);
        if (
          (one.module === "decouple" || one.module === "starlette.config") &&
          (name === "AutoConfig" || name === "Config")
        )
          reader.os.add(`${alias ?? name}#decouple`);
        if (one.module === "decouple" && name === "config") reader.decouple.add(alias ?? name);
        if ((one.module === "environ" || one.module === "environs") && name === "Env")
          reader.os.add(`${alias ?? name}#class`);
        // An `env` of another settings module, by name or by star.
        if (name === "env" || (name === "*" && (one.level > 0 || /settings/.test(one.module))))
          reader.readers.add("env");
      }
      return scope;
    case "function":
      accessorOf(one, scope.owner, reader);
      for (const decorator of one.decorators) visit(decorator);
      for (const parameter of one.parameters) visit(parameter.default);
      body(one, scope, reader);
      return scope;
    case "class":
      for (const base of one.bases) visit(base);
      if (!settingsClass(one, scope, reader)) block(one.body, { ...scope, owner: one.name.text }, reader);
      return scope;
    case "assign": {
      const before = reader.result.reads.length;
      for (const target of one.targets) assigned(target, scope, reader);
      constructed(one.targets[0], one.value, reader);
      visit(one.value);
      const [target] = one.targets;
      for (const each of one.targets) settingOf(each, one.value, scope, reader);
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
    case "if": {
      const before = reader.result.reads.length;
      visit(one.test, true);
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
      block(one.body, withGuards({ ...scope, when: taken }, present), reader);
      // What one name makes unnecessary says so itself.
      const otherwise =
        present.length === 1 && (left === null || left.kind === "set")
          ? { ...scope, unless: present[0]! }
          : { ...scope, when: passed };
      block(one.orElse, withGuards(otherwise, absent), reader);
      const after = ends === "leaves" ? { ...scope, when: passed } : scope;
      return ends !== null && absent.length > 0 ? withGuards(after, absent) : after;
    }
    case "try": {
      const caught = one.handlers.some(
        (handler) => catchesKeyError(handler.type) && endsAbruptly(handler.body) !== "raises",
      );
      block(one.body, caught ? { ...scope, handled: true } : scope, reader);
      for (const handler of one.handlers) block(handler.body, scope, reader);
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

/** Names of what holds the settings of a whole project, and of the modules that do. */
const SETTINGS_NAME = /^(?:settings|config|conf|cfg)$/;
const SETTINGS_MODULE = /(?:^|\.)(?:settings|config|conf|env|environment|constants)(?:\.|$)/;
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

/** A function's body: its parameters are no names of the module. */
function body(one: PyFunction, scope: Scope, reader: Reader): void {
  const outer = reader.settings;
  reader.settings = new Map(outer);
  for (const { name } of one.parameters) reader.settings.delete(name);
  block(one.body, { ...scope, inFunction: true, owner: null }, reader);
  reader.settings = outer;
}

/** Keeps what a name is set to where the environment decides it, by the value or by the branch that sets it. */
function settingOf(target: PyExpression, value: PyExpression, scope: Scope, reader: Reader): void {
  if (target.kind !== "name") return;
  const again = reader.settings.has(target.name);
  if (again || scope.when !== null) reader.settings.set(target.name, null);
  else if (mentioned(value, testNames(reader)).length > 0) reader.settings.set(target.name, value);
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

const testNames = (reader: Reader): PythonTestNames => ({
  variableOf: (one) => variableOf(one, reader),
  isEnviron: (one) => isEnviron(one, reader),
  settingOf: (name) => reader.settings.get(name),
  readsOf: (name) => (reader.bound.get(name) ?? []).map((one) => one.name),
});

/** The variable that an expression reads, with what it is where nobody sets it. */
function variableOf(one: PyExpression, reader: Reader): PythonVariable | null {
  const plain = { flag: false, fold: false };
  if (one.kind === "subscript" && isEnviron(one.object, reader))
    return one.indexes[0]?.kind === "string" ? { name: one.indexes[0].value, otherwise: null, ...plain } : null;
  if (one.kind !== "call") return null;
  const callee = dotted(one.callee);
  const [first, second] = one.arguments;
  if (callee === null || first?.kind !== "string") return null;
  const at = callee.lastIndexOf(".");
  const [object, method] = [callee.slice(0, Math.max(at, 0)), callee.slice(at + 1)];
  const onEnviron = one.callee.kind === "attribute" && method === "get" && isEnviron(one.callee.object, reader);
  const isGetenv = reader.getenv.has(callee) || (method === "getenv" && reader.os.has(object));
  const isReader =
    reader.readers.has(callee) ||
    reader.decouple.has(callee) ||
    (reader.readers.has(object) && ENV_METHODS.has(method));
  // An accessor of its own takes a name as well; what it gives cannot be told.
  if (!onEnviron && !isGetenv && !isReader)
    return CONSTANT.test(first.value) && first.value.includes("_")
      ? { name: first.value, otherwise: undefined, ...plain }
      : null;
  const fallback = one.keywords.find(({ name }) => name === "default")?.value ?? second;
  const cast = one.keywords.find(({ name }) => name === "cast")?.value;
  const flag = isReader && (method === "bool" || (cast !== undefined && dotted(cast) === "bool"));
  const isOther = isReader && !flag && (cast !== undefined || (at >= 0 && method !== "str"));
  return { name: first.value, otherwise: isOther ? undefined : textOf(fallback), flag, fold: false };
}

/** The text of a default; undefined for what is none. */
function textOf(one: PyExpression | undefined): string | null | undefined {
  if (one === undefined || isNone(one)) return null;
  if (one.kind === "string") return one.value;
  return one.kind === "constant" && one.value !== "..." ? String(one.value) : undefined;
}

const withGuards = (scope: Scope, names: readonly string[]): Scope =>
  names.length === 0 ? scope : { ...scope, guarded: new Set([...scope.guarded, ...names]) };

/** Visits an expression; `defaulted`: what it gives is tested or has something to fall back on. */
function expressions(one: PyExpression, scope: Scope, reader: Reader, defaulted: boolean): void {
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
        for (const condition of conditions) expressions(condition, inner, reader, true);
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

/** The scope of what stands right of `and` or `or`: of two reads the second is needed only without the first. */
function behind(one: PyBoolean, scope: Scope, reader: Reader): Scope {
  const test = testOf(one.left, one.operator === "and", testNames(reader));
  return one.operator === "or" && test?.kind === "set"
    ? { ...scope, unless: test.name }
    : { ...scope, when: both(scope.when, test) };
}

/** Methods of django-environ and environs that read a variable. */
const ENV_METHODS = new Set(
  "str bool int float json list tuple dict url db db_url cache cache_url email email_url search_url path bytes decimal datetime date time timedelta uuid log_level enum".split(
    " ",
  ),
);

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
      if (hasDefault && !ownDefault && !scope.handled && !scope.guarded.has(each)) reader.soft.add(made);
    }
    for (const argument of one.arguments.slice(1)) expressions(argument, scope, reader, true);
    return;
  }
  if (onEnviron && (method === "setdefault" || method === "pop" || method === "update")) {
    if (method === "setdefault") for (const each of namesOf(first, scope)) reader.result.provided.push(each);
    if (first?.kind === "string" && first.value === "DJANGO_SETTINGS_MODULE" && second?.kind === "string")
      reader.result.settingsModule = second.value;
    if (method === "update" && first?.kind === "dict")
      for (const { key } of first.entries) if (key?.kind === "string") reader.result.provided.push(key.value);
    inner();
    return;
  }
  const object = one.callee.kind === "attribute" ? dotted(one.callee.object) : null;
  const isReader =
    (name !== null && reader.readers.has(name)) ||
    (object !== null && reader.readers.has(object) && ENV_METHODS.has(method ?? ""));
  const isDecouple = name !== null && reader.decouple.has(name);
  if (isReader || isDecouple) {
    const positional =
      second !== undefined &&
      (method !== null || isDecouple) &&
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
    return;
  }
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
      ...conditional(first.value, scope),
    });
  inner();
}

/** `env = environ.Env(DEBUG=(bool, False))`: a reader, and the names that its scheme gives a default. */
function constructed(target: PyExpression | undefined, value: PyExpression | undefined, reader: Reader): void {
  if (!target || value?.kind !== "call") return;
  const callee = dotted(value.callee);
  const name = dotted(target);
  if (callee === null || name === null) return;
  const isEnv =
    reader.os.has(`${callee}#class`) ||
    (/\.(?:Env|FileAwareEnv)$/.test(callee) && reader.os.has(`${callee.slice(0, callee.lastIndexOf("."))}#reader`));
  if (reader.os.has(`${callee}#decouple`) && callee !== "config") reader.decouple.add(name);
  if (!isEnv) return;
  reader.readers.add(name);
  for (const { name: key, value: scheme } of value.keywords)
    if (key !== null && scheme.kind === "tuple" && scheme.items.length > 1) reader.result.provided.push(key);
}

function assigned(target: PyExpression, scope: Scope, reader: Reader): void {
  if (target.kind !== "subscript" || !isEnviron(target.object, reader)) return;
  for (const name of namesOf(target.indexes[0], scope)) reader.result.provided.push(name);
}

function isEnviron(one: PyExpression, reader: Reader): boolean {
  const name = dotted(one);
  return name !== null && (reader.environ.has(name) || (name.endsWith(".environ") && reader.os.has(name.slice(0, -8))));
}

function read(name: string, need: Need, one: PyExpression, scope: Scope, reader: Reader): EnvironmentRead {
  const free = scope.handled || scope.guarded.has(name);
  const form = reader.text.slice(one.start, Math.min(one.end, one.start + 80)).replace(/\s+/g, " ");
  const made: EnvironmentRead = {
    name,
    need: free ? "optional" : need,
    form,
    unless: scope.unless === name ? null : scope.unless,
    atImport: !scope.inFunction,
    start: one.start,
    end: one.end,
    ...conditional(name, scope),
  };
  reader.result.reads.push(made);
  return made;
}

/** What else the environment must be for a name to be read here. */
function conditional(name: string, scope: Scope): Pick<EnvironmentRead, "when"> {
  const when = without(scope.when, name);
  return when === null ? {} : { when };
}

/** Makes a read required where the absence of its variable ends the process in a branch. */
function demand(one: EnvironmentRead, scope: Scope): void {
  one.need = "required";
  delete one.when;
  Object.assign(one, conditional(one.name, scope));
}

/** `if not x: raise` behind `x = os.getenv("X")`, or directly on the read. */
function require(
  name: string,
  test: PyExpression,
  tested: readonly EnvironmentRead[],
  scope: Scope,
  reader: Reader,
): void {
  const own = reader.result.reads.filter((one) => one.name === name);
  for (const one of own)
    if (one.need === "read" || (reader.soft.has(one) && isLackingRead(one, tested, reader))) demand(one, scope);
  // `if "X" not in os.environ: raise` reads nothing.
  const listed = [...reader.lacking.values()].find((one) => one.names.includes(name));
  if (own.length === 0) read(name, "required", listed?.at ?? test, scope, reader);
}

/** Of several reads any one suffices: `if not os.getenv("A") and not os.getenv("B"): raise`. */
function requireOne(names: readonly string[], scope: Scope, reader: Reader): void {
  for (const one of reader.result.reads)
    if (names.includes(one.name) && (one.need === "read" || reader.soft.has(one))) {
      demand(one, scope);
      one.anyOf = names.filter((name) => name !== one.name);
    }
}

/** The variables of which all are absent where a test with `and` holds; nothing for other tests. */
function alternativesIn(test: PyExpression, reader: Reader, scope: Scope): string[] {
  if (test.kind !== "boolean" || test.operator !== "and") return [];
  const parts = [test.left, test.right].map((side) => {
    const { present, absent } = presenceOf(side, reader, scope);
    if (present.length === 0 && absent.length === 1) return absent;
    return alternativesIn(side, reader, scope);
  });
  return parts.every((names) => names.length > 0) ? parts.flat() : [];
}

/** A read in the test itself, or in the condition that lists what is absent. */
const isLackingRead = (one: EnvironmentRead, tested: readonly EnvironmentRead[], reader: Reader): boolean =>
  tested.includes(one) || [...reader.lacking.values()].some(({ names }) => names.includes(one.name));

/** The variables that `[n for n in NAMES if not os.getenv(n)]` looks for. */
function lackingIn(one: PyExpression, scope: Scope, reader: Reader): string[] {
  if (one.kind !== "comprehension") return [];
  return one.clauses.flatMap(({ target, iterable, conditions }) => {
    const values = literals(iterable) ?? (iterable.kind === "name" ? reader.lists.get(iterable.name) : undefined);
    if (target.kind !== "name" || !values) return [];
    const inner = { ...scope, values: new Map([...scope.values, [target.name, values]]) };
    return conditions.flatMap((condition) => presenceOf(condition, reader, inner).absent);
  });
}

/** Names (of variables of the environment) whose presence or absence a test says. */
function presenceOf(test: PyExpression, reader: Reader, scope: Scope): { present: string[]; absent: string[] } {
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
  if (test.kind === "call" && dotted(test.callee) === "all" && test.arguments[0]?.kind === "list")
    return { present: test.arguments[0].items.flatMap((item) => readNames(item, reader, scope)), absent: [] };
  return nothing;
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

function catchesKeyError(type: PyExpression | null): boolean {
  if (type === null) return true;
  const types = type.kind === "tuple" ? type.items : [type];
  return types.some((one) =>
    /^(?:KeyError|LookupError|Exception|BaseException|ImproperlyConfigured|EnvError|UndefinedValueError)$/.test(
      dotted(one)?.split(".").at(-1) ?? "",
    ),
  );
}

/** Whether a block leaves by raising or ending the process, leaves otherwise, or goes on (null). */
function endsAbruptly(body: readonly PyStatement[]): "raises" | "leaves" | null {
  const last = body.at(-1);
  if (!last) return null;
  if (last.kind === "raise") return "raises";
  if (
    last.kind === "expression" &&
    last.value.kind === "call" &&
    /^(?:sys\.exit|exit|quit|os\._exit|sys\.stderr\.fatal)$/.test(dotted(last.value.callee) ?? "")
  )
    return "raises";
  return last.kind === "return" || last.kind === "continue" || last.kind === "break" ? "leaves" : null;
}

/** A function whose body reads the environment by its first parameter. */
function accessorOf(one: PyFunction, owner: string | null, reader: Reader): void {
  const [parameter, fallback] = one.parameters.filter(
    (each) => each.form === "plain" && each.name !== "self" && each.name !== "cls",
  );
  if (!parameter) return;
  const body = reader.text.slice(one.start, one.end);
  const quoted = parameter.name.replace(/\W/g, "");
  const strict = new RegExp(`environ\\s*\\[\\s*${quoted}\\s*\\]`).test(body);
  const loose = new RegExp(`(?:getenv|environ\\.get)\\s*\\(\\s*${quoted}\\b`).test(body);
  if (!strict && !loose) return;
  const raises = /\braise\b|sys\.exit/.test(body);
  reader.result.accessors.push({
    name: one.name.text,
    of: owner,
    required: (strict && !/\bexcept\b/.test(body)) || raises,
    defaultArgument: fallback ? 1 : null,
  });
}

/** A class of pydantic settings: its fields without a default are required. */
function settingsClass(one: PyClass, scope: Scope, reader: Reader): boolean {
  const line = lineage(one, reader);
  if (line === null) return false;
  const options: SettingsOptions = {
    prefix: "",
    caseSensitive: false,
    versionOne: reader.pydanticOne,
    delimiter: null,
    ignoresEmpty: false,
    handled: scope.handled,
  };
  for (const each of [...line].reverse()) settingsOptions(each, options);
  // A base that is used by itself is judged by itself; its fields are those of each class that stands on it.
  const overridden = new Set<string>();
  const isBase = [...reader.classes.values()].some(
    (other) => other !== one && other.bases.some((base) => dotted(base) === one.name.text),
  );
  if (isBase) return true;
  for (const each of line) {
    const own = fieldsOf(each);
    for (const field of own)
      if (!overridden.has(field.name)) settingsField(field, each, "", [], options, scope, reader, 0);
    for (const { name } of own) overridden.add(name);
  }
  for (const each of line)
    for (const member of each.body)
      if (member.kind === "function") block(member.body, { ...scope, inFunction: true, owner: null }, reader);
  return true;
}

/** The class and its bases of this file, nearest first, when the last stands on BaseSettings; else null. */
function lineage(one: PyClass, reader: Reader, depth = 0): PyClass[] | null {
  if (depth > 10) return null;
  for (const base of one.bases) {
    const name = dotted(base) ?? "";
    if (/(?:^|\.)(?:BaseSettings|BaseEnvSettings|PydanticBaseSettings)$/.test(name)) return [one];
    const parent = reader.classes.get(name);
    const rest = parent && parent !== one ? lineage(parent, reader, depth + 1) : null;
    if (rest) return [one, ...rest];
  }
  return null;
}

interface SettingsOptions {
  prefix: string;
  caseSensitive: boolean;
  versionOne: boolean;
  /** `env_nested_delimiter`. */
  delimiter: string | null;
  /** `env_ignore_empty`. */
  ignoresEmpty: boolean;
  handled: boolean;
}

interface SettingsFieldSyntax {
  name: string;
  annotation: PyExpression;
  value: PyExpression | null;
  start: number;
  end: number;
}

function fieldsOf(one: PyClass): SettingsFieldSyntax[] {
  return one.body.flatMap((member) =>
    member.kind === "annotated" && member.target.kind === "name"
      ? [
          {
            name: member.target.name,
            annotation: member.annotation,
            value: member.value,
            start: member.target.start,
            end: member.target.end,
          },
        ]
      : member.kind === "assign" && member.targets[0]?.kind === "name" && member.targets[0].name !== "model_config"
        ? [
            {
              name: member.targets[0].name,
              annotation: member.targets[0],
              value: member.value,
              start: member.start,
              end: member.end,
            },
          ]
        : [],
  );
}

function settingsField(
  field: SettingsFieldSyntax,
  holder: PyClass,
  path: string,
  parents: readonly string[],
  options: SettingsOptions,
  scope: Scope,
  reader: Reader,
  depth: number,
): void {
  const { name } = field;
  const annotation = reader.text.slice(field.annotation.start, field.annotation.end);
  if (name.startsWith("_") || name === "model_config" || /^(?:typing\.)?(?:ClassVar|InitVar)\b/.test(annotation))
    return;
  const inAnnotation = annotatedField(field.annotation);
  const own = fieldOf(field.value);
  const aliases = own.aliases.length > 0 ? own.aliases : (inAnnotation?.aliases ?? []);
  const hasDefault = own.hasDefault || inAnnotation?.hasDefault === true;
  const written = aliases.length > 0 && path === "" ? aliases : [`${path === "" ? options.prefix : path}${name}`];
  const names = options.caseSensitive ? written : written.map((each) => each.toUpperCase());
  const nullable = options.versionOne && /\bOptional\[|\|\s*None\b/.test(annotation);
  const nested = depth < 3 ? reader.classes.get(annotation.trim()) : undefined;
  if (nested && !hasDefault && !nullable) {
    const isSettings = lineage(nested, reader) !== null;
    if (options.delimiter !== null && !isSettings)
      for (const inner of fieldsOf(nested))
        settingsField(
          inner,
          nested,
          `${names[0]}${options.delimiter}`,
          [...parents, names[0]!],
          options,
          scope,
          reader,
          depth + 1,
        );
    if (options.delimiter !== null || isSettings) return;
  }
  const need: Need = hasDefault || nullable || options.handled ? "optional" : "required";
  reader.result.reads.push({
    name: names[0]!,
    need,
    form: `${holder.name.text}.${name}`,
    unless: parents[0] ?? null,
    anyOf: [...names.slice(1)],
    ...(options.ignoresEmpty ? { emptyIsAbsent: true as const } : {}),
    atImport: !scope.inFunction,
    start: field.start,
    end: field.end,
    ...conditional(names[0]!, scope),
  });
}

/** `Annotated[str, Field(alias="X")]`. */
function annotatedField(annotation: PyExpression): { aliases: string[]; hasDefault: boolean } | null {
  if (annotation.kind !== "subscript" || !/(?:^|\.)Annotated$/.test(dotted(annotation.object) ?? "")) return null;
  for (const index of annotation.indexes.flatMap((one) => (one.kind === "tuple" ? one.items : [one])))
    if (index.kind === "call" && /(?:^|\.)Field$/.test(dotted(index.callee) ?? "")) return fieldOf(index);
  return null;
}

function settingsOptions(one: PyClass, options: SettingsOptions): void {
  const take = (name: string | null, value: PyExpression | null) => {
    if (name === "env_prefix" && value?.kind === "string") options.prefix = value.value;
    if (name === "env_nested_delimiter" && value?.kind === "string") options.delimiter = value.value;
    if (name === "env_ignore_empty" && value?.kind === "constant") options.ignoresEmpty = value.value === true;
    if (name === "case_sensitive" && value?.kind === "constant") options.caseSensitive = value.value === true;
  };
  for (const keyword of one.keywords) take(keyword.name, keyword.value);
  for (const member of one.body) {
    if (member.kind === "class" && member.name.text === "Config")
      for (const inner of member.body)
        if (inner.kind === "assign" && inner.targets[0]?.kind === "name") take(inner.targets[0].name, inner.value);
    const value =
      member.kind === "assign" && member.targets[0]?.kind === "name" && member.targets[0].name === "model_config"
        ? member.value
        : member.kind === "annotated" && member.target.kind === "name" && member.target.name === "model_config"
          ? member.value
          : null;
    if (value?.kind === "call") for (const keyword of value.keywords) take(keyword.name, keyword.value);
    if (value?.kind === "dict")
      for (const entry of value.entries) if (entry.key?.kind === "string") take(entry.key.value, entry.value);
  }
}

/** What `= Field(…)` or a plain default says. Aliases ignore the prefix. */
function fieldOf(value: PyExpression | null): { aliases: string[]; hasDefault: boolean } {
  if (value === null) return { aliases: [], hasDefault: false };
  if (value.kind !== "call" || !/(?:^|\.)Field$/.test(dotted(value.callee) ?? ""))
    return { aliases: [], hasDefault: true };
  const [first] = value.arguments;
  let hasDefault = first !== undefined && !(first.kind === "constant" && first.value === "...");
  const aliases: string[] = [];
  for (const { name, value: given } of value.keywords) {
    if (name === "default" && !(given.kind === "constant" && given.value === "...")) hasDefault = true;
    if (name === "default_factory") hasDefault = true;
    if (name !== "alias" && name !== "validation_alias" && name !== "env") continue;
    if (given.kind === "string") aliases.push(given.value);
    if (given.kind === "call")
      for (const argument of given.arguments) if (argument.kind === "string") aliases.push(argument.value);
    if (given.kind === "list" || given.kind === "tuple" || given.kind === "set")
      for (const item of given.items) if (item.kind === "string") aliases.push(item.value);
  }
  return { aliases, hasDefault };
}

/** `a.b.c` of names and attributes, or null. */
function dotted(one: PyExpression): string | null {
  if (one.kind === "name") return one.name;
  if (one.kind !== "attribute") return null;
  const object = dotted(one.object);
  return object === null ? null : `${object}.${one.name.text}`;
}

const isNone = (one: PyExpression) => one.kind === "constant" && one.value === null;

function namesOf(one: PyExpression | undefined, scope: Scope): readonly string[] {
  if (one?.kind === "string") return [one.value];
  return one?.kind === "name" ? (scope.values.get(one.name) ?? []) : [];
}

/** The texts of a literal list, or of the keys of a literal dict; else null. */
function literals(one: PyExpression): string[] | null {
  if (one.kind === "dict") {
    const keys = one.entries.map(({ key }) => (key?.kind === "string" ? key.value : null));
    return keys.length > 0 && !keys.includes(null) ? (keys as string[]) : null;
  }
  if (one.kind !== "list" && one.kind !== "tuple" && one.kind !== "set") return null;
  const texts = one.items.map((item) => (item.kind === "string" ? item.value : null));
  return texts.length > 0 && !texts.includes(null) ? (texts as string[]) : null;
}
