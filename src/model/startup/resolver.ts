import type { Expression } from "../../types/code.ts";
import { valueOfAnnotation } from "./annotations.ts";
import { basesOf, isOverload, methodOf } from "./classes.ts";
import { attributeOf, entryOf, exportedBy, importedModule, memberOf } from "./members.ts";
import {
  type Binding,
  type ClassInfo,
  classInfoOf,
  infoOf,
  type ModuleInfo,
  type Program,
  type Scope,
} from "./program.ts";
import { valueOfCall } from "./results.ts";
import { type Frame, lastName, noEnvironment, type Value, valueKey } from "./values.ts";

const maximumDepth = 14;

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
        if (of !== null) return attributeOf(this, of, at.name);
        return null;
      }
      case "call":
        return valueOfCall(this, at, frame);
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
        if (at.at.kind === "string" && at.at.value !== null && of?.kind === "dict")
          return entryOf(this, of, at.at.value);
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

  name(name: string, frame: Frame): Value | null {
    const { module } = frame.scope;
    if (module.code.language === "javascript" && (name === "this" || name === "super")) {
      const of = frame.scope.class ?? this.enclosingClass(frame.scope);
      if (!of) return null;
      if (name === "this") return frame.env.get("this") ?? { kind: "instance", of, id: null };
      const base = basesOf(this, of)[0];
      return base ? { kind: "instance", of: base, id: null } : null;
    }
    const local = frame.env.get(`local:${name}`);
    if (local) return local;
    const known = this.bindings(name, frame.scope);
    if (known === null) {
      if (module.stars.length === 0) return { kind: "external", name, on: null };
      const before = this.unboundIn(module).get(name);
      if (before !== undefined) return before;
      const value = this.unbound(name, module);
      if (value !== null || !this.isInside()) this.unboundIn(module).set(name, value);
      return value;
    }
    // What surrounds a call says nothing of names that stand at a module's top level.
    return this.ofBindings(known.found, {
      scope: known.scope,
      env: known.scope.kind === "module" ? noEnvironment : frame.env,
    });
  }

  enclosingClass(scope: Scope): ClassInfo | null {
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
      const typed = valueOfAnnotation(this, annotated.annotation, frame);
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
          const target = importedModule(this, from, statement.module, 0);
          if (target === null || name === null) return null;
          if (target.kind === "module") {
            if (name.name === "*") return target;
            return exportedBy(this, target.of, name.name);
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
          return importedModule(this, from, whole, 0);
        }
        const target = importedModule(this, from, statement.module, statement.level);
        if (target === null) return null;
        if (target.kind === "external") return { kind: "external", name: `${target.name}.${name.name}`, on: null };
        if (target.kind === "module") {
          const found = memberOf(this, target.of, name.name);
          if (found) return found;
        }
        return importedModule(
          this,
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
            } else value = value === null ? null : attributeOf(this, value, step);
          }
          if (value !== null && value.kind !== "constant") return value;
          if (one.annotation === null) return value;
        }
        return one.annotation ? valueOfAnnotation(this, one.annotation, frame) : null;
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
          ? valueOfAnnotation(this, one.parameter.annotation, { scope: one.of.outer, env: frame.env })
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
      const enter = methodOf(this, value.of, "__aenter__") ?? methodOf(this, value.of, "__enter__");
      if (enter?.node.returns)
        return valueOfAnnotation(this, enter.node.returns, { scope: enter.outer, env: noEnvironment });
      return value;
    }
    return value?.kind === "made" ? value : null;
  }

  private readonly unboundBy = new WeakMap<ModuleInfo, Map<string, Value | null>>();

  private unboundIn(module: ModuleInfo): Map<string, Value | null> {
    let names = this.unboundBy.get(module);
    if (!names) this.unboundBy.set(module, (names = new Map()));
    return names;
  }

  /** A name that the module binds nowhere: of one whose names it takes, else one that is built in. */
  private unbound(name: string, module: ModuleInfo): Value | null {
    const asked = new Set([module]);
    for (const star of module.stars) {
      const target = importedModule(this, module, star.module, star.level);
      const found = target?.kind === "module" ? memberOf(this, target.of, name, asked) : null;
      if (found) return found;
      if (target === null || target.kind === "external") return null;
    }
    return { kind: "external", name, on: null };
  }

  private readonly starredBy = new WeakMap<ModuleInfo, Map<string, Value | null>>();

  /** What is known of names that a module takes by `*`, whatever asks. */
  starredNames(of: ModuleInfo): Map<string, Value | null> {
    let names = this.starredBy.get(of);
    if (!names) this.starredBy.set(of, (names = new Map()));
    return names;
  }

  /** Inside of another search nothing found may mean that this one was given up, or that the other waits for itself. */
  isInside(): boolean {
    return this.depth > 0;
  }

  starred(read: () => Value | null): Value | null {
    if (this.depth > maximumDepth) return null;
    this.depth++;
    const value = read();
    this.depth--;
    return value;
  }
}

const isEmpty = (one: Binding): boolean =>
  one.kind === "value" &&
  one.path.length === 0 &&
  (one.value === null || (one.value.kind === "constant" && /^(?:None|null|undefined)$/.test(one.value.text)));
