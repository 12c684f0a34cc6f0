import { valueOfAnnotation } from "./annotations.ts";
import { fieldOf, methodOf } from "./classes.ts";
import type { ModuleInfo } from "./program.ts";
import type { Resolver } from "./resolver.ts";
import { type Frame, isProperty, noEnvironment, type Value } from "./values.ts";

/** The module that an import names. External where it is not of this repository. */
export function importedModule(
  resolver: Resolver,
  from: ModuleInfo,
  module: string,
  level: number,
  strict = false,
): Value | null {
  const path = resolver.program.input.resolve(from.path, module, level);
  if (path === null) {
    if (strict || level > 0 || (from.code.language === "javascript" && /^[./]/.test(module))) return null;
    return { kind: "external", name: module.replace(/^node:/, ""), on: null };
  }
  if (path.endsWith("/")) return { kind: "namespace", path, from };
  const of = resolver.program.module(path);
  return of ? { kind: "module", of } : null;
}

/** Modules in which a name was looked for: those that take all names of each other are many ways to the same. */
type Asked = Set<ModuleInfo>;

/** A name of a module's top level, or one of its submodules. */
export function memberOf(resolver: Resolver, of: ModuleInfo, name: string, asked: Asked = new Set()): Value | null {
  if (of.code.language === "javascript") return exportedBy(resolver, of, name, asked);
  const found = of.scope.names.get(name);
  if (found) return resolver.ofBindings(found, { scope: of.scope, env: noEnvironment });
  const starred = throughStars(resolver, of, name, asked, memberOf);
  if (starred) return starred;
  if (/(?:^|\/)__init__\.pyi?$/.test(of.path)) {
    const path = resolver.program.input.resolve(of.path, name, 1);
    if (path !== null && !path.endsWith("/")) {
      const sub = resolver.program.module(path);
      if (sub) return { kind: "module", of: sub };
    } else if (path !== null) return { kind: "namespace", path, from: of };
  }
  return null;
}

/** A name that comes from a module of which all are taken: `from .models import *`, `export * from "./models"`. */
function throughStars(
  resolver: Resolver,
  of: ModuleInfo,
  name: string,
  asked: Asked,
  look: typeof memberOf,
): Value | null {
  if (of.stars.length === 0 || asked.has(of)) return null;
  const known = asked.size === 0 ? resolver.starredNames(of) : null;
  const before = known?.get(name);
  if (before !== undefined) return before;
  asked.add(of);
  for (const star of of.stars) {
    const target = importedModule(resolver, of, star.module, star.level);
    if (target?.kind !== "module" || asked.has(target.of)) continue;
    const inner = resolver.starred(() => look(resolver, target.of, name, asked));
    if (inner === null) continue;
    known?.set(name, inner);
    return inner;
  }
  if (!resolver.isInside()) known?.set(name, null);
  return null;
}

/** A name that a JavaScript module exports, re-exports and `module.exports` included. */
export function exportedBy(resolver: Resolver, of: ModuleInfo, name: string, asked: Asked = new Set()): Value | null {
  const frame: Frame = { scope: of.scope, env: noEnvironment };
  const found = of.exports.get(name);
  if (found) {
    if ("value" in found) return resolver.evaluate(found.value, frame);
    if ("module" in found) {
      const target = importedModule(resolver, of, found.module, 0);
      if (target?.kind === "module") {
        return found.name === "*" ? target : resolver.starred(() => exportedBy(resolver, target.of, found.name));
      }
      return target?.kind === "external" ? { kind: "external", name: `${target.name}.${found.name}`, on: null } : null;
    }
    return resolver.name(found.local, frame);
  }
  if (of.commonExports) {
    const value = resolver.evaluate(of.commonExports, frame);
    if (name === "default") return value;
    return value === null ? null : attributeOf(resolver, value, name);
  }
  const starred = throughStars(resolver, of, name, asked, exportedBy);
  if (starred) return starred;
  if (name === "default" && !of.code.esm) return { kind: "module", of };
  return null;
}

/** What `.name` of a value is. */
export function attributeOf(resolver: Resolver, of: Value, name: string): Value | null {
  switch (of.kind) {
    case "module":
      if (of.of.code.language === "javascript") {
        const found = exportedBy(resolver, of.of, name);
        if (found) return found;
        return name === "default" ? exportedBy(resolver, of.of, "default") : null;
      }
      return memberOf(resolver, of.of, name);
    case "namespace": {
      const path = resolver.program.input.resolve(`${of.path}__init__.py`, name, 1);
      if (path === null) return null;
      if (path.endsWith("/")) return { kind: "namespace", path, from: of.from };
      const module = resolver.program.module(path);
      return module ? { kind: "module", of: module } : null;
    }
    case "external":
      return { kind: "external", name: name === "default" ? of.name : `${of.name}.${name}`, on: of.on };
    case "made":
      return { kind: "external", name: `${of.name}.${name}`, on: of };
    case "instance": {
      const method = methodOf(resolver, of.of, name);
      if (method) {
        if (method.node.isGetter || method.node.decorators.some((one) => isProperty(one))) {
          return method.node.returns
            ? valueOfAnnotation(resolver, method.node.returns, { scope: method.outer, env: noEnvironment })
            : null;
        }
        return { kind: "function", of: method, self: of, env: noEnvironment };
      }
      return fieldOf(resolver, of, name);
    }
    case "class": {
      const method = methodOf(resolver, of.of, name);
      if (method) return { kind: "function", of: method, self: method.node.isStatic ? null : of, env: noEnvironment };
      return fieldOf(resolver, { kind: "instance", of: of.of, id: null }, name);
    }
    case "dict":
      return entryOf(resolver, of, name);
    case "promise":
      return null;
    default:
      return null;
  }
}

/** The value under a key of a literal mapping. */
export function entryOf(resolver: Resolver, of: Extract<Value, { kind: "dict" }>, name: string): Value | null {
  for (const entry of of.of.entries) {
    if (entry.key?.kind === "string" && entry.key.value === name) return resolver.evaluate(entry.value, of.frame);
  }
  return null;
}
