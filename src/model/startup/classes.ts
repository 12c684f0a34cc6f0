import { valueOfAnnotation } from "./annotations.ts";
import { type Binding, type ClassInfo, type FunctionInfo, fieldsOf, infoOf, scopeOf } from "./program.ts";
import type { Resolver } from "./resolver.ts";
import { type Frame, lastName, noEnvironment, type Value, valueKey, writtenName } from "./values.ts";

/** A method by name, through the bases; null where a base is not of this repository before it is found. */
export function methodOf(
  resolver: Resolver,
  of: ClassInfo,
  name: string,
  visited = new Set<string>(),
): FunctionInfo | null {
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
  for (const base of basesOf(resolver, of)) {
    const inner = methodOf(resolver, base, name, visited);
    if (inner) return inner;
  }
  return null;
}

/** Base classes of this repository. */
export function basesOf(resolver: Resolver, of: ClassInfo): ClassInfo[] {
  const frame: Frame = { scope: of.outer, env: noEnvironment };
  return of.node.bases.flatMap((base) => {
    const value = resolver.evaluate(base.kind === "index" ? base.of : base, frame);
    return value?.kind === "class" ? [value.of] : [];
  });
}

/** Dotted names of base classes that are not of this repository, through the bases. */
export function foreignBasesOf(resolver: Resolver, of: ClassInfo, visited = new Set<string>()): string[] {
  if (visited.has(of.id)) return [];
  visited.add(of.id);
  const frame: Frame = { scope: of.outer, env: noEnvironment };
  return of.node.bases.flatMap((base) => {
    const value = resolver.evaluate(base.kind === "index" ? base.of : base, frame);
    if (value?.kind === "class") return foreignBasesOf(resolver, value.of, visited);
    return [value?.kind === "external" ? value.name : writtenName(base)];
  });
}

/** What `self.name` or `this.name` holds: by its assignments, annotations, constructor parameters, then the bases. */
export function fieldOf(
  resolver: Resolver,
  self: Extract<Value, { kind: "instance" }>,
  name: string,
  visited = new Set<string>(),
): Value | null {
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
      resolver.evaluate(one.value, frame) ??
        (one.annotation ? valueOfAnnotation(resolver, one.annotation, frame) : null),
    );
  }
  const first = values[0];
  if (first && values.every((one) => valueKey(one) === valueKey(first))) return first;
  for (const one of assigned) {
    if (one.annotation === null) continue;
    const typed = valueOfAnnotation(resolver, one.annotation, { scope: scopeOf(one.method), env: noEnvironment });
    if (typed) return typed;
  }
  if (values.length > 0) return null;
  if (own) {
    const value = resolver.ofBindings(own, { scope: of.scope, env: noEnvironment });
    if (value) return value;
  }
  const making = of.scope.names.get("constructor")?.[0];
  if (making?.kind === "function") {
    const parameter = making.of.node.parameters.find((one) => one.field && one.name === name);
    if (parameter?.annotation)
      return valueOfAnnotation(resolver, parameter.annotation, { scope: of.outer, env: noEnvironment });
  }
  for (const base of basesOf(resolver, of)) {
    const inner = fieldOf(resolver, { kind: "instance", of: base, id: self.id }, name, visited);
    if (inner) return inner;
  }
  return null;
}

export function isOverload(one: Binding): boolean {
  if (one.kind !== "function") return false;
  const { node, module } = one.of;
  if (module.code.language === "javascript") return node.bodiless === true;
  return node.decorators.some((decorator) => lastName(decorator) === "overload");
}
