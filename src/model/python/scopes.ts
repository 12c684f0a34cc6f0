import { childExpressions } from "../../sources/python-parts.ts";
import { positionAt } from "../../text/positions.ts";
import type {
  PyClass,
  PyExpression,
  PyFromImport,
  PyFunction,
  PyImport,
  PyImported,
  PyLambda,
  PyParameter,
  PyStatement,
  PythonFile,
} from "../../types/python.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { expressionsOf } from "./walk.ts";

/** One module's text as scopes. */
export interface ModuleInfo {
  path: RepoPath;
  syntax: PythonFile;
  scope: Scope;
  /** `__init__.py`: relative imports start at its own directory either way, but submodules are its attributes. */
  isPackage: boolean;
  /** Scopes of its functions and classes. By module and not by node alone: files of equal content share their syntax. */
  scopes: Map<object, Scope>;
}

export interface Scope {
  kind: "module" | "function" | "class";
  module: ModuleInfo;
  parent: Scope | null;
  node: PyFunction | PyLambda | PyClass | null;
  bindings: Map<string, Binding[]>;
  /** `from m import *` of this scope. */
  stars: PyFromImport[];
  /** Names declared `global` or `nonlocal` here. */
  outer: Set<string>;
}

/** How a name gets its value. `conditional`: only on some path; `fallback`: in an exception handler. */
export type Binding = (
  | { kind: "import"; statement: PyImport; imported: PyImported }
  | { kind: "from"; statement: PyFromImport; imported: PyImported }
  | { kind: "function"; node: PyFunction }
  | { kind: "class"; node: PyClass }
  | { kind: "value"; value: PyExpression }
  | { kind: "annotated"; annotation: PyExpression; value: PyExpression | null }
  | { kind: "parameter"; parameter: PyParameter; index: number }
  /** An element of an iterable, by the places in nested targets. */
  | { kind: "element"; iterable: PyExpression; place: number[] }
  | { kind: "context"; value: PyExpression }
  | { kind: "other" }
) & { conditional: boolean; fallback: boolean };

export function moduleOf(path: RepoPath, syntax: PythonFile): ModuleInfo {
  const module = { path, syntax, isPackage: path.endsWith("__init__.py"), scopes: new Map() } as unknown as ModuleInfo;
  module.scope = newScope("module", module, null, null);
  collect(syntax.body, module.scope, false, false);
  return module;
}

export function locate(module: ModuleInfo, node: { start: number; end: number }): Location {
  const { lineStarts } = module.syntax;
  return { path: module.path, start: positionAt(lineStarts, node.start), end: positionAt(lineStarts, node.end) };
}

function newScope(kind: Scope["kind"], module: ModuleInfo, parent: Scope | null, node: Scope["node"]): Scope {
  return { kind, module, parent, node, bindings: new Map(), stars: [], outer: new Set() };
}

/** The scope of a function, lambda or class body, made once per node. */
export function scopeOf(node: PyFunction | PyLambda | PyClass, parent: Scope): Scope {
  const { scopes } = parent.module;
  let scope = scopes.get(node);
  if (scope) return scope;
  scope = newScope(node.kind === "class" ? "class" : "function", parent.module, parent, node);
  scopes.set(node, scope);
  if (node.kind !== "class") {
    node.parameters.forEach((parameter, index) => {
      if (parameter.name) bind(scope, parameter.name, { kind: "parameter", parameter, index, ...plainly });
    });
  }
  if (node.kind !== "lambda") collect(node.body, scope, false, false);
  return scope;
}

const plainly = { conditional: false, fallback: false };

function bind(scope: Scope, name: string, binding: Binding): void {
  const target = scope.outer.has(name) && scope.kind !== "module" ? scope.module.scope : scope;
  const known = target.bindings.get(name);
  if (known) known.push(binding);
  else target.bindings.set(name, [binding]);
}

function collect(body: readonly PyStatement[], scope: Scope, conditional: boolean, fallback: boolean): void {
  const how = { conditional, fallback };
  for (const statement of body) {
    switch (statement.kind) {
      case "function":
        bind(scope, statement.name.text, { kind: "function", node: statement, ...how });
        if (scope.kind === "module") collectGlobals(statement.body, scope);
        break;
      case "class":
        bind(scope, statement.name.text, { kind: "class", node: statement, ...how });
        if (scope.kind === "module") collectGlobals(statement.body, scope);
        break;
      case "import":
        for (const imported of statement.names) {
          const name = imported.alias ?? imported.name.split(".")[0] ?? "";
          bind(scope, name, { kind: "import", statement, imported, ...how });
        }
        break;
      case "from":
        for (const imported of statement.names) {
          if (imported.name === "*") scope.stars.push(statement);
          else bind(scope, imported.alias ?? imported.name, { kind: "from", statement, imported, ...how });
        }
        break;
      case "assign":
        for (const target of statement.targets) bindTarget(scope, target, statement.value, how);
        break;
      case "annotated":
        if (statement.target.kind === "name") {
          const { annotation, value } = statement;
          bind(scope, statement.target.name, { kind: "annotated", annotation, value, ...how });
        }
        break;
      case "augmented":
        if (statement.target.kind === "name") bind(scope, statement.target.name, { kind: "other", ...how });
        break;
      case "type-alias":
        if (statement.name.kind === "name") bind(scope, statement.name.name, { kind: "other", ...how });
        break;
      case "global":
      case "nonlocal":
        for (const name of statement.names) scope.outer.add(name);
        break;
      case "if":
        collect(statement.body, scope, true, fallback);
        collect(statement.orElse, scope, true, fallback);
        break;
      case "for":
        bindElement(scope, statement.target, statement.iterable, [], how);
        collect(statement.body, scope, true, fallback);
        collect(statement.orElse, scope, true, fallback);
        break;
      case "while":
        collect(statement.body, scope, true, fallback);
        collect(statement.orElse, scope, true, fallback);
        break;
      case "try":
        collect(statement.body, scope, conditional, fallback);
        for (const handler of statement.handlers) {
          if (handler.name) bind(scope, handler.name, { kind: "other", conditional: true, fallback: true });
          collect(handler.body, scope, true, true);
        }
        collect(statement.orElse, scope, conditional, fallback);
        collect(statement.finalBody, scope, conditional, fallback);
        break;
      case "with":
        for (const item of statement.items) {
          if (item.target?.kind === "name")
            bind(scope, item.target.name, { kind: "context", value: item.value, ...how });
          else if (item.target) bindTarget(scope, item.target, item.value, how);
        }
        collect(statement.body, scope, conditional, fallback);
        break;
      case "match":
        for (const one of statement.cases) {
          for (const name of one.binds) bind(scope, name.text, { kind: "other", conditional: true, fallback });
          collect(one.body, scope, true, fallback);
        }
        break;
      case "unknown":
        collect(statement.body, scope, true, fallback);
        break;
    }
    for (const expression of expressionsOf(statement)) bindNamed(expression, scope, how);
  }
}

/** `global x` in a function makes `x` a name of the module, wherever the function is called. */
function collectGlobals(body: readonly PyStatement[], scope: Scope): void {
  for (const statement of body) {
    if (statement.kind === "global") {
      for (const name of statement.names) bind(scope, name, { kind: "other", conditional: true, fallback: true });
    }
    for (const block of blocksOf(statement)) collectGlobals(block, scope);
  }
}

/** The blocks inside a statement, definitions included. */
export function blocksOf(statement: PyStatement): readonly (readonly PyStatement[])[] {
  switch (statement.kind) {
    case "function":
    case "class":
    case "with":
    case "unknown":
      return [statement.body];
    case "if":
    case "for":
    case "while":
      return [statement.body, statement.orElse];
    case "try":
      return [statement.body, ...statement.handlers.map((one) => one.body), statement.orElse, statement.finalBody];
    case "match":
      return statement.cases.map((one) => one.body);
    default:
      return [];
  }
}

type How = { conditional: boolean; fallback: boolean };

function bindTarget(scope: Scope, target: PyExpression, value: PyExpression, how: How): void {
  if (target.kind === "name") {
    bind(scope, target.name, { kind: "value", value, ...how });
  } else if (target.kind === "tuple" || target.kind === "list") {
    const values = value.kind === "tuple" || value.kind === "list" ? value.items : null;
    target.items.forEach((item, at) => {
      const one = values?.length === target.items.length ? values[at] : undefined;
      if (one) bindTarget(scope, item, one, how);
      else bindOther(scope, item, how);
    });
  }
}

function bindOther(scope: Scope, target: PyExpression, how: How): void {
  if (target.kind === "name") bind(scope, target.name, { kind: "other", ...how });
  else for (const child of childExpressions(target)) if (target.kind !== "attribute") bindOther(scope, child, how);
}

function bindElement(scope: Scope, target: PyExpression, iterable: PyExpression, place: number[], how: How): void {
  if (target.kind === "name") bind(scope, target.name, { kind: "element", iterable, place, ...how });
  else if (target.kind === "tuple" || target.kind === "list") {
    target.items.forEach((item, at) => {
      bindElement(scope, item, iterable, [...place, at], how);
    });
  }
}

function bindNamed(expression: PyExpression, scope: Scope, how: How): void {
  if (expression.kind === "lambda") return;
  if (expression.kind === "named")
    bind(scope, expression.target.name, { kind: "value", value: expression.value, ...how });
  for (const child of childExpressions(expression)) bindNamed(child, scope, how);
}
