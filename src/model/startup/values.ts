import type { Argument, CodeFunction, Expression, Span, Statement } from "../../types/code.ts";
import {
  type Binding,
  type ClassInfo,
  classInfoOf,
  eachStatement,
  type FunctionInfo,
  fieldsOf,
  infoOf,
  type ModuleInfo,
  type Program,
  type Scope,
  scopeOf,
} from "./program.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** Values of parameters that a call fixed, by function and name. */
export type Environment = ReadonlyMap<string, Value>;

/** Where an expression stands and what the parameters around it are. */
export interface Frame {
  scope: Scope;
  env: Environment;
}

/** What an expression stands for, as far as syntax tells. Null everywhere: not known. */
export type Value =
  | { kind: "module"; of: ModuleInfo }
  | { kind: "namespace"; path: string; from: ModuleInfo }
  /** Something of another package: `fastapi.FastAPI`, `express.Router`. `on`: the object it is an attribute of. */
  | { kind: "external"; name: string; on: Value | null }
  /** What calling something of another package gave; `id` is the place of that call. */
  | { kind: "made"; name: string; id: string; call: Call | null; frame: Frame | null }
  | {
      kind: "function";
      of: FunctionInfo;
      self: Value | null;
      env: Environment;
      /** Where it was handed over as an argument: the statement that names it. */
      passedAt?: { module: ModuleInfo; span: Span };
      /** The row of a table that names it. */
      listedAt?: { module: ModuleInfo; span: Span };
      given?: readonly Argument[];
      givenFrame?: Frame;
    }
  | { kind: "class"; of: ClassInfo }
  | { kind: "instance"; of: ClassInfo; id: string | null }
  /** A coroutine or promise. */
  | { kind: "promise"; of: Value | null }
  /** A call of an asynchronous Python function that was handed on: it runs where somebody awaits it. */
  | { kind: "coroutine"; call: Call; frame: Frame }
  | { kind: "list"; items: readonly Expression[]; frame: Frame }
  | { kind: "dict"; of: Extract<Expression, { kind: "dict" }>; frame: Frame }
  | { kind: "text"; value: string }
  | { kind: "constant"; text: string };

export const noEnvironment: Environment = new Map();
const maximumDepth = 14;

/** Decorators that give back the function or one that is called alike. */
const transparentNames = new Set([
  "staticmethod",
  "classmethod",
  "abstractmethod",
  "override",
  "final",
  "wraps",
  "validator",
  "on_event",
  "get",
  "post",
  "put",
  "delete",
  "patch",
  "head",
  "options",
  "trace",
  "api_route",
  "route",
  "websocket",
  "websocket_route",
  "middleware",
  "exception_handler",
  "errorhandler",
  "before_request",
  "after_request",
  "teardown_request",
  "before_serving",
  "before_first_request",
  "connect",
  "receiver",
  "Injectable",
  "Controller",
  "Get",
  "Post",
  "type_check_only",
  "no_type_check",
]);

/** Whether every decorator leaves sync sync and async async. */
export function isTransparent(decorators: readonly Expression[]): boolean {
  return decorators.every((one) => transparentNames.has(lastName(one)) && lastName(one) !== "property");
}

/** The last segment of a dotted expression or of what is called: `app.on_event("startup")` is `on_event`. */
export function lastName(at: Expression): string {
  if (at.kind === "call") return lastName(at.callee);
  if (at.kind === "attribute" || at.kind === "name") return at.name;
  return "";
}

/** `a.b.c` as written, calls and subscripts shown empty; "" where it is no such chain. */
export function writtenName(at: Expression): string {
  switch (at.kind) {
    case "name":
      return at.name;
    case "attribute": {
      const of = writtenName(at.of);
      return of === "" ? at.name : `${of}.${at.name}`;
    }
    case "call":
    case "await":
    case "index":
      return at.kind === "await" ? writtenName(at.of) : `${writtenName(at.kind === "call" ? at.callee : at.of)}()`;
    default:
      return "";
  }
}

/** A name that tells values apart, for functions that are lowered once per set of bound arguments. */
export function valueKey(value: Value | null): string {
  if (value === null) return "?";
  switch (value.kind) {
    case "module":
      return `m:${value.of.path}`;
    case "namespace":
      return `n:${value.path}`;
    case "external":
      return `e:${value.name}${value.on === null ? "" : `@${valueKey(value.on)}`}`;
    case "made":
      return `x:${value.name}@${value.id}`;
    case "function":
      return `f:${value.of.id}${value.self === null ? "" : `@${valueKey(value.self)}`}${
        value.passedAt ? `#${value.passedAt.module.path}:${value.passedAt.span.start}` : ""
      }${value.listedAt ? `~${value.listedAt.module.path}:${value.listedAt.span.start}` : ""}`;
    case "class":
      return `c:${value.of.id}`;
    case "instance":
      return `i:${value.of.id}@${value.id ?? ""}`;
    case "promise":
      return `p:${valueKey(value.of)}`;
    case "coroutine":
      return `o:${value.frame.scope.module.path}:${value.call.start}`;
    case "list":
      return `l:${value.items[0]?.start ?? 0}:${value.frame.scope.module.path}`;
    case "dict":
      return `d:${value.of.start}:${value.frame.scope.module.path}`;
    case "text":
      return `t:${value.value}`;
    case "constant":
      return `k:${value.text}`;
  }
}

// A class: every look-up needs the program and the cache.
/** Follows names, attributes and calls to what they stand for. Flow-insensitive: a name bound twice is unknown. */
export class Resolver {
  readonly program: Program;
  private readonly cache = new WeakMap<Expression, Value | null>();
  private depth = 0;

  constructor(program: Program) {
    this.program = program;
  }

  evaluate(at: Expression, frame: Frame): Value | null {
    const cacheable = frame.env.size === 0;
    if (cacheable) {
      const known = this.cache.get(at);
      if (known !== undefined) return known;
    }
    if (this.depth > maximumDepth) return null;
    this.depth++;
    // An expression that depends on itself is unknown while it is being looked at.
    if (cacheable) this.cache.set(at, null);
    const value = this.read(at, frame);
    this.depth--;
    if (cacheable) {
      if (value === null && this.depth > 6) this.cache.delete(at);
      else this.cache.set(at, value);
    }
    return value;
  }

  private read(at: Expression, frame: Frame): Value | null {
    switch (at.kind) {
      case "name":
        return this.name(at.name, frame);
      case "attribute": {
        const of = this.evaluate(at.of, frame);
        if (of !== null) return this.attribute(of, at.name);
        return null;
      }
      case "call":
        return this.call(at, frame);
      case "await": {
        const of = this.evaluate(at.of, frame);
        return of?.kind === "promise" ? of.of : of?.kind === "made" || of?.kind === "instance" ? of : null;
      }
      case "string":
        return at.value === null ? null : { kind: "text", value: at.value };
      case "constant":
        return { kind: "constant", text: at.text };
      case "list":
        return { kind: "list", items: at.items, frame };
      case "dict":
        return { kind: "dict", of: at, frame };
      case "function": {
        const of = infoOf(at.of);
        return of ? { kind: "function", of, self: null, env: frame.env } : null;
      }
      case "class": {
        const of = classInfoOf(at.of);
        return of ? { kind: "class", of } : null;
      }
      case "assignment":
        return this.evaluate(at.value, frame);
      case "logical":
        if (at.operator === "and") return this.evaluate(at.right, frame);
        return this.evaluate(at.left, frame) ?? this.evaluate(at.right, frame);
      case "conditional": {
        const then = this.evaluate(at.consequent, frame);
        const otherwise = this.evaluate(at.otherwise, frame);
        if (then?.kind === "constant") return otherwise;
        if (otherwise?.kind === "constant") return then;
        return valueKey(then) === valueKey(otherwise) ? then : null;
      }
      case "index": {
        const of = this.evaluate(at.of, frame);
        if (at.at.kind === "constant" && of?.kind === "list") {
          const item = of.items[Number(at.at.text)];
          return item ? this.evaluate(item, of.frame) : null;
        }
        if (at.at.kind === "string" && at.at.value !== null && of?.kind === "dict") return this.entry(of, at.at.value);
        return null;
      }
      default:
        return null;
    }
  }

  /** The bindings that a name has where it stands, innermost scope that has any; null for a name of nobody. */
  bindings(name: string, scope: Scope): { found: Binding[]; scope: Scope } | null {
    let inner = true;
    for (let at: Scope | null = scope; at !== null; at = at.parent) {
      // A class body's names are not seen from its methods.
      if ((at.kind !== "class" || inner) && !(at.globals.has(name) && at.parent !== null)) {
        const found = at.names.get(name);
        if (found) return { found, scope: at };
      }
      inner = false;
    }
    return null;
  }

  private name(name: string, frame: Frame): Value | null {
    const { module } = frame.scope;
    if (module.code.language === "javascript" && (name === "this" || name === "super")) {
      const of = frame.scope.class ?? this.enclosingClass(frame.scope);
      if (!of) return null;
      if (name === "this") return frame.env.get("this") ?? { kind: "instance", of, id: null };
      const base = this.bases(of)[0];
      return base ? { kind: "instance", of: base, id: null } : null;
    }
    const local = frame.env.get(`local:${name}`);
    if (local) return local;
    const known = this.bindings(name, frame.scope);
    if (known === null) {
      for (const star of module.stars) {
        const target = this.imported(module, star.module, star.level);
        const found = target?.kind === "module" ? this.member(target.of, name) : null;
        if (found) return found;
        if (target === null || target.kind === "external") return null;
      }
      return { kind: "external", name, on: null };
    }
    // What surrounds a call says nothing of names that stand at a module's top level.
    return this.ofBindings(known.found, {
      scope: known.scope,
      env: known.scope.kind === "module" ? noEnvironment : frame.env,
    });
  }

  private enclosingClass(scope: Scope): ClassInfo | null {
    for (let at: Scope | null = scope; at !== null; at = at.parent) if (at.class) return at.class;
    return null;
  }

  /** One value of several bindings: the last plain definition, or the only value beside empty ones. */
  ofBindings(found: readonly Binding[], frame: Frame): Value | null {
    // Modules may import a name from each other in a circle.
    return this.starred(() => this.choose(found, frame));
  }

  private choose(found: readonly Binding[], frame: Frame): Value | null {
    const live = found.filter((one) => !isEmpty(one));
    if (live.length === 0) {
      const annotated = found.find((one) => one.kind === "value" && one.annotation !== null);
      return annotated
        ? this.binding(annotated, frame)
        : found.length === 1
          ? this.binding(found[0] as Binding, frame)
          : null;
    }
    if (live.length === 1) {
      const value = this.binding(live[0] as Binding, frame);
      if (value !== null) return value;
      const annotated = found.find((one) => one.kind === "value" && one.annotation !== null);
      return annotated ? this.binding(annotated, frame) : null;
    }
    const definitions = live.filter((one) => !isOverload(one));
    if (definitions.length === 1) return this.binding(definitions[0] as Binding, frame);
    const annotated = live.find((one) => one.kind === "value" && one.annotation !== null);
    if (annotated?.kind === "value" && annotated.annotation) {
      const typed = this.ofAnnotation(annotated.annotation, frame);
      if (typed?.kind === "instance") return typed;
    }
    const last = definitions.at(-1);
    if (last === undefined || definitions.some((one) => one.conditional)) {
      const values = definitions.map((one) => this.binding(one, frame));
      const first = values[0] ?? null;
      return first !== null && values.every((one) => valueKey(one) === valueKey(first)) ? first : null;
    }
    if (definitions.every((one) => one.kind === "function" || one.kind === "class")) return this.binding(last, frame);
    if (definitions.every((one) => one.kind === "import")) return this.binding(last, frame);
    const values = definitions.map((one) => this.binding(one, frame));
    return values[0] && values.every((one) => valueKey(one) === valueKey(values[0] ?? null)) ? values[0] : null;
  }

  private binding(one: Binding, frame: Frame): Value | null {
    switch (one.kind) {
      case "function":
        return { kind: "function", of: one.of, self: null, env: frame.env };
      case "class":
        return { kind: "class", of: one.of };
      case "import": {
        const { statement, name } = one;
        const from = frame.scope.module;
        if (from.code.language === "javascript") {
          const target = this.imported(from, statement.module, 0);
          if (target === null || name === null) return null;
          if (target.kind === "module") {
            if (name.name === "*") return target;
            return this.exported(target.of, name.name);
          }
          if (target.kind === "external") {
            // Packages that export themselves under their own name: `import { fastify } from "fastify"`.
            if (name.name === "default" || name.name === "*" || name.name === target.name) return target;
            return { kind: "external", name: `${target.name}.${name.name}`, on: null };
          }
          return null;
        }
        if (name === null) {
          const whole = statement.whole ? statement.module : (statement.module.split(".", 1)[0] as string);
          return this.imported(from, whole, 0);
        }
        const target = this.imported(from, statement.module, statement.level);
        if (target === null) return null;
        if (target.kind === "external") return { kind: "external", name: `${target.name}.${name.name}`, on: null };
        if (target.kind === "module") {
          const found = this.member(target.of, name.name);
          if (found) return found;
        }
        return this.imported(
          from,
          statement.module === "" ? name.name : `${statement.module}.${name.name}`,
          statement.level,
          true,
        );
      }
      case "value": {
        if (one.value !== null) {
          let value = this.evaluate(one.value, frame);
          for (const step of one.path) {
            if (value === null) break;
            if (value.kind === "promise") value = value.of;
            if (typeof step === "number") {
              const item: Expression | undefined = value?.kind === "list" ? value.items[step] : undefined;
              value = item && value?.kind === "list" ? this.evaluate(item, value.frame) : null;
            } else value = value === null ? null : this.attribute(value, step);
          }
          if (value !== null && value.kind !== "constant") return value;
          if (one.annotation === null) return value;
        }
        return one.annotation ? this.ofAnnotation(one.annotation, frame) : null;
      }
      case "entered":
        return this.entered(one.value, frame);
      case "parameter": {
        const bound = frame.env.get(`${one.of.id}:${one.parameter.name}`);
        if (bound) return bound;
        if (one.index === 0 && one.of.class && one.of.module.code.language === "python") {
          const decorators = one.of.node.decorators.map(lastName);
          if (decorators.includes("classmethod")) return { kind: "class", of: one.of.class };
          if (!decorators.includes("staticmethod")) {
            return frame.env.get("this") ?? { kind: "instance", of: one.of.class, id: null };
          }
        }
        return one.parameter.annotation
          ? this.ofAnnotation(one.parameter.annotation, { scope: one.of.outer, env: frame.env })
          : null;
      }
      case "open":
        return null;
    }
  }

  /** What `with v as x` binds. */
  private entered(at: Expression, frame: Frame): Value | null {
    const value = this.evaluate(at, frame);
    if (value?.kind === "instance") {
      const enter = this.method(value.of, "__aenter__") ?? this.method(value.of, "__enter__");
      if (enter?.node.returns) return this.ofAnnotation(enter.node.returns, { scope: enter.outer, env: noEnvironment });
      return value;
    }
    return value?.kind === "made" ? value : null;
  }

  /** The module that an import names. External where it is not of this repository. */
  imported(from: ModuleInfo, module: string, level: number, strict = false): Value | null {
    const path = this.program.input.resolve(from.path, module, level);
    if (path === null) {
      if (strict || level > 0 || (from.code.language === "javascript" && /^[./]/.test(module))) return null;
      return { kind: "external", name: module.replace(/^node:/, ""), on: null };
    }
    if (path.endsWith("/")) return { kind: "namespace", path, from };
    const of = this.program.module(path);
    return of ? { kind: "module", of } : null;
  }

  /** A name of a module's top level, or one of its submodules. */
  member(of: ModuleInfo, name: string): Value | null {
    if (of.code.language === "javascript") return this.exported(of, name);
    const found = of.scope.names.get(name);
    if (found) return this.ofBindings(found, { scope: of.scope, env: noEnvironment });
    for (const star of of.stars) {
      const target = this.imported(of, star.module, star.level);
      const inner =
        target?.kind === "module" && target.of !== of ? this.starred(() => this.member(target.of, name)) : null;
      if (inner) return inner;
    }
    if (/(?:^|\/)__init__\.pyi?$/.test(of.path)) {
      const path = this.program.input.resolve(of.path, name, 1);
      if (path !== null && !path.endsWith("/")) {
        const sub = this.program.module(path);
        if (sub) return { kind: "module", of: sub };
      } else if (path !== null) return { kind: "namespace", path, from: of };
    }
    return null;
  }

  private starred(read: () => Value | null): Value | null {
    if (this.depth > maximumDepth) return null;
    this.depth++;
    const value = read();
    this.depth--;
    return value;
  }

  private exported(of: ModuleInfo, name: string): Value | null {
    const frame: Frame = { scope: of.scope, env: noEnvironment };
    const found = of.exports.get(name);
    if (found) {
      if ("value" in found) return this.evaluate(found.value, frame);
      if ("module" in found) {
        const target = this.imported(of, found.module, 0);
        if (target?.kind === "module") {
          return found.name === "*" ? target : this.starred(() => this.exported(target.of, found.name));
        }
        return target?.kind === "external"
          ? { kind: "external", name: `${target.name}.${found.name}`, on: null }
          : null;
      }
      return this.name(found.local, frame);
    }
    if (of.commonExports) {
      const value = this.evaluate(of.commonExports, frame);
      if (name === "default") return value;
      return value === null ? null : this.attribute(value, name);
    }
    for (const star of of.stars) {
      const target = this.imported(of, star.module, 0);
      const inner =
        target?.kind === "module" && target.of !== of ? this.starred(() => this.exported(target.of, name)) : null;
      if (inner) return inner;
    }
    if (name === "default" && !of.code.esm) return { kind: "module", of };
    return null;
  }

  attribute(of: Value, name: string): Value | null {
    switch (of.kind) {
      case "module":
        if (of.of.code.language === "javascript") {
          const found = this.exported(of.of, name);
          if (found) return found;
          return name === "default" ? this.exported(of.of, "default") : null;
        }
        return this.member(of.of, name);
      case "namespace": {
        const path = this.program.input.resolve(`${of.path}__init__.py`, name, 1);
        if (path === null) return null;
        if (path.endsWith("/")) return { kind: "namespace", path, from: of.from };
        const module = this.program.module(path);
        return module ? { kind: "module", of: module } : null;
      }
      case "external":
        return { kind: "external", name: name === "default" ? of.name : `${of.name}.${name}`, on: of.on };
      case "made":
        return { kind: "external", name: `${of.name}.${name}`, on: of };
      case "instance": {
        const method = this.method(of.of, name);
        if (method) {
          if (method.node.isGetter || method.node.decorators.some((one) => isProperty(one))) {
            return method.node.returns
              ? this.ofAnnotation(method.node.returns, { scope: method.outer, env: noEnvironment })
              : null;
          }
          return { kind: "function", of: method, self: of, env: noEnvironment };
        }
        return this.field(of, name);
      }
      case "class": {
        const method = this.method(of.of, name);
        if (method) return { kind: "function", of: method, self: method.node.isStatic ? null : of, env: noEnvironment };
        return this.field({ kind: "instance", of: of.of, id: null }, name);
      }
      case "dict":
        return this.entry(of, name);
      case "promise":
        return null;
      default:
        return null;
    }
  }

  private entry(of: Extract<Value, { kind: "dict" }>, name: string): Value | null {
    for (const entry of of.of.entries) {
      if (entry.key?.kind === "string" && entry.key.value === name) return this.evaluate(entry.value, of.frame);
    }
    return null;
  }

  /** A method by name, through the bases; null where a base is not of this repository before it is found. */
  method(of: ClassInfo, name: string, visited = new Set<string>()): FunctionInfo | null {
    if (visited.has(of.id)) return null;
    visited.add(of.id);
    const found = of.scope.names.get(name);
    if (found) {
      const functions = found.filter((one) => !isOverload(one));
      const last = functions.at(-1);
      if (last?.kind === "function" && functions.every((one) => one.kind === "function" && !one.conditional))
        return last.of;
      if (last?.kind === "value" && last.value?.kind === "function") return infoOf(last.value.of) ?? null;
      return null;
    }
    for (const base of this.bases(of)) {
      const inner = this.method(base, name, visited);
      if (inner) return inner;
    }
    return null;
  }

  /** Base classes of this repository. */
  bases(of: ClassInfo): ClassInfo[] {
    const frame: Frame = { scope: of.outer, env: noEnvironment };
    return of.node.bases.flatMap((base) => {
      const value = this.evaluate(base.kind === "index" ? base.of : base, frame);
      return value?.kind === "class" ? [value.of] : [];
    });
  }

  /** Dotted names of base classes that are not of this repository, through the bases. */
  foreignBases(of: ClassInfo, visited = new Set<string>()): string[] {
    if (visited.has(of.id)) return [];
    visited.add(of.id);
    const frame: Frame = { scope: of.outer, env: noEnvironment };
    return of.node.bases.flatMap((base) => {
      const value = this.evaluate(base.kind === "index" ? base.of : base, frame);
      if (value?.kind === "class") return this.foreignBases(value.of, visited);
      return [value?.kind === "external" ? value.name : writtenName(base)];
    });
  }

  private field(self: Extract<Value, { kind: "instance" }>, name: string, visited = new Set<string>()): Value | null {
    const { of } = self;
    if (visited.has(of.id)) return null;
    visited.add(of.id);
    const own = of.scope.names.get(name);
    const assigned = fieldsOf(of).get(name) ?? [];
    const values: (Value | null)[] = [];
    for (const one of assigned) {
      if (one.value.kind === "constant") continue;
      const frame: Frame = { scope: scopeOf(one.method), env: noEnvironment };
      values.push(
        this.evaluate(one.value, frame) ?? (one.annotation ? this.ofAnnotation(one.annotation, frame) : null),
      );
    }
    const first = values[0];
    if (first && values.every((one) => valueKey(one) === valueKey(first))) return first;
    for (const one of assigned) {
      if (one.annotation === null) continue;
      const typed = this.ofAnnotation(one.annotation, { scope: scopeOf(one.method), env: noEnvironment });
      if (typed) return typed;
    }
    if (values.length > 0) return null;
    if (own) {
      const value = this.ofBindings(own, { scope: of.scope, env: noEnvironment });
      if (value) return value;
    }
    const making = of.scope.names.get("constructor")?.[0];
    if (making?.kind === "function") {
      const parameter = making.of.node.parameters.find((one) => one.field && one.name === name);
      if (parameter?.annotation)
        return this.ofAnnotation(parameter.annotation, { scope: of.outer, env: noEnvironment });
    }
    for (const base of this.bases(of)) {
      const inner = this.field({ kind: "instance", of: base, id: self.id }, name, visited);
      if (inner) return inner;
    }
    return null;
  }

  private call(at: Call, frame: Frame): Value | null {
    const { callee } = at;
    const { module } = frame.scope;
    if (module.code.language === "javascript" && callee.kind === "name") {
      const first = at.args[0]?.value;
      if ((callee.name === "require" || callee.name === "import") && first?.kind === "string" && first.value !== null) {
        const target = this.imported(module, first.value, 0);
        const whole =
          target?.kind === "module" && target.of.commonExports
            ? (this.exported(target.of, "default") ?? target)
            : target;
        return callee.name === "import" ? { kind: "promise", of: whole } : whole;
      }
    }
    if (callee.kind === "name" && callee.name === "super" && module.code.language === "python") {
      const of = this.enclosingClass(frame.scope);
      const base = of ? this.bases(of)[0] : undefined;
      return base ? { kind: "instance", of: base, id: null } : null;
    }
    const target = this.evaluate(callee, frame);
    if (target === null) return null;
    switch (target.kind) {
      case "class":
        return { kind: "instance", of: target.of, id: `${module.path}:${at.start}` };
      case "function":
        return this.result(target, at, frame);
      case "external": {
        if (/(?:^|\.)partial$/.test(target.name) && at.args[0]) {
          const inner = this.evaluate(at.args[0].value, frame);
          return inner?.kind === "function" ? { ...inner, given: at.args.slice(1), givenFrame: frame } : null;
        }
        if (target.on === null && ["getattr", "cast", "typing.cast"].includes(target.name)) return null;
        // A method that gives its own object back, or an awaitable of it, keeps the object's identity.
        if (target.on && /\.(?:register|use|withTypeProvider)$/.test(target.name)) return target.on;
        return { kind: "made", name: target.name, id: `${module.path}:${at.start}`, call: at, frame };
      }
      default:
        return null;
    }
  }

  /** What calling a function of this repository gives. */
  result(target: Extract<Value, { kind: "function" }>, at: Call, frame: Frame): Value | null {
    const { node } = target.of;
    if (!isTransparent(node.decorators)) return null;
    if (node.isGenerator) return null;
    const outer: Frame = { scope: target.of.outer, env: target.env };
    const annotated = node.returns ? this.ofAnnotation(node.returns, outer) : null;
    const env = this.bind(target, at, frame);
    const returned = this.returned(node, { scope: scopeOf(target.of), env });
    const inner = returned !== null && returned.kind !== "constant" ? returned : annotated;
    if (!node.isAsync) return inner;
    return {
      kind: "promise",
      of: inner?.kind === "promise" && target.of.module.code.language === "javascript" ? inner.of : inner,
    };
  }

  /** The one value that all returns give. */
  private returned(node: CodeFunction, frame: Frame): Value | null {
    const values: (Value | null)[] = [];
    const returns: Statement[] = [];
    eachStatement(node.body, (statement) => {
      if (statement.kind === "return" && statement.value !== null) returns.push(statement);
    });
    if (returns.length === 0 || returns.length > 4) return null;
    for (const one of returns) {
      if (one.kind !== "return" || one.value === null) continue;
      values.push(this.evaluate(one.value, frame));
    }
    const first = values[0] ?? null;
    return first !== null && values.every((one) => valueKey(one) === valueKey(first)) ? first : null;
  }

  /** The environment of a call: parameters bound to functions, objects with an identity, and literal tables. */
  bind(target: Extract<Value, { kind: "function" }>, at: Call | null, frame: Frame): Environment {
    const env = new Map(target.env);
    if (target.self?.kind === "instance" && target.self.id !== null) env.set("this", target.self);
    else env.delete("this");
    const { parameters } = target.of.node;
    const python = target.of.module.code.language === "python";
    const skip = python && target.of.class !== null && !target.of.node.isStatic && target.self !== null ? 1 : 0;
    const give = (name: string, value: Value | null): void => {
      if (value === null || !isBindable(value)) return;
      const named =
        value.kind === "function" && value.of.node.name !== "" && value.passedAt === undefined && at !== null;
      const passed = named ? { ...value, passedAt: { module: frame.scope.module, span: at } } : value;
      env.set(`${target.of.id}:${name}`, passed);
    };
    const place = (args: readonly Argument[], from: number, inFrame: Frame): number => {
      let position = from;
      const rest: Expression[] = [];
      for (const argument of args) {
        if (argument.spread) {
          position = parameters.length;
          continue;
        }
        if (argument.name !== undefined) {
          give(argument.name, this.given(argument.value, inFrame));
          continue;
        }
        const parameter = parameters[position];
        if (parameter === undefined) continue;
        if (parameter.rest) rest.push(argument.value);
        else {
          position++;
          give(parameter.name, this.given(argument.value, inFrame));
        }
      }
      const last = parameters[position];
      if (last?.rest && rest.length > 0 && !args.some((one) => one.spread))
        give(last.name, { kind: "list", items: rest, frame: inFrame });
      return position;
    };
    const next = target.given && target.givenFrame ? place(target.given, skip, target.givenFrame) : skip;
    if (at) place(at.args, next, frame);
    return env;
  }

  /** An argument's value: a coroutine stays the call that made it. */
  private given(at: Expression, frame: Frame): Value | null {
    if (at.kind === "call" && frame.scope.module.code.language === "python") {
      const target = this.evaluate(at.callee, frame);
      if (target?.kind === "function" && target.of.node.isAsync && !target.of.node.isGenerator)
        return { kind: "coroutine", call: at, frame };
    }
    return this.evaluate(at, frame);
  }

  /** What a type annotation says of a value. */
  ofAnnotation(at: Expression, frame: Frame): Value | null {
    switch (at.kind) {
      case "name":
      case "attribute": {
        const value = this.evaluate(at, { scope: frame.scope, env: noEnvironment });
        if (value?.kind === "class") return { kind: "instance", of: value.of, id: null };
        if (value?.kind === "external" && value.name.includes(".")) {
          return { kind: "made", name: value.name, id: "", call: null, frame: null };
        }
        return null;
      }
      case "string": {
        if (at.value === null || !/^[\w.]+$/.test(at.value)) return null;
        const parts = at.value.split(".");
        let made: Expression = { kind: "name", start: at.start, end: at.end, name: parts[0] as string };
        for (const name of parts.slice(1)) {
          made = { kind: "attribute", start: at.start, end: at.end, of: made, name, nameStart: at.start };
        }
        return this.ofAnnotation(made, frame);
      }
      case "index": {
        const name = lastName(at.of);
        const inner = at.at.kind === "list" ? at.at.items : [at.at];
        if (name === "Optional" || name === "Annotated" || name === "Final" || name === "ClassVar") {
          return inner[0] ? this.ofAnnotation(inner[0], frame) : null;
        }
        if (name === "Awaitable" || name === "Promise" || name === "Task" || name === "Future") {
          return { kind: "promise", of: inner[0] ? this.ofAnnotation(inner[0], frame) : null };
        }
        if (name === "Coroutine") return { kind: "promise", of: inner[2] ? this.ofAnnotation(inner[2], frame) : null };
        if (name === "Type" || name === "type") return null;
        if (name === "Union") {
          const live = inner.filter((one) => !(one.kind === "constant" && one.text === "None"));
          return live.length === 1 && live[0] ? this.ofAnnotation(live[0], frame) : null;
        }
        return this.ofAnnotation(at.of, frame);
      }
      case "binary": {
        const sides = [at.left, at.right].filter((one) => !(one.kind === "constant" && one.text === "None"));
        return sides.length === 1 && sides[0] ? this.ofAnnotation(sides[0], frame) : null;
      }
      default:
        return null;
    }
  }
}

/** Values worth telling apart at a call: what can be called, what has an identity, and literal tables. */
function isBindable(value: Value): boolean {
  switch (value.kind) {
    case "function":
    case "class":
    case "list":
    case "dict":
    case "coroutine":
      return true;
    case "made":
      return value.id !== "";
    case "instance":
      return true;
    case "external":
      return value.name.includes(".");
    default:
      return false;
  }
}

const isEmpty = (one: Binding): boolean =>
  one.kind === "value" &&
  one.path.length === 0 &&
  (one.value === null || (one.value.kind === "constant" && /^(?:None|null|undefined)$/.test(one.value.text)));

function isOverload(one: Binding): boolean {
  if (one.kind !== "function") return false;
  const { node, module } = one.of;
  if (module.code.language === "javascript") return node.bodiless === true;
  return node.decorators.some((decorator) => lastName(decorator) === "overload");
}

/** `@property`, `@cached_property`, `@x.setter`. */
export const isProperty = (decorator: Expression): boolean =>
  /^(?:property|cached_property|abstractproperty|setter|getter|deleter)$/.test(lastName(decorator));

/** What a call is made on, where that has an identity. A server made around an application counts as the application. */
export function receiverOf(target: Value | null): string | undefined {
  if (target?.kind !== "external" || target.on === null) return undefined;
  const { on } = target;
  return on.kind === "made" && on.id !== "" ? on.id : undefined;
}
