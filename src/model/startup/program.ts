import type {
  CodeClass,
  CodeFile,
  CodeFunction,
  CodePlace,
  Expression,
  ImportedName,
  Parameter,
  Span,
  Statement,
} from "../../types/code.ts";
import type { RepoPath } from "../../types/text.ts";

/** How a name came to stand in a scope. */
export type Binding =
  | { kind: "function"; of: FunctionInfo; conditional: boolean }
  | { kind: "class"; of: ClassInfo; conditional: boolean }
  | {
      kind: "import";
      statement: Extract<Statement, { kind: "import" }>;
      name: ImportedName | null;
      conditional: boolean;
    }
  | {
      kind: "value";
      /** What is assigned; null where only the type is known. */
      value: Expression | null;
      annotation: Expression | null;
      /** Taken out of the value: `const { a: [b] } = v` is ["a", 0]. */
      path: readonly (string | number)[];
      conditional: boolean;
      statement: Statement | null;
    }
  /** Bound to what cannot be followed: a loop variable, an exception. */
  | { kind: "open"; conditional: boolean }
  /** `with v as x`: what entering gives. */
  | { kind: "entered"; value: Expression; conditional: boolean }
  | { kind: "parameter"; of: FunctionInfo; parameter: Parameter; index: number; conditional: false };

export interface Scope {
  kind: "module" | "class" | "function";
  module: ModuleInfo;
  parent: Scope | null;
  names: Map<string, Binding[]>;
  /** Names that `global` sends to the module. */
  globals: ReadonlySet<string>;
  function: FunctionInfo | null;
  class: ClassInfo | null;
}

export interface FunctionInfo {
  id: string;
  node: CodeFunction;
  module: ModuleInfo;
  /** Where its name stands. */
  outer: Scope;
  class: ClassInfo | null;
  /** Dotted, with module and class. */
  qualified: string;
  scope: Scope | null;
  /** Another definition of the same name stands in the same scope (overloads left out). */
  conditional: boolean;
}

export interface ClassInfo {
  id: string;
  node: CodeClass;
  module: ModuleInfo;
  outer: Scope;
  qualified: string;
  scope: Scope;
  /** Every `self.x = value` of its methods, by x. */
  fields: Map<string, { value: Expression; annotation: Expression | null; method: FunctionInfo }[]> | null;
}

export interface ModuleInfo {
  path: RepoPath;
  /** Dotted: `app.services.db`, `src.server`. */
  name: string;
  code: CodeFile;
  scope: Scope;
  /** JavaScript: exported name to local name, or to a name of another module. */
  exports: Map<string, { local: string } | { value: Expression } | { module: string; name: string }>;
  /** JavaScript `export * from`; Python `from m import *`. */
  stars: { module: string; level: number }[];
  /** Every function and class, in the order of the text. */
  functions: FunctionInfo[];
  classes: ClassInfo[];
  /** The module's own `module.exports = value`, last one. */
  commonExports: Expression | null;
}

/** Where modules come from. */
export interface ProgramInput {
  /** The code of a file; null where it cannot be read. */
  code(path: RepoPath): CodeFile | null;
  /** The file (or, for a namespace package, the directory with a final `/`) that an import names; null: not of this repository. */
  resolve(from: RepoPath, module: string, level: number): RepoPath | null;
  /** Whether static imports of a JavaScript file run before everything else in it. TypeScript compiled to CommonJS keeps their order. */
  hoists(path: RepoPath): boolean;
}

/** The modules of a repository, read when they are first asked for. */
export class Program {
  readonly input: ProgramInput;
  private readonly modules = new Map<RepoPath, ModuleInfo | null>();
  /** Modules in the order of reading; grows while the program is followed. */
  readonly read: ModuleInfo[] = [];

  constructor(input: ProgramInput) {
    this.input = input;
  }

  /** Modules read so far. */
  loaded(): ModuleInfo[] {
    return [...this.read];
  }

  /** A module that was read before; null for others, which nothing that was followed runs. */
  known(path: RepoPath): ModuleInfo | null {
    return this.modules.get(path) ?? null;
  }

  module(path: RepoPath): ModuleInfo | null {
    const known = this.modules.get(path);
    if (known !== undefined) return known;
    const code = this.input.code(path);
    const made = code === null ? null : makeModule(path, code);
    this.modules.set(path, made);
    if (made !== null) this.read.push(made);
    return made;
  }
}

/** `app/services/db.py` as `app.services.db`, `src/db/index.ts` as `src.db.index`. */
export function moduleName(path: RepoPath): string {
  const bare = path.replace(/\.(?:pyi?|[cm]?[jt]sx?)$/, "").replace(/\/__init__$/, "");
  return bare.split("/").join(".");
}

export const placeOf = (module: ModuleInfo, span: Span): CodePlace => ({
  path: module.path,
  start: span.start,
  end: span.end,
});

function makeModule(path: RepoPath, code: CodeFile): ModuleInfo {
  const module: ModuleInfo = {
    path,
    name: moduleName(path),
    code,
    scope: null as unknown as Scope,
    exports: new Map(),
    stars: [],
    functions: [],
    classes: [],
    commonExports: null,
  };
  module.scope = makeScope("module", module, null);
  bindStatements(code.body, module.scope, false);
  return module;
}

/** Most functions declare none. */
const nothing: ReadonlySet<string> = new Set();

function makeScope(kind: Scope["kind"], module: ModuleInfo, parent: Scope | null): Scope {
  return {
    kind,
    module,
    parent,
    names: new Map(),
    globals: nothing,
    function: parent?.function ?? null,
    class: kind === "class" ? null : (parent?.class ?? null),
  };
}

/** The scope inside a function: its parameters and everything its body binds. Made when first asked for. */
export function scopeOf(fn: FunctionInfo): Scope {
  if (fn.scope !== null) return fn.scope;
  const scope = makeScope("function", fn.module, fn.outer);
  scope.function = fn;
  scope.class = fn.class ?? fn.outer.class;
  fn.scope = scope;
  for (const [index, parameter] of fn.node.parameters.entries()) {
    if (parameter.pattern) {
      for (const one of parameter.pattern) add(scope, one.name, { kind: "open", conditional: false });
    } else add(scope, parameter.name, { kind: "parameter", of: fn, parameter, index, conditional: false });
  }
  collectGlobals(fn.node.body, scope);
  bindStatements(fn.node.body, scope, false);
  return scope;
}

function collectGlobals(body: readonly Statement[], scope: Scope): void {
  eachStatement(body, (statement) => {
    if (statement.kind === "global") scope.globals = new Set([...scope.globals, ...statement.names]);
  });
}

function add(scope: Scope, name: string, binding: Binding): void {
  if (name === "") return;
  let target = scope;
  if (scope.globals.has(name)) {
    while (target.parent) target = target.parent;
  }
  const known = target.names.get(name);
  // A function's own assignments to a global never run before the module's.
  if (known) known.push(target === scope ? binding : ({ ...binding, conditional: true } as Binding));
  else target.names.set(name, [target === scope ? binding : ({ ...binding, conditional: true } as Binding)]);
}

function bindStatements(body: readonly Statement[], scope: Scope, conditional: boolean): void {
  for (const statement of body) bindStatement(statement, scope, conditional);
}

function bindStatement(statement: Statement, scope: Scope, conditional: boolean): void {
  const { module } = scope;
  switch (statement.kind) {
    case "function": {
      const of = registerFunction(statement.of, scope, conditional);
      add(scope, statement.of.name, { kind: "function", of, conditional });
      break;
    }
    case "class": {
      const of = registerClass(statement.of, scope);
      add(scope, statement.of.name, { kind: "class", of, conditional });
      break;
    }
    case "import":
      if (statement.typeOnly) break;
      if (statement.star) module.stars.push({ module: statement.module, level: statement.level });
      for (const name of statement.names) add(scope, name.local, { kind: "import", statement, name, conditional });
      if (statement.local) add(scope, statement.local, { kind: "import", statement, name: null, conditional });
      break;
    case "assign":
      for (const target of statement.targets) {
        bindTarget(
          target,
          statement.value,
          statement.annotation ?? null,
          [],
          scope,
          conditional || statement.augmented === true,
          statement,
        );
      }
      if (statement.value) bindExpression(statement.value, scope);
      if (scope.kind === "module") noteCommonExports(statement, module);
      break;
    case "expression":
      bindExpression(statement.value, scope);
      break;
    case "return":
    case "throw":
      if (statement.value) bindExpression(statement.value, scope);
      break;
    case "if":
      bindExpression(statement.test, scope);
      bindStatements(statement.consequent, scope, true);
      bindStatements(statement.otherwise, scope, true);
      break;
    case "for":
      bindExpression(statement.over, scope);
      bindOpen(statement.target, scope);
      bindStatements(statement.body, scope, true);
      bindStatements(statement.otherwise, scope, true);
      break;
    case "while":
      bindExpression(statement.test, scope);
      bindStatements(statement.body, scope, true);
      bindStatements(statement.otherwise, scope, true);
      break;
    case "try":
      bindStatements(statement.body, scope, conditional);
      for (const handler of statement.handlers) {
        if (handler.name) add(scope, handler.name, { kind: "open", conditional: true });
        bindStatements(handler.body, scope, true);
      }
      bindStatements(statement.otherwise, scope, conditional);
      bindStatements(statement.finally, scope, conditional);
      break;
    case "with":
      for (const item of statement.items) {
        bindExpression(item.value, scope);
        if (item.as?.kind === "name") add(scope, item.as.name, { kind: "entered", value: item.value, conditional });
        else if (item.as) bindOpen(item.as, scope);
      }
      bindStatements(statement.body, scope, conditional);
      break;
    case "match":
      for (const one of statement.cases) bindStatements(one.body, scope, true);
      break;
    case "block":
      bindStatements(statement.body, scope, conditional);
      break;
    case "export":
      if (statement.star) {
        if (statement.module) module.stars.push({ module: statement.module, level: 0 });
        break;
      }
      for (const one of statement.names) {
        module.exports.set(
          one.name,
          statement.module === null ? { local: one.local } : { module: statement.module, name: one.local },
        );
      }
      break;
    case "export-default":
      bindExpression(statement.value, scope);
      module.exports.set("default", { value: statement.value });
      break;
    default:
      break;
  }
}

function noteCommonExports(statement: Extract<Statement, { kind: "assign" }>, module: ModuleInfo): void {
  const { value } = statement;
  if (value === null || module.code.language !== "javascript") return;
  for (const target of statement.targets) {
    if (target.kind !== "attribute") continue;
    const { of, name } = target;
    if (of.kind === "name" && of.name === "module" && name === "exports") {
      module.commonExports = value;
      // `module.exports = exports = x` and `module.exports = { a, b }`.
      if (value.kind === "dict") {
        for (const entry of value.entries) {
          if (entry.key?.kind === "string" && entry.key.value !== null)
            module.exports.set(entry.key.value, { value: entry.value });
        }
      }
    } else if (
      (of.kind === "name" && of.name === "exports") ||
      (of.kind === "attribute" && of.name === "exports" && of.of.kind === "name" && of.of.name === "module")
    ) {
      module.exports.set(name, { value });
    }
  }
}

function bindTarget(
  target: Expression,
  value: Expression | null,
  annotation: Expression | null,
  path: readonly (string | number)[],
  scope: Scope,
  conditional: boolean,
  statement: Statement,
): void {
  if (target.kind === "name") {
    add(scope, target.name, { kind: "value", value, annotation, path, conditional, statement });
  } else if (target.kind === "list") {
    for (const [index, item] of target.items.entries()) {
      if (item.kind === "spread") bindOpen(item, scope);
      else bindTarget(item, value, null, [...path, index], scope, conditional, statement);
    }
  } else if (target.kind === "dict") {
    for (const entry of target.entries) {
      if (entry.key?.kind === "string" && entry.key.value !== null) {
        bindTarget(entry.value, value, null, [...path, entry.key.value], scope, conditional, statement);
      } else bindOpen(entry.value, scope);
    }
  }
}

function bindOpen(target: Expression, scope: Scope): void {
  if (target.kind === "name") add(scope, target.name, { kind: "open", conditional: true });
  else eachChild(target, (child) => bindOpen(child, scope));
}

/** Functions and classes that stand in expressions, and names that `:=` and inner assignments bind. */
function bindExpression(at: Expression, scope: Scope): void {
  if (at.kind === "function") {
    registerFunction(at.of, scope, false);
    return;
  }
  if (at.kind === "class") {
    registerClass(at.of, scope);
    return;
  }
  if (at.kind === "assignment") {
    const statement: Statement = { kind: "pass", start: at.start, end: at.end };
    bindTarget(at.target, at.value, null, [], scope, true, statement);
  }
  eachChild(at, (child) => bindExpression(child, scope));
}

const functionsByNode = new WeakMap<CodeFunction, FunctionInfo>();
const classesByNode = new WeakMap<CodeClass, ClassInfo>();

/** What the program knows of a function's node. */
export const infoOf = (node: CodeFunction): FunctionInfo | undefined => functionsByNode.get(node);
export const classInfoOf = (node: CodeClass): ClassInfo | undefined => classesByNode.get(node);

function qualify(scope: Scope, name: string): string {
  if (scope.kind === "class" && scope.class) return `${scope.class.qualified}.${name}`;
  if (scope.kind === "function" && scope.function) return `${scope.function.qualified}.${name}`;
  return `${scope.module.name}.${name}`;
}

function registerFunction(node: CodeFunction, outer: Scope, conditional: boolean): FunctionInfo {
  const { module } = outer;
  const of: FunctionInfo = {
    id: `${module.path}:${node.start}`,
    node,
    module,
    outer,
    class: outer.kind === "class" ? outer.class : null,
    qualified: qualify(outer, node.name === "" ? "<function>" : node.name),
    scope: null,
    conditional,
  };
  functionsByNode.set(node, of);
  module.functions.push(of);
  for (const parameter of node.parameters) if (parameter.value) bindExpression(parameter.value, outer);
  for (const decorator of node.decorators) bindExpression(decorator, outer);
  // Functions inside are registered at once, so that walks over all functions of a file see them.
  scopeOf(of);
  return of;
}

function registerClass(node: CodeClass, outer: Scope): ClassInfo {
  const { module } = outer;
  const scope = makeScope("class", module, outer);
  const of: ClassInfo = {
    id: `${module.path}:${node.start}`,
    node,
    module,
    outer,
    qualified: qualify(outer, node.name === "" ? "<class>" : node.name),
    scope,
    fields: null,
  };
  scope.class = of;
  classesByNode.set(node, of);
  module.classes.push(of);
  bindStatements(node.body, scope, false);
  return of;
}

/** The assignments to `self.x` / `this.x` of a class's methods. */
export function fieldsOf(of: ClassInfo): NonNullable<ClassInfo["fields"]> {
  if (of.fields !== null) return of.fields;
  const fields: NonNullable<ClassInfo["fields"]> = new Map();
  of.fields = fields;
  for (const statement of of.node.body) {
    if (statement.kind !== "function") continue;
    const method = infoOf(statement.of);
    if (method === undefined) continue;
    const self = of.module.code.language === "javascript" ? "this" : statement.of.parameters[0]?.name;
    eachStatement(statement.of.body, (inner) => {
      if (inner.kind !== "assign") return;
      for (const target of inner.targets) {
        if (target.kind !== "attribute" || target.of.kind !== "name" || target.of.name !== self) continue;
        const value = inner.value ?? { kind: "other", start: inner.start, end: inner.end, parts: [] };
        const list = fields.get(target.name) ?? [];
        list.push({ value, annotation: inner.annotation ?? null, method });
        fields.set(target.name, list);
      }
    });
  }
  return fields;
}

/** Visits statements and the statements inside them, not those of nested functions and classes. */
export function eachStatement(body: readonly Statement[], visit: (statement: Statement) => void): void {
  for (const statement of body) {
    visit(statement);
    for (const inner of blocksOf(statement)) eachStatement(inner, visit);
  }
}

/** The statement lists directly inside a statement. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [statement.consequent, statement.otherwise];
    case "for":
    case "while":
      return [statement.body, statement.otherwise];
    case "try":
      return [
        statement.body,
        ...statement.handlers.map((handler) => handler.body),
        statement.otherwise,
        statement.finally,
      ];
    case "with":
    case "block":
      return [statement.body];
    case "match":
      return statement.cases.map((one) => one.body);
    default:
      return [];
  }
}

/** The expressions directly in a statement, in the order of evaluation. */
export function expressionsOf(statement: Statement): Expression[] {
  switch (statement.kind) {
    case "expression":
    case "export-default":
      return [statement.value];
    case "assign":
      return [...(statement.value ? [statement.value] : []), ...statement.targets];
    case "return":
    case "throw":
      return statement.value ? [statement.value] : [];
    case "if":
    case "while":
      return [statement.test];
    case "for":
      return [statement.over, statement.target];
    case "with":
      return statement.items.flatMap((item) => (item.as ? [item.value, item.as] : [item.value]));
    case "match":
      return [statement.subject];
    case "try":
      return statement.handlers.flatMap((handler) => handler.types);
    default:
      return [];
  }
}

/** Visits the direct parts of an expression, in the order of evaluation; not into functions and classes. */
export function eachChild(at: Expression, visit: (child: Expression) => void): void {
  switch (at.kind) {
    case "attribute":
    case "await":
    case "not":
    case "unary":
    case "spread":
      visit(at.of);
      break;
    case "index":
      visit(at.of);
      visit(at.at);
      break;
    case "call":
      visit(at.callee);
      for (const argument of at.args) visit(argument.value);
      break;
    case "string":
      for (const part of at.parts ?? []) visit(part);
      break;
    case "list":
      for (const item of at.items) visit(item);
      break;
    case "dict":
      for (const entry of at.entries) {
        if (entry.key) visit(entry.key);
        visit(entry.value);
      }
      break;
    case "conditional":
      visit(at.test);
      visit(at.consequent);
      visit(at.otherwise);
      break;
    case "logical":
    case "binary":
      visit(at.left);
      visit(at.right);
      break;
    case "assignment":
      visit(at.value);
      visit(at.target);
      break;
    case "comprehension":
      visit(at.over);
      visit(at.element);
      for (const part of at.rest) visit(part);
      break;
    case "yield":
      if (at.of) visit(at.of);
      break;
    case "other":
      for (const part of at.parts) visit(part);
      break;
    default:
      break;
  }
}

/** Visits an expression and everything inside it, not into functions and classes. */
export function eachExpression(at: Expression, visit: (child: Expression) => void): void {
  visit(at);
  eachChild(at, (child) => eachExpression(child, visit));
}
