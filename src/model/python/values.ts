import type { PyExpression, PyFunction, PyStatement } from "../../types/python.ts";
import { findBelow } from "./modules.ts";
import { type ClassInfo, type FunctionInfo, mapOf, type PythonProgram, searchesOf, type Value } from "./program.ts";
import { type Binding, blocksOf, type ModuleInfo, type Scope, scopeOf } from "./scopes.ts";
import { dottedText } from "./walk.ts";

/** Deeper chains of names are given up: no real program needs them, and hostile ones must end. */
const maxDepth = 24;

/** What names and expressions stand for, by text alone: never by a unique method name, never by running anything. */
export interface Evaluator {
  evaluate(node: PyExpression, scope: Scope): Value | null;
  /** Literal strings that an expression can be: a literal, a constant assigned once, the items of a literal list looped over. */
  strings(node: PyExpression, scope: Scope): string[];
  /** Every function among the values of a loop variable or expression. */
  functions(node: PyExpression, scope: Scope): Extract<Value, { kind: "function" | "class" }>[];
  member(module: ModuleInfo, name: string): Value | null;
  /** A method or attribute through the bases, left to right. */
  attribute(of: ClassInfo, name: string): { value: Value | null; owner: ClassInfo } | null;
  bases(of: ClassInfo): { classes: ClassInfo[]; external: string[] };
  returned(of: FunctionInfo): Value | null;
  decorators(of: FunctionInfo): (string | null)[];
}

export function makeEvaluator(program: PythonProgram): Evaluator {
  const memo = new WeakMap<Scope, Map<PyExpression, { value: Value | null }>>();
  const baseMemo = new WeakMap<ClassInfo, { classes: ClassInfo[]; external: string[] }>();
  const starred = new WeakMap<ModuleInfo, Map<string, Value | null>>();
  const assigned = new WeakMap<ClassInfo, Map<string, { value: PyExpression; scope: Scope }[]>>();
  const returnMemo = new WeakMap<FunctionInfo, { value: Value | null }>();
  let depth = 0;

  function evaluate(node: PyExpression, scope: Scope): Value | null {
    const remembered = mapOf(memo, scope);
    const known = remembered.get(node);
    if (known) return known.value;
    if (depth > maxDepth) return null;
    const slot = { value: null as Value | null };
    remembered.set(node, slot);
    depth++;
    try {
      slot.value = compute(node, scope);
    } finally {
      depth--;
    }
    return slot.value;
  }

  function compute(node: PyExpression, scope: Scope): Value | null {
    switch (node.kind) {
      case "name":
        return lookUp(node.name, scope);
      case "attribute": {
        const object = evaluate(node.object, scope);
        return object ? attributeOf(object, node.name.text) : null;
      }
      case "call":
        return resultOf(node, scope);
      case "await":
      case "named":
        return evaluate(node.value, scope);
      case "lambda":
        return { kind: "function", of: program.functionOf(node, scope, null), self: null };
      case "conditional":
        return either(node.body, node.orElse, scope);
      case "boolean":
        return either(node.left, node.right, scope);
      default:
        return null;
    }
  }

  function either(a: PyExpression, b: PyExpression, scope: Scope): Value | null {
    const isNone = (one: PyExpression) => one.kind === "constant";
    if (isNone(a)) return evaluate(b, scope);
    if (isNone(b)) return evaluate(a, scope);
    const left = evaluate(a, scope);
    const right = evaluate(b, scope);
    return left && right && "of" in left && "of" in right && left.kind === right.kind && left.of === right.of
      ? left
      : null;
  }

  function resultOf(node: Extract<PyExpression, { kind: "call" }>, scope: Scope): Value | null {
    if (node.callee.kind === "name" && node.callee.name === "super" && node.arguments.length === 0) {
      const owner = enclosingClass(scope);
      if (owner) return { kind: "super", of: owner };
    }
    const callee = evaluate(node.callee, scope);
    if (!callee) return null;
    if (callee.kind === "class") return { kind: "instance", of: callee.of };
    if (callee.kind === "function") return returned(callee.of);
    if (callee.kind === "external") {
      const first = node.arguments[0];
      if (
        first &&
        /(?:^|\.)(?:partial|partialmethod|wraps\(\)|create_task|ensure_future|shield|wait_for|run)$/.test(callee.name)
      ) {
        return evaluate(first, scope);
      }
      if (callee.name === "importlib.import_module" && first) {
        const [dotted] = strings(first, scope);
        if (dotted && !dotted.startsWith(".")) return moduleValue(dotted, program.find(scope.module.path, 0, dotted));
      }
      return { kind: "external", name: `${callee.name}()` };
    }
    if (callee.kind === "instance") {
      const call = attribute(callee.of, "__call__");
      return call?.value?.kind === "function" ? returned(call.value.of) : null;
    }
    return null;
  }

  function enclosingClass(scope: Scope): ClassInfo | null {
    for (let at: Scope | null = scope; at; at = at.parent) {
      if (at.kind === "class" && at.node?.kind === "class" && at.parent) return program.classOf(at.node, at.parent);
    }
    return null;
  }

  function lookUp(name: string, from: Scope): Value | null {
    for (let scope: Scope | null = from; scope; scope = scope.parent) {
      if (scope.kind === "class" && scope !== from) continue;
      if (scope.outer.has(name) && scope.kind !== "module") continue;
      const bindings = scope.bindings.get(name);
      if (bindings) return choose(bindings, scope);
      const value = throughStars(scope, name, new Set());
      if (value) return value;
    }
    return builtins.has(name) ? { kind: "external", name: `builtins.${name}` } : null;
  }

  /** `asked`: modules in which it was looked for already, since those that take all names of each other are many ways to the same. */
  function throughStars(scope: Scope, name: string, asked: Set<ModuleInfo>): Value | null {
    if (scope.stars.length === 0 || depth >= maxDepth) return null;
    const known = asked.size === 0 && scope.kind === "module" ? starredIn(scope.module) : null;
    const before = known?.get(name);
    if (before !== undefined) return before;
    asked.add(scope.module);
    for (const star of scope.stars) {
      const search = program.find(scope.module.path, star.level, star.module);
      const target = search.path ? program.load(search.path) : null;
      const value = target && !asked.has(target) ? deeper(() => member(target, name, asked)) : null;
      if (value === null) continue;
      known?.set(name, value);
      return value;
    }
    // Inside of another search nothing found may mean that this one was given up, or that the other waits for itself.
    if (depth === 0) known?.set(name, null);
    return null;
  }

  function starredIn(module: ModuleInfo): Map<string, Value | null> {
    let names = starred.get(module);
    if (!names) starred.set(module, (names = new Map()));
    return names;
  }

  function deeper<T>(run: () => T): T {
    depth++;
    try {
      return run();
    } finally {
      depth--;
    }
  }

  /** The later of two definitions wins; a conditional one makes the name unknown. Fallbacks and `None` do not count. */
  function choose(bindings: readonly Binding[], scope: Scope): Value | null {
    const isNothing = (one: Binding) => one.kind === "value" && one.value.kind === "constant";
    let candidates = bindings.filter((one) => !one.fallback && !isNothing(one));
    if (candidates.length === 0) candidates = bindings.filter((one) => !isNothing(one));
    const last = candidates.at(-1);
    if (!last || (candidates.length > 1 && candidates.some((one) => one.conditional))) return null;
    if (candidates.length > 1 && candidates.some((one) => one.kind === "value" || one.kind === "parameter"))
      return null;
    return depth > maxDepth ? null : deeper(() => bindingValue(last, scope));
  }

  function bindingValue(binding: Binding, scope: Scope): Value | null {
    switch (binding.kind) {
      case "function":
        return { kind: "function", of: program.functionOf(binding.node, scope, ownerOf(scope)), self: null };
      case "class":
        return { kind: "class", of: program.classOf(binding.node, scope) };
      case "import": {
        const dotted = binding.imported.alias ? binding.imported.name : (binding.imported.name.split(".")[0] ?? "");
        return moduleValue(dotted, program.find(scope.module.path, 0, dotted));
      }
      case "from": {
        const { statement, imported } = binding;
        const { module, submodule } = searchesOf(program, scope.module.path, statement, imported);
        if (module.status === "external" || module.status === "missing") {
          return statement.level === 0 && module.status === "external"
            ? { kind: "external", name: `${statement.module}.${imported.name}` }
            : null;
        }
        const target = module.path ? program.load(module.path) : null;
        const own = target && target !== scope.module ? member(target, imported.name) : null;
        return own ?? (submodule ? moduleValue(`${statement.module}.${imported.name}`, submodule) : null);
      }
      case "value":
        return evaluate(binding.value, scope);
      case "annotated":
        return annotated(binding.annotation, scope) ?? (binding.value ? evaluate(binding.value, scope) : null);
      case "parameter":
        return parameterValue(binding, scope);
      case "context": {
        const value = evaluate(binding.value, scope);
        return value?.kind === "instance" ? value : null;
      }
      default:
        return null;
    }
  }

  function ownerOf(scope: Scope): ClassInfo | null {
    return scope.kind === "class" && scope.node?.kind === "class" && scope.parent
      ? program.classOf(scope.node, scope.parent)
      : null;
  }

  function parameterValue(binding: Extract<Binding, { kind: "parameter" }>, scope: Scope): Value | null {
    const owner = scope.parent ? ownerOf(scope.parent) : null;
    const node = scope.node;
    if (owner && node?.kind === "function" && binding.index === 0 && binding.parameter.form === "plain") {
      const names = node.decorators.map((one) => dottedText(one) ?? "");
      if (names.includes("classmethod") || node.name.text === "__new__") return { kind: "class", of: owner };
      if (!names.includes("staticmethod")) return { kind: "instance", of: owner };
    }
    return binding.parameter.annotation && binding.parameter.form === "plain"
      ? annotated(binding.parameter.annotation, scope.parent ?? scope)
      : null;
  }

  /** The instance that an annotation promises: a class of the repository, through Optional, `| None`, Annotated and quotes. */
  function annotated(node: PyExpression, scope: Scope): Value | null {
    if (node.kind === "string") {
      const dotted = /^\s*([\w.]+)\s*(?:\|\s*None\s*)?$/.exec(node.value)?.[1];
      return dotted ? instanceOf(namedBy(dotted, scope)) : null;
    }
    if (node.kind === "name" || node.kind === "attribute") return instanceOf(evaluate(node, scope));
    if (node.kind === "binary" && node.operator === "|") {
      if (node.right.kind === "constant") return annotated(node.left, scope);
      return node.left.kind === "constant" ? annotated(node.right, scope) : null;
    }
    if (node.kind === "subscript") {
      const name = dottedText(node.object)?.split(".").at(-1) ?? "";
      const [first] = node.indexes;
      if (first && ["Optional", "Annotated", "Final", "ClassVar"].includes(name)) return annotated(first, scope);
    }
    return null;
  }

  function namedBy(dotted: string, scope: Scope): Value | null {
    const [first = "", ...rest] = dotted.split(".");
    let value = lookUp(first, scope);
    for (const name of rest) value = value ? attributeOf(value, name) : null;
    return value;
  }

  function instanceOf(value: Value | null): Value | null {
    if (value?.kind === "class") return { kind: "instance", of: value.of };
    return value?.kind === "external" ? { kind: "external", name: `${value.name}()` } : null;
  }

  function moduleValue(dotted: string, search: ReturnType<PythonProgram["find"]>): Value | null {
    if (search.status === "external") return { kind: "external", name: dotted };
    return search.status === "missing" ? null : { kind: "module", search, dotted };
  }

  function attributeOf(object: Value, name: string): Value | null {
    switch (object.kind) {
      case "external":
        return { kind: "external", name: `${object.name}.${name}` };
      case "module": {
        const module = object.search.path ? program.load(object.search.path) : null;
        const own = module ? member(module, name) : null;
        if (own) return own;
        const below =
          object.search.directories.length > 0 ? findBelow(program.files, [name], object.search.directories) : null;
        return below && below.status !== "external" ? moduleValue(`${object.dotted}.${name}`, below) : null;
      }
      case "class":
        return attribute(object.of, name)?.value ?? null;
      case "super": {
        for (const base of bases(object.of).classes) {
          const found = attribute(base, name);
          if (found) return bound(found.value, object.of);
        }
        return null;
      }
      case "instance": {
        const found = attribute(object.of, name);
        if (found) return bound(found.value, object.of);
        return assignedAttribute(object.of, name);
      }
      case "function":
        return null;
    }
  }

  function bound(value: Value | null, self: ClassInfo): Value | null {
    if (value?.kind !== "function") return value;
    if (decorators(value.of).some((one) => one === "property" || one?.endsWith("cached_property")))
      return returned(value.of);
    return { ...value, self };
  }

  function member(module: ModuleInfo, name: string, asked = new Set<ModuleInfo>()): Value | null {
    const bindings = module.scope.bindings.get(name);
    return bindings ? choose(bindings, module.scope) : throughStars(module.scope, name, asked);
  }

  function attribute(
    of: ClassInfo,
    name: string,
    seen = new Set<ClassInfo>(),
  ): { value: Value | null; owner: ClassInfo } | null {
    if (seen.has(of) || seen.size > 50) return null;
    seen.add(of);
    const scope = scopeOf(of.node, of.scope);
    const bindings = scope.bindings.get(name);
    if (bindings) return { value: choose(bindings, scope), owner: of };
    for (const base of bases(of).classes) {
      const found = attribute(base, name, seen);
      if (found) return found;
    }
    return null;
  }

  function bases(of: ClassInfo): { classes: ClassInfo[]; external: string[] } {
    const known = baseMemo.get(of);
    if (known) return known;
    const result = { classes: [] as ClassInfo[], external: [] as string[] };
    baseMemo.set(of, result);
    for (const base of of.node.bases) {
      const value = evaluate(base.kind === "subscript" ? base.object : base, of.scope);
      if (value?.kind === "class" && value.of !== of) result.classes.push(value.of);
      else if (value?.kind === "external") result.external.push(value.name);
    }
    return result;
  }

  /** `self.name = …` met once in the methods of a class or its bases. */
  function assignedAttribute(of: ClassInfo, name: string): Value | null {
    const seen = new Set<ClassInfo>();
    const open = [of];
    for (let one = open.pop(); one && seen.size < 50; one = open.pop()) {
      if (seen.has(one)) continue;
      seen.add(one);
      const found = attributesOf(one)
        .get(name)
        ?.filter((assignment) => assignment.value.kind !== "constant");
      if (found && found.length > 0) {
        const [only] = found;
        return found.length === 1 && only ? evaluate(only.value, only.scope) : null;
      }
      open.push(...bases(one).classes);
    }
    return null;
  }

  function attributesOf(of: ClassInfo) {
    let known = assigned.get(of);
    if (known) return known;
    known = new Map<string, { value: PyExpression; scope: Scope }[]>();
    assigned.set(of, known);
    const classScope = scopeOf(of.node, of.scope);
    const add = (target: PyExpression, value: PyExpression | null, scope: Scope, self: string) => {
      if (target.kind !== "attribute" || target.object.kind !== "name" || target.object.name !== self || !value) return;
      const list = known.get(target.name.text);
      if (list) list.push({ value, scope });
      else known.set(target.name.text, [{ value, scope }]);
    };
    const visit = (body: readonly PyStatement[], scope: Scope, self: string): void => {
      for (const statement of body) {
        if (statement.kind === "assign")
          for (const target of statement.targets) add(target, statement.value, scope, self);
        else if (statement.kind === "annotated") add(statement.target, statement.value, scope, self);
        else if (statement.kind !== "function" && statement.kind !== "class") {
          for (const block of blocksOf(statement)) visit(block, scope, self);
        }
      }
    };
    for (const statement of of.node.body) {
      const self = statement.kind === "function" ? statement.parameters[0]?.name : undefined;
      if (statement.kind === "function" && self) visit(statement.body, scopeOf(statement, classScope), self);
    }
    return known;
  }

  /** What a call gives: by the annotation, else by its only `return` of something. */
  function returned(of: FunctionInfo): Value | null {
    const known = returnMemo.get(of);
    if (known) return known.value;
    const slot = { value: null as Value | null };
    returnMemo.set(of, slot);
    const scope = scopeOf(of.node, of.scope);
    if (of.node.kind === "lambda") slot.value = deeper(() => evaluate((of.node as { body: PyExpression }).body, scope));
    else if (of.node.returns) slot.value = deeper(() => annotated((of.node as PyFunction).returns!, of.scope));
    if (!slot.value && of.node.kind === "function") {
      const values = returnsOf(of.node.body).filter((one) => one.kind !== "constant");
      const [only] = values;
      if (values.length === 1 && only && depth < maxDepth) slot.value = deeper(() => evaluate(only, scope));
    }
    return slot.value;
  }

  function decorators(of: FunctionInfo): (string | null)[] {
    if (of.node.kind === "lambda") return [];
    return of.node.decorators.map((one) => {
      const target = one.kind === "call" ? one.callee : one;
      const value = evaluate(target, of.scope);
      return value?.kind === "external" ? value.name.replace(/^builtins\./, "") : dottedText(target);
    });
  }

  function strings(node: PyExpression, scope: Scope): string[] {
    if (node.kind === "string" && !node.bytes) return [node.value];
    if (node.kind === "list" || node.kind === "tuple" || node.kind === "set")
      return node.items.flatMap((item) => strings(item, scope));
    if (node.kind === "binary" && node.operator === "+")
      return [...strings(node.left, scope), ...strings(node.right, scope)];
    if (node.kind !== "name") return [];
    return itemsOf(node.name, scope).flatMap((item) =>
      depth < maxDepth ? deeper(() => strings(item.node, item.scope)) : [],
    );
  }

  /** The expressions that a name stands for: its only value, or the elements of the literal it loops over. */
  function itemsOf(name: string, from: Scope): { node: PyExpression; scope: Scope }[] {
    for (let scope: Scope | null = from; scope; scope = scope.parent) {
      if (scope.kind === "class" && scope !== from) continue;
      const bindings = scope.bindings.get(name);
      if (!bindings) continue;
      const [only] = bindings;
      if (bindings.length !== 1 || !only) return [];
      if (only.kind === "value") return [{ node: only.value, scope }];
      if (only.kind === "annotated" && only.value) return [{ node: only.value, scope }];
      if (only.kind !== "element") return [];
      const found: { node: PyExpression; scope: Scope }[] = [];
      for (const item of literalItems(only.iterable, scope)) {
        let node: PyExpression | undefined = item.node;
        for (const place of only.place)
          node = node && (node.kind === "tuple" || node.kind === "list") ? node.items[place] : undefined;
        if (node) found.push({ node, scope: item.scope });
      }
      return found;
    }
    return [];
  }

  function literalItems(iterable: PyExpression, scope: Scope): { node: PyExpression; scope: Scope }[] {
    if (iterable.kind === "list" || iterable.kind === "tuple" || iterable.kind === "set") {
      return iterable.items.map((node) => ({ node, scope }));
    }
    if (iterable.kind === "call" && iterable.callee.kind === "attribute" && iterable.callee.name.text === "items") {
      return literalItems(iterable.callee.object, scope);
    }
    if (iterable.kind === "dict") {
      return iterable.entries.flatMap(({ key, value }) =>
        key
          ? [{ node: { kind: "tuple", start: key.start, end: value.end, items: [key, value] } as PyExpression, scope }]
          : [],
      );
    }
    if (iterable.kind !== "name" || depth >= maxDepth) return [];
    return deeper(() => itemsOf(iterable.name, scope).flatMap((item) => literalItems(item.node, item.scope)));
  }

  function functions(node: PyExpression, scope: Scope): Extract<Value, { kind: "function" | "class" }>[] {
    const value = evaluate(node, scope);
    if (value) return value.kind === "function" || value.kind === "class" ? [value] : [];
    if (node.kind === "list" || node.kind === "tuple") return node.items.flatMap((item) => functions(item, scope));
    if (node.kind !== "name" || depth >= maxDepth) return [];
    return deeper(() => itemsOf(node.name, scope).flatMap((item) => functions(item.node, item.scope)));
  }

  return { evaluate, strings, functions, member, attribute, bases, returned, decorators };
}

function returnsOf(body: readonly PyStatement[]): PyExpression[] {
  return body.flatMap((statement) => {
    if (statement.kind === "return") return statement.value ? [statement.value] : [];
    if (statement.kind === "function" || statement.kind === "class") return [];
    return blocksOf(statement).flatMap((block) => returnsOf(block));
  });
}

const builtins = new Set(
  "open map filter list tuple set dict property staticmethod classmethod super getattr setattr exec eval globals locals vars __import__ print isinstance type".split(
    " ",
  ),
);
