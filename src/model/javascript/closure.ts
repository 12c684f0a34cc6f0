import type { CodeFunction, Expression, Span, Statement } from "../../types/code.ts";
import type {
  ChainStep,
  EntryClosure,
  ImportLevel,
  ReachedDataFile,
  ReachedImport,
  ReachedModule,
  StartupEntry,
} from "../../types/imports.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { askingNames, dataArgument } from "./data-reads.ts";
import { literalPath } from "./literal-paths.ts";
import { codePattern, joinPaths } from "./paths.ts";
import {
  type ClassValue,
  importCall,
  makeScope,
  type Scope,
  type ScriptModule,
  type ScriptProgram,
  type Value,
} from "./program.ts";

const order: readonly ImportLevel[] = ["start-up", "call", "guarded", "type"];
const rank = (level: ImportLevel): number => order.indexOf(level);
const weaker = (left: ImportLevel, right: ImportLevel): ImportLevel => (rank(left) >= rank(right) ? left : right);

/** Calls whose function arguments run while the process starts. */
const runsArguments = new Set(
  (
    "then finally forEach map filter reduce some every flatMap find register ready after nextTick setImmediate setTimeout queueMicrotask " +
    "listen bootstrap start run init initialize connect transaction wrap tap"
  ).split(" "),
);
/** Methods that Nest calls on every provider before it listens. */
const hooks = ["constructor", "onModuleInit", "onApplicationBootstrap"];

interface Task {
  level: ImportLevel;
  chain: readonly ChainStep[];
  run(level: ImportLevel, chain: readonly ChainStep[]): void;
}

/** State of one walk through code. */
interface Context {
  scope: Scope;
  level: ImportLevel;
  chain: readonly ChainStep[];
  self: ClassValue | null;
  /** False where only imports are recorded: functions that merely may be called. */
  follow: boolean;
  /** True below a condition: a file that is read there may never be. */
  conditional: boolean;
}

/**
 * What a process imports while it starts: module top levels, then the functions that they call. Each module and function is walked once per
 * strongest level, strongest levels first, so that chains are the shortest of their level.
 */
export function scriptClosure(entry: StartupEntry, program: ScriptProgram, files: FileTree): EntryClosure {
  const modules = new Map<RepoPath, ReachedModule>();
  const imports = new Map<string, ReachedImport>();
  const dataFiles = new Map<RepoPath, ReachedDataFile>();
  const unread: { path: RepoPath; reason: string }[] = [];
  const walked = new Map<object, number>();
  const queues: Task[][] = [[], [], []];

  const place = (module: ScriptModule, span: Span): Location => locate(module.path, module.code, span);

  function queue(task: Task): void {
    queues[rank(task.level)]?.push(task);
  }

  /** A plain script that a build only copies into its output: what stands beside it there is not what stands beside it here. */
  const isTemplate = (module: ScriptModule): boolean =>
    module.path === entry.path && entry.presence === "unknown" && !module.typescript;

  /** True the first time at this level or a stronger one. */
  function enter(key: object, level: ImportLevel): boolean {
    const before = walked.get(key);
    if (before !== undefined && before <= rank(level)) return false;
    walked.set(key, rank(level));
    return true;
  }

  function reach(path: RepoPath, level: ImportLevel, chain: readonly ChainStep[]): void {
    const before = modules.get(path);
    if (before && rank(before.level) <= rank(level)) return;
    modules.set(path, { path, name: path, level, chain });
    if (level === "type" || !codePattern.test(path) || /\.d\.[cm]?ts$/.test(path)) return;
    queue({ level, chain, run: (at, way) => runModule(path, at, way) });
  }

  function runModule(path: RepoPath, level: ImportLevel, chain: readonly ChainStep[]): void {
    const module = program.module(path);
    if (!module) {
      if (!unread.some((one) => one.path === path)) unread.push({ path, reason: "it could not be read" });
      return;
    }
    if (!enter(module, level)) return;
    if (module.code.broken) unread.push({ path, reason: "its syntax could not be read in full" });
    const context: Context = {
      scope: module.scope,
      level,
      chain,
      self: null,
      follow: true,
      conditional: false,
    };
    // Imports are hoisted: they run before the module's own statements.
    for (const statement of module.code.body) {
      if (statement.kind === "import") importStatement(statement, module, context);
      else if (statement.kind === "export" && statement.module !== null) {
        add(module, statement, statement.module, level, chain, null);
      }
    }
    block(module.code.body, context);
    const nest = module.code.body.some((one) => one.kind === "import" && one.module.startsWith("@nestjs/"));
    for (const one of nest ? module.code.body : []) {
      if (one.kind !== "class" || one.of.decorators.length === 0) continue;
      const self: ClassValue = { kind: "class", of: one.of, scope: module.scope };
      for (const name of hooks) {
        const method = program.method(self, name);
        if (method?.kind === "function")
          call(
            method,
            name === "constructor" ? `creates ${one.of.name}` : `calls ${one.of.name}.${name}()`,
            module,
            one,
            context,
          );
      }
    }
    queue({ level: weaker(level, "call"), chain, run: (at, way) => lazyImports(module, at, way) });
  }

  /** Functions that nothing was seen to call: their imports fail when something does. */
  function lazyImports(module: ScriptModule, level: ImportLevel, chain: readonly ChainStep[]): void {
    const scope = makeScope(module, module.scope, [], []);
    for (const of of module.functions) {
      if (enter(of, level)) block(of.body, { scope, level, chain, self: null, follow: false, conditional: true });
    }
  }

  function importStatement(
    statement: Extract<Statement, { kind: "import" }>,
    module: ScriptModule,
    context: Context,
  ): void {
    const unused =
      module.typescript &&
      statement.names.length > 0 &&
      statement.names.every((name) => name.typeOnly || !module.used.has(name.local));
    const level = statement.typeOnly || unused ? "type" : context.level;
    add(module, statement, statement.module, level, context.chain, null);
    if (level === "type") return;
    for (const name of statement.names) {
      if (name.typeOnly || (module.typescript && !module.used.has(name.local))) continue;
      const miss = program.missingName(module, statement.module, name.name);
      if (!miss) continue;
      const at = place(module, name);
      const lines = [place(module, statement).start.line, at.start.line];
      if (lines.some((line) => program.isPassedOver(module, line))) continue;
      const chain = [...context.chain, { at, what: `imports ${name.name} of ${statement.module}` }];
      imports.set(`${module.path}:${name.start}`, {
        at,
        specifier: statement.module,
        name: name.name,
        level,
        chain,
        resolved: [],
        onPath: true,
        miss,
      });
    }
  }

  function add(
    module: ScriptModule,
    span: Span,
    specifier: string,
    level: ImportLevel,
    chain: readonly ChainStep[],
    name: string | null,
  ): void {
    const at = place(module, span);
    const { path, miss } = program.resolver.resolve(module.path, specifier);
    const step: ChainStep = { at, what: `imports ${specifier}` };
    const way = [...chain, step];
    const key = `${module.path}:${span.start}:${specifier}`;
    const before = imports.get(key);
    if (!before || rank(before.level) > rank(level)) {
      imports.set(key, {
        at,
        specifier,
        name,
        level,
        chain: way,
        resolved: path === null ? [] : [path],
        onPath: true,
        miss:
          miss?.kind === "module" && isTemplate(module)
            ? { ...miss, kind: "unknown", detail: "a build places this file elsewhere" }
            : miss,
      });
    }
    if (path !== null && level !== "type") reach(path, level, way);
  }

  function block(body: readonly Statement[], outer: Context): void {
    let context = outer;
    for (const one of body) {
      statement(one, context);
      // Past `if (…) return` the rest runs on a condition too.
      if (one.kind === "if" && !context.conditional && (returns(one.consequent) || returns(one.otherwise)))
        context = { ...context, conditional: true };
      if (one.kind === "return" || one.kind === "throw" || one.kind === "break" || one.kind === "continue") break;
    }
  }

  function statement(at: Statement, context: Context): void {
    switch (at.kind) {
      case "expression":
        expression(at.value, context);
        return;
      case "assign":
        if (at.value) expression(at.value, context);
        for (const target of at.targets) if (target.kind !== "name") expression(target, context);
        return;
      case "return":
      case "throw":
        if (at.value) expression(at.value, context);
        return;
      case "if": {
        expression(at.test, context);
        const branch = { ...context, conditional: true };
        block(at.consequent, branch);
        block(at.otherwise, branch);
        return;
      }
      case "for":
        expression(at.over, context);
        block(at.body, context);
        return;
      case "while":
        expression(at.test, context);
        block(at.body, context);
        return;
      case "try": {
        const guarded = at.handlers.length > 0 && !at.handlers.some((handler) => leaves(handler.body));
        block(at.body, guarded ? { ...context, level: weaker(context.level, "guarded") } : context);
        // A handler runs after a failure only; what it imports is a way out, not a need.
        for (const handler of at.handlers) block(handler.body, { ...context, level: weaker(context.level, "guarded") });
        block(at.finally, context);
        return;
      }
      case "with":
      case "block":
        block(at.body, context);
        return;
      case "match":
        expression(at.subject, context);
        for (const one of at.cases) block(one.body, { ...context, conditional: true });
        return;
      case "class":
        classBody(at.of, context);
        return;
      case "export-default":
        expression(at.value, context);
        return;
      default:
    }
  }

  function classBody(of: ClassValue["of"], context: Context): void {
    for (const base of of.bases) expression(base, context);
    for (const decorator of of.decorators) expression(decorator, context);
    for (const member of of.body) {
      if (member.kind === "assign") {
        if (member.isStatic && member.value) expression(member.value, context);
      } else if (member.kind === "function") {
        for (const decorator of member.of.decorators) expression(decorator, context);
      } else if (member.kind === "block") block(member.body, context);
    }
  }

  function expression(at: Expression, context: Context): void {
    switch (at.kind) {
      case "call":
        callExpression(at, context);
        return;
      case "function":
        return;
      case "class":
        classBody(at.of, context);
        return;
      case "attribute":
      case "await":
      case "not":
      case "unary":
      case "spread":
        expression(at.of, context);
        return;
      case "index":
        expression(at.of, context);
        expression(at.at, context);
        return;
      case "string":
      case "other":
        for (const part of at.parts ?? []) expression(part, context);
        return;
      case "list":
        for (const item of at.items) expression(item, context);
        return;
      case "dict":
        for (const entry of at.entries) {
          if (entry.key && entry.key.kind !== "name") expression(entry.key, context);
          expression(entry.value, context);
        }
        return;
      case "conditional": {
        expression(at.test, context);
        const branch = { ...context, conditional: true };
        expression(at.consequent, branch);
        expression(at.otherwise, branch);
        return;
      }
      case "logical":
        expression(at.left, context);
        expression(at.right, { ...context, conditional: true });
        return;
      case "binary":
        expression(at.left, context);
        expression(at.right, context);
        return;
      case "assignment":
        expression(at.target, context);
        expression(at.value, context);
        return;
      case "yield":
        if (at.of) expression(at.of, context);
        return;
      default:
    }
  }

  function callExpression(at: Extract<Expression, { kind: "call" }>, context: Context): void {
    const { module } = context.scope;
    const specifier = importCall(at);
    if (specifier !== null) {
      add(module, at, specifier, context.level, context.chain, null);
      return;
    }
    // `import("./x").catch(…)` goes on without it.
    const inner = at.callee.kind === "attribute" && at.callee.name === "catch" ? importIn(at.callee.of) : null;
    if (inner) add(module, inner, importCall(inner) ?? "", weaker(context.level, "guarded"), context.chain, null);
    // So does `readFile("x").catch(…)`.
    else if (at.callee.kind === "attribute" && at.callee.name === "catch" && readsIn(at.callee.of, context.scope))
      expression(at.callee, { ...context, conditional: true });
    else if (at.callee.kind !== "function") expression(at.callee, context);
    for (const argument of at.args) if (argument.value.kind !== "function") expression(argument.value, context);
    if (!context.follow) return;
    dataFile(at, context);
    const label = written(at.callee);
    const target = program.valueOf(at.callee, context.scope, context.self);
    if (target?.kind === "function") call(target, `calls ${label}()`, module, at, context);
    else if (at.isNew && target?.kind === "class") create(target, label, at, context);
    const name = at.callee.kind === "attribute" || at.callee.kind === "name" ? at.callee.name : "";
    if (!runsArguments.has(name) && !(at.isNew && name === "Promise")) return;
    for (const argument of at.args) {
      const value = program.valueOf(argument.value, context.scope, context.self);
      if (value?.kind === "function") call(value, `${label}(…) calls ${functionName(value.of)}`, module, at, context);
    }
  }

  function dataFile(at: Extract<Expression, { kind: "call" }>, context: Context): void {
    const { scope, level } = context;
    const argument = context.conditional ? null : dataArgument(at, scope);
    const path = argument && literalPath(argument, scope, program);
    if (!path) return;
    const base = path.base === "repository" ? "" : entry.workingDirectory;
    const target = base === null ? null : joinPaths(base, path.path);
    if (!target) return;
    const directory = !files.has(target) && files.hasDirectory(target);
    if (!files.has(target) && !directory) return;
    const known = dataFiles.get(target);
    if (known && rank(known.level) <= rank(level)) return;
    if (askingNames.some((name) => program.holdsWord(scope.module.path, name))) return;
    const where = place(scope.module, at);
    const chain = [...context.chain, { at: where, what: `reads ${target}` }];
    dataFiles.set(target, { path: target, directory, at: where, level, chain });
  }

  function create(target: ClassValue, label: string, at: Span, context: Context): void {
    const { module } = context.scope;
    const constructor_ = program.method(target, "constructor");
    if (constructor_?.kind === "function") call(constructor_, `creates ${label}`, module, at, context);
    const fields = target.of.body.filter((one) => one.kind === "assign" && one.declared === "field" && !one.isStatic);
    if (fields.length === 0 || !enter(target.of, context.level)) return;
    const chain = [...context.chain, { at: place(module, at), what: `creates ${label}` }];
    for (const field of fields) {
      if (field.kind === "assign" && field.value)
        expression(field.value, { ...context, scope: target.scope, chain, self: target });
    }
  }

  function call(
    target: Extract<Value, { kind: "function" }>,
    what: string,
    from: ScriptModule,
    span: Span,
    context: Context,
  ): void {
    const { of, scope, self } = target;
    const { follow, conditional } = context;
    if (!follow || (walked.get(of) ?? 9) <= rank(context.level)) return;
    const chain = [...context.chain, { at: place(from, span), what }];
    queue({
      level: context.level,
      chain,
      run(level, way) {
        if (!enter(of, level)) return;
        const inner = makeScope(scope.module, scope, of.body, of.parameters);
        for (const parameter of of.parameters) {
          if (parameter.value)
            expression(parameter.value, { scope: inner, level, chain: way, self, follow, conditional: true });
        }
        block(of.body, { scope: inner, level, chain: way, self, follow, conditional });
      },
    });
  }

  if (entry.path !== null) reach(entry.path, "start-up", []);
  for (let level = 0; level < queues.length; level++) {
    const tasks = queues[level]!;
    for (let at = 0; at < tasks.length; at++) tasks[at]!.run(tasks[at]!.level, tasks[at]!.chain);
  }
  return {
    entry,
    modules: [...modules.values()].filter((one) => one.level !== "type"),
    imports: [...imports.values()],
    dataFiles: [...dataFiles.values()],
    circular: [],
    unread,
  };
}

function importIn(at: Expression): Extract<Expression, { kind: "call" }> | null {
  if (at.kind === "call" && importCall(at) !== null) return at;
  if (at.kind === "call" && at.callee.kind === "attribute" && at.callee.name === "then") return importIn(at.callee.of);
  return null;
}

/** Whether what `.catch()` is called on is the reading of a file itself, or what is made of it: `readFile("x").then(JSON.parse)`. */
function readsIn(at: Expression, scope: Scope): boolean {
  if (at.kind !== "call") return false;
  if (at.callee.kind === "attribute" && at.callee.name === "then") return readsIn(at.callee.of, scope);
  return dataArgument(at, scope) !== null;
}

/** Whether a branch may end the function without a failure. */
function returns(body: readonly Statement[]): boolean {
  return body.some((one) => {
    if (one.kind === "return") return true;
    if (one.kind === "if") return returns(one.consequent) || returns(one.otherwise);
    return one.kind === "block" && returns(one.body);
  });
}

/** Whether a handler certainly does not let start-up go on. */
function leaves(body: readonly Statement[]): boolean {
  return body.some((one) => {
    if (one.kind === "throw") return true;
    if (one.kind === "if") return one.otherwise.length > 0 && leaves(one.consequent) && leaves(one.otherwise);
    if (one.kind !== "expression") return false;
    const value = one.value.kind === "await" ? one.value.of : one.value;
    return value.kind === "call" && /^process\.(?:exit|abort)$/.test(written(value.callee));
  });
}

/** A callee as a reader sees it: `app.listen`. */
function written(at: Expression): string {
  if (at.kind === "name") return at.name;
  if (at.kind === "attribute") return `${written(at.of)}.${at.name}`;
  if (at.kind === "call") return `${written(at.callee)}()`;
  if (at.kind === "await") return written(at.of);
  return "(…)";
}

function functionName(of: CodeFunction): string {
  return of.name === "" ? "its function" : `${of.name}()`;
}
