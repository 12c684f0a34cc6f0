import { childExpressions } from "../../sources/python-parts.ts";
import type { ChainStep, CircularImport, ImportLevel, ReachedImport } from "../../types/imports.ts";
import type { PyExpression, PyFromImport, PyStatement } from "../../types/python.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { handlerEffect, suppresses, truthOf } from "./conditions.ts";
import { findBelow } from "./modules.ts";
import type { PythonProgram } from "./program.ts";
import { locate, type ModuleInfo } from "./scopes.ts";
import { expressionsOf } from "./walk.ts";

/** Deeper chains of imports than this are given up. */
const maxDepth = 400;

interface State {
  status: "running" | "done";
  bound: Set<string>;
  /** Text does not tell what it binds. */
  open: boolean;
}

/** An ImportError on its way up. */
interface Failure {
  circular: CircularImport;
}

/**
 * Runs module top levels in the order in which Python would, with the names bound so far: `from m import x` fails where `m` is still being
 * imported and has not bound `x`. A cycle that works is none of its business. Function bodies are skipped; modules that functions of the start
 * import lazily are run afterwards, in order.
 */
export function simulateImports(
  program: PythonProgram,
  start: { files: readonly RepoPath[]; main: RepoPath | null },
  lazy: readonly ReachedImport[],
): CircularImport[] {
  const states = new Map<RepoPath, State>();
  const stack: { path: RepoPath; via: ChainStep | null }[] = [];
  const found = new Map<string, CircularImport>();
  const failed = new Set<RepoPath>();
  let uncertain = 0;

  for (const path of start.files)
    if (found.size === 0) attempt(() => importFile(path, null, path === start.main), "start-up");
  if ([...found.values()].some((one) => one.level === "start-up")) return [...found.values()];
  for (const one of lazy) {
    if (one.level !== "start-up" && one.level !== "guarded") continue;
    if (one.resolved.every((path) => states.has(path) || failed.has(path))) continue;
    attempt(() => {
      for (const path of one.resolved) importFile(path, { at: one.at, what: `imports ${one.specifier}` });
    }, one.level);
  }
  return [...found.values()];

  function attempt(run: () => void, level: ImportLevel): void {
    try {
      run();
    } catch (error) {
      if (!isFailure(error)) throw error;
      note(error.circular, level);
    }
  }

  function note(circular: CircularImport, level: ImportLevel): void {
    const key = `${circular.at.path}:${circular.at.start.line} ${circular.name}`;
    const known = found.get(key);
    if (!known || (known.level === "guarded" && level !== "guarded")) found.set(key, { ...circular, level });
  }

  /** `asMain`: it runs as `__main__`, and whoever imports it by its own name has it run once more. */
  function importFile(path: RepoPath, via: ChainStep | null, asMain = false): void {
    const key = asMain ? "__main__" : path;
    if (states.has(key) || stack.length > maxDepth) return;
    const module = program.load(path);
    if (!module) return;
    const state: State = { status: "running", bound: new Set(), open: module.scope.bindings.has("__getattr__") };
    states.set(key, state);
    stack.push({ path, via });
    try {
      runBody(module.syntax.body, module, state);
      state.status = "done";
    } catch (error) {
      // A module whose body raises is taken out again; the next import starts anew.
      states.delete(key);
      failed.add(path);
      throw error;
    } finally {
      stack.pop();
    }
  }

  function runBody(body: readonly PyStatement[], module: ModuleInfo, state: State): void {
    for (const statement of body) {
      run(statement, module, state);
      if (statement.kind === "raise") return;
    }
  }

  function perhaps(run: () => void): void {
    uncertain++;
    try {
      run();
    } catch (error) {
      if (!isFailure(error)) throw error;
    } finally {
      uncertain--;
    }
  }

  function run(statement: PyStatement, module: ModuleInfo, state: State): void {
    for (const expression of expressionsOf(statement)) bindNamed(expression, state);
    switch (statement.kind) {
      case "import":
        for (const imported of statement.names) {
          const step = {
            at: locate(module, { start: statement.start, end: imported.end }),
            what: `imports ${imported.name}`,
          };
          for (const path of program.find(module.path, 0, imported.name).files) importFile(path, step);
          state.bound.add(imported.alias ?? imported.name.split(".")[0] ?? "");
        }
        break;
      case "from":
        fromImport(statement, module, state);
        break;
      case "function":
      case "class":
        if (statement.kind === "class") {
          runBody(
            statement.body.filter((one) => one.kind === "import" || one.kind === "from"),
            module,
            { ...state, bound: new Set() },
          );
        }
        state.bound.add(statement.name.text);
        break;
      case "assign":
        for (const target of statement.targets) bindTarget(target, state);
        if (statement.value.kind === "call") openedBy(statement.value, state);
        break;
      case "annotated":
        if (statement.value) bindTarget(statement.target, state);
        break;
      case "augmented":
        bindTarget(statement.target, state);
        break;
      case "type-alias":
        bindTarget(statement.name, state);
        break;
      case "delete":
        for (const target of statement.targets) if (target.kind === "name") state.bound.delete(target.name);
        break;
      case "expression":
        openedBy(statement.value, state);
        break;
      case "if": {
        const truth = truthOf(statement.test);
        const isMain = truth === "main" && stack.length === 1 && start.main === module.path;
        if (truth === "true" || isMain) runBody(statement.body, module, state);
        else if (truth !== "type" && truth !== "false" && truth !== "main")
          perhaps(() => runBody(statement.body, module, state));
        if (truth === "type" || truth === "false" || (truth === "main" && !isMain))
          runBody(statement.orElse, module, state);
        else if (truth !== "true" && truth !== "main") perhaps(() => runBody(statement.orElse, module, state));
        break;
      }
      case "for":
        bindTarget(statement.target, state);
        perhaps(() => runBody(statement.body, module, state));
        runBody(statement.orElse, module, state);
        break;
      case "while":
        perhaps(() => runBody(statement.body, module, state));
        break;
      case "with": {
        for (const item of statement.items) if (item.target) bindTarget(item.target, state);
        const guarded = statement.items.some((item) => suppresses(item.value));
        if (guarded)
          caught(
            () => runBody(statement.body, module, state),
            () => {},
          );
        else runBody(statement.body, module, state);
        break;
      }
      case "try": {
        const effect = handlerEffect(statement.handlers);
        if (effect.name) {
          caught(
            () => {
              runBody(statement.body, module, state);
              runBody(statement.orElse, module, state);
            },
            () => {
              for (const handler of statement.handlers) runBody(handler.body, module, state);
            },
          );
        } else {
          runBody(statement.body, module, state);
          runBody(statement.orElse, module, state);
        }
        // What a handler binds instead may be bound on some run.
        for (const handler of statement.handlers) {
          for (const one of handler.body)
            if (one.kind === "assign") for (const target of one.targets) bindTarget(target, state);
        }
        runBody(statement.finalBody, module, state);
        break;
      }
      case "match":
        for (const one of statement.cases) {
          for (const name of one.binds) state.bound.add(name.text);
          perhaps(() => runBody(one.body, module, state));
        }
        break;
    }
  }

  function caught(body: () => void, handler: () => void): void {
    try {
      body();
    } catch (error) {
      if (!isFailure(error)) throw error;
      note(error.circular, "guarded");
      handler();
    }
  }

  function fromImport(statement: PyFromImport, module: ModuleInfo, state: State): void {
    if (statement.module === "__future__") return;
    const written = ".".repeat(statement.level) + statement.module;
    const at = locate(module, { start: statement.start, end: statement.end });
    const search = program.find(module.path, statement.level, statement.module);
    for (const path of search.files) importFile(path, { at, what: `imports ${written}` });
    const target = search.path ? states.get(search.path) : undefined;
    const text = search.path ? program.load(search.path) : null;
    for (const imported of statement.names) {
      if (imported.name === "*") {
        if (target) for (const name of target.bound) state.bound.add(name);
        if (!target || target.open) state.open = true;
        continue;
      }
      if (!target?.bound.has(imported.name)) {
        const below =
          search.directories.length > 0 ? findBelow(program.files, [imported.name], search.directories) : null;
        if (below && below.status !== "external") {
          const step = { at, what: `imports ${written.endsWith(".") ? written : `${written}.`}${imported.name}` };
          for (const path of below.files) importFile(path, step);
        } else if (target?.status === "running" && !target.open && text && search.path !== module.path) {
          if (text.scope.bindings.has(imported.name) && uncertain === 0 && stack.length <= maxDepth) {
            throw fail(at, imported.name, written, search.path!);
          }
        }
      }
      state.bound.add(imported.alias ?? imported.name);
    }
  }

  function fail(at: Location, name: string, module: string, modulePath: RepoPath): Failure {
    const from = stack.findIndex((frame) => frame.path === modulePath);
    const chain = stack.slice(from + 1).flatMap((frame) => (frame.via ? [frame.via] : []));
    return { circular: { at, name, module, modulePath, level: "start-up", chain } };
  }
}

function isFailure(error: unknown): error is Failure {
  return typeof error === "object" && error !== null && "circular" in error;
}

function bindTarget(target: PyExpression, state: State): void {
  if (target.kind === "name") state.bound.add(target.name);
  else if (target.kind === "tuple" || target.kind === "list") for (const item of target.items) bindTarget(item, state);
  else if (target.kind === "starred") bindTarget(target.value, state);
  else if (target.kind === "subscript" || target.kind === "attribute") openedBy(target, state);
}

/** `globals()`, `exec`, `sys.modules`: names may appear that text does not show. */
function openedBy(node: PyExpression, state: State): void {
  if (node.kind === "name" && ["globals", "exec", "vars", "locals", "setattr"].includes(node.name)) state.open = true;
  if (node.kind === "attribute" && node.name.text === "modules") state.open = true;
  for (const child of childExpressions(node)) openedBy(child, state);
}

function bindNamed(node: PyExpression, state: State): void {
  if (node.kind === "named") state.bound.add(node.target.name);
  if (node.kind === "lambda") return;
  for (const child of childExpressions(node)) bindNamed(child, state);
}
