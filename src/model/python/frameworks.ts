import { childExpressions } from "../../sources/python-parts.ts";
import type { StartupEntry } from "../../types/imports.ts";
import type { PyExpression, PyFunction, PyStatement } from "../../types/python.ts";
import { joinRepository, type ModuleSearch } from "./modules.ts";
import { calledName } from "./paths.ts";
import type { ClassInfo, Value } from "./program.ts";
import { type ModuleInfo, type Scope, scopeOf } from "./scopes.ts";
import { dottedText, expressionsOf } from "./walk.ts";
import type { Context, Walker } from "./walker.ts";

/** What servers, task queues and schedulers call by themselves while a process starts. */

type Call = Extract<PyExpression, { kind: "call" }>;

/** Calls that run the functions they are given, or await the coroutines of those. */
const runners = new Set(
  "run run_until_complete create_task ensure_future gather wait_for shield to_thread run_in_executor run_sync run_in_threadpool start_soon call_soon Thread Process Timer partial submit run_coroutine_threadsafe".split(
    " ",
  ),
);

const celerySignals =
  /(?:^|\.)(?:worker_init|worker_process_init|worker_ready|celeryd_init|celeryd_after_setup|beat_init|setup_logging|after_setup_logger|on_after_configure|on_after_finalize)$/;

const startupEvents = new Set(["startup", "before_server_start", "main_process_start", "after_server_start"]);

function lastOf(name: string | null): string {
  return name?.split(".").at(-1) ?? "";
}

function literal(node: PyExpression | undefined): string | null {
  return node?.kind === "string" && !node.bytes ? node.value : null;
}

function runAll(
  walker: Walker,
  node: PyExpression | undefined,
  context: Context,
  what: string,
  untilYield = false,
): void {
  if (!node) return;
  for (const value of walker.values.functions(node, context.scope)) {
    walker.run(value, node, context, `${what} ${dottedText(node) ?? value.of.qualified}`, untilYield);
  }
}

function called(walker: Walker, node: Call, targets: readonly Value[], context: Context): void {
  for (const keyword of node.keywords) {
    if (keyword.name === "lifespan") runAll(walker, keyword.value, context, "starts the lifespan", true);
    if (keyword.name === "on_startup") runAll(walker, keyword.value, context, "runs at start-up");
    if (keyword.name === "target" || keyword.name === "on_load") runAll(walker, keyword.value, context, "starts");
  }
  if (targets.some((target) => target.kind === "function" || target.kind === "class")) return;
  const name = calledName(node.callee, context.scope, walker.values);
  const last = lastOf(name);
  const first = node.arguments[0];
  const text = literal(first);
  if (runners.has(last)) for (const argument of node.arguments) runAll(walker, argument, context, "runs");
  switch (last) {
    case "add_event_handler":
    case "register_listener":
    case "add_event_listener":
      for (const argument of node.arguments) {
        if (node.arguments.some((one) => startupEvents.has(literal(one) ?? "")))
          runAll(walker, argument, context, "runs at start-up");
      }
      break;
    case "append":
      if (/\.(?:on_startup|cleanup_ctx)\.append$/.test(name ?? ""))
        runAll(walker, first, context, "runs at start-up", true);
      break;
    case "add_middleware":
      runAll(walker, first, context, "constructs the middleware");
      break;
    case "connect":
      if (celerySignals.test((name ?? "").replace(/\.connect$/, "")))
        runAll(walker, first, context, "runs at start-up");
      break;
    case "import_module":
    case "__import__":
      if (first) {
        for (const dotted of walker.values.strings(first, context.scope)) {
          walker.importNamed(dotted, first, context, `imports ${dotted}`);
        }
      }
      break;
    case "run":
    case "Granian":
    case "Config": {
      const target = /^([\w.]+):[\w.]+(?:\(\))?$/.exec(
        text ?? literal(node.keywords.find((one) => one.name === "target")?.value) ?? "",
      );
      if (target?.[1] && /uvicorn|granian|hypercorn/i.test(name ?? "")) {
        walker.importNamed(target[1], first ?? node, context, `serves ${text ?? target[0]}`);
      }
      break;
    }
    case "setdefault":
      if (text === "DJANGO_SETTINGS_MODULE") defaultSettings(walker, node.arguments[1], context);
      break;
    case "Celery":
      for (const keyword of node.keywords) {
        if (keyword.name === "include") importEach(walker, keyword.value, context, "includes the tasks of");
        if (keyword.name === "config_source") importEach(walker, keyword.value, context, "is configured by");
      }
      break;
    case "update":
      for (const keyword of node.keywords) {
        if (/\bconf\.update$/.test(name ?? "") && (keyword.name === "include" || keyword.name === "imports")) {
          importEach(walker, keyword.value, context, "includes the tasks of");
        }
      }
      break;
    case "autodiscover_tasks":
      if (first) {
        for (const dotted of walker.values.strings(first, context.scope)) {
          walker.importNamed(`${dotted}.tasks`, first, context, `finds the tasks of ${dotted}`, true);
        }
      }
      break;
    case "config_from_object":
    case "from_object":
      if (text && !text.includes(":")) importObject(walker, text, first!, context, `is configured by ${text}`);
      break;
  }
}

function importEach(walker: Walker, node: PyExpression, context: Context, what: string): void {
  for (const dotted of walker.values.strings(node, context.scope)) {
    if (/^[\w.]+$/.test(dotted)) walker.importNamed(dotted, node, context, `${what} ${dotted}`);
  }
}

/** `a.b.Name` or `a.b`: the module is the part that exists. */
function importObject(walker: Walker, dotted: string, at: PyExpression, context: Context, what: string): void {
  const whole = walker.program.find(context.scope.module.path, 0, dotted);
  const parent = dotted.includes(".") ? dotted.slice(0, dotted.lastIndexOf(".")) : dotted;
  const found = whole.status === "module" || whole.status === "package";
  walker.importNamed(found ? dotted : parent, at, context, what);
}

function assigned(walker: Walker, statement: Extract<PyStatement, { kind: "assign" }>, context: Context): void {
  for (const target of statement.targets) {
    if (target.kind === "attribute" && target.name.text === "lifespan_context") {
      runAll(walker, statement.value, context, "starts the lifespan", true);
    }
    if (target.kind === "subscript" && literal(target.indexes[0]) === "DJANGO_SETTINGS_MODULE") {
      settingsModule(walker, statement.value, context);
    }
  }
}

/** The first place of a process that names its settings; `setdefault` has no effect after it. */
const named = new WeakMap<Walker, PyExpression>();

function defaultSettings(walker: Walker, node: PyExpression | undefined, context: Context): void {
  if (walker.entry.settingsGiven) return;
  const first = node && named.get(walker);
  // Of an image that nothing here deploys the environment may name others.
  if (first === undefined || first === node) settingsModule(walker, node, context, !walker.entry.deployed);
}

function settingsModule(walker: Walker, node: PyExpression | undefined, context: Context, optional = false): void {
  if (!node) return;
  if (!named.has(walker)) named.set(walker, node);
  for (const dotted of walker.values.strings(node, context.scope)) {
    if (!/^[\w.]+$/.test(dotted)) continue;
    const search = walker.importNamed(dotted, node, context, `is configured by ${dotted}`, optional);
    if (search !== null && search.status !== "missing") continue;
    walker.settingsUnknown = true;
    settingsBeside(walker, dotted, node, context);
  }
}

/** Settings that are not here stand on those that all environments share: the module beside them that says what is installed. */
function settingsBeside(walker: Walker, dotted: string, node: PyExpression, context: Context): void {
  const parent = dotted.slice(0, Math.max(0, dotted.lastIndexOf(".")));
  const [directory] = parent === "" ? [] : walker.program.find(context.scope.module.path, 0, parent).directories;
  if (directory === undefined) return;
  const installing = walker.files.children(directory).flatMap((name) => {
    const module = /^\w+\.py$/.test(name) ? walker.program.load(joinRepository(directory, name)) : null;
    return module !== null && settingsOf(module) !== null ? [name.slice(0, -".py".length)] : [];
  });
  const shared = installing.length === 1 ? installing : installing.filter((name) => SHARED.test(name));
  if (shared.length === 1)
    walker.importNamed(`${parent}.${shared[0]}`, node, context, `is configured by ${dotted}, beside ${shared[0]}.py`);
}

const SHARED = /^(?:base|common|defaults?|shared|core)(?:_settings)?$/;

function entry(
  walker: Walker,
  from: StartupEntry,
  run: (value: Value, at: PyExpression, context: Context, what: string) => void,
  chain: Context["chain"],
): void {
  if (!from.path || !from.attribute || !from.factory) return;
  const module = walker.program.load(from.path);
  const value = module ? walker.values.member(module, from.attribute.split(".")[0] ?? "") : null;
  if (!module || value?.kind !== "function" || value.of.node.kind === "lambda") return;
  const { name } = value.of.node;
  const at: PyExpression = { kind: "name", name: name.text, start: name.start, end: name.end };
  const scope = value.of.scope.module.scope;
  run(
    value,
    at,
    { level: "start-up", nameLevel: "start-up", chain, scope, untilYield: false },
    `calls ${from.attribute}()`,
  );
}

/** Knowledge of calls and assignments; the walk asks it at each of them. */
export const frameworkCall = { called, assigned, entry };

/** Functions that a decorator registers for the start of the process. */
export function frameworkDecorators(walker: Walker, statement: PyFunction, context: Context): void {
  for (const decorator of statement.decorators) {
    const callee = decorator.kind === "call" ? decorator.callee : decorator;
    const name = calledName(callee, context.scope, walker.values) ?? "";
    const event = decorator.kind === "call" ? literal(decorator.arguments[0]) : null;
    const last = lastOf(name);
    const runs =
      ((last === "on_event" || last === "listener") && event !== null && startupEvents.has(event)) ||
      ["before_serving", "before_server_start", "main_process_start", "on_startup", "startup"].includes(last) ||
      (last === "connect" && celerySignals.test(name.replace(/\.connect$/, "")));
    if (!runs) continue;
    const of = walker.program.functionOf(statement, context.scope, null);
    walker.run(
      { kind: "function", of, self: null },
      decorator,
      context,
      `runs ${statement.name.text}() at start-up`,
      true,
    );
  }
}

/** Classes that a framework constructs and calls at start-up by their base: Django's `AppConfig.ready`. */
export function isFrameworkBase(walker: Walker, of: ClassInfo, context: Context): void {
  if (of.node.bases.length === 0 || of.scope.kind !== "module") return;
  if (!walker.values.bases(of).external.some((name) => name.endsWith("apps.AppConfig") || name.endsWith(".AppConfig")))
    return;
  const scope = scopeOf(of.node, of.scope);
  for (const binding of scope.bindings.get("ready") ?? []) {
    if (binding.kind !== "function") continue;
    const method = walker.program.functionOf(binding.node, scope, of);
    const { name } = binding.node;
    const at: PyExpression = { kind: "name", name: name.text, start: name.start, end: name.end };
    walker.run({ kind: "function", of: method, self: of }, at, context, `runs ${of.qualified}.ready() at start-up`);
  }
}

/**
 * Modules that a Django settings module names by strings, in Django's order: the configurations of all applications, then the models of all.
 * A cycle of imports works or fails by that order.
 */
export function startupAttributes(walker: Walker, module: ModuleInfo, around: Context): void {
  const settings = settingsOf(module);
  if (settings === null) return;
  const { body, scope } = settings;
  const context = { ...around, scope };
  const named = (name: string): Item[] =>
    body.flatMap((statement) => {
      const value = statement.kind === "assign" || statement.kind === "augmented" ? statement.value : null;
      const target =
        statement.kind === "assign" ? statement.targets[0] : statement.kind === "augmented" ? statement.target : null;
      return value && target?.kind === "name" && target.name === name ? itemsOf(walker, value, context) : [];
    });
  const homes = named("INSTALLED_APPS").map((item) => ({ ...item, home: installedApp(walker, item, context) }));
  for (const { text, node, home } of homes) {
    if (home !== null) walker.importNamed(`${home}.models`, node, context, `installs ${text}`, true);
  }
  for (const { text, node } of named("MIDDLEWARE")) importParent(walker, text, node, context);
  const root = scope.bindings.get("ROOT_URLCONF")?.at(-1);
  if (root?.kind === "value" && root.value.kind === "string") importUrls(walker, root.value, context, new Set());
}

/**
 * Where a module says what it installs: settings are often split, so it may say nothing else. With django-configurations and its like they
 * are attributes of a class (django-configurations.readthedocs.io); the first that has them is what those of each environment stand on.
 */
function settingsOf({ scope, syntax }: ModuleInfo): { body: readonly PyStatement[]; scope: Scope } | null {
  if (scope.bindings.has("INSTALLED_APPS")) return { body: syntax.body, scope };
  for (const statement of syntax.body) {
    if (statement.kind !== "class" || statement.bases.length === 0) continue;
    const own = scopeOf(statement, scope);
    if (own.bindings.has("INSTALLED_APPS")) return { body: statement.body, scope: own };
  }
  return null;
}

/** The URLs of a Django site, which its first request imports, and those that they include by name. */
function importUrls(walker: Walker, node: PyExpression, context: Context, seen: Set<string>): void {
  const dotted = literal(node);
  if (dotted === null || !/^\w+(?:\.\w+)+$/.test(dotted) || seen.has(dotted)) return;
  seen.add(dotted);
  const later: Context = context.level === "start-up" ? { ...context, level: "call", nameLevel: "call" } : context;
  const search = walker.importNamed(dotted, node, later, `serves the URLs of ${dotted}`, true);
  const module = search?.path ? walker.program.load(search.path) : null;
  if (!module) return;
  const visit = (at: PyExpression): void => {
    if (at.kind === "call" && dottedText(at.callee)?.split(".").at(-1) === "include" && at.arguments[0])
      importUrls(walker, at.arguments[0], { ...later, scope: module.scope }, seen);
    childExpressions(at).forEach(visit);
  };
  for (const statement of module.syntax.body) expressionsOf(statement).forEach(visit);
}

/** A text of a list, at its place. */
interface Item {
  text: string;
  node: PyExpression;
}

function itemsOf(walker: Walker, value: PyExpression, context: Context): Item[] {
  if (value.kind === "list" || value.kind === "tuple") {
    return value.items.flatMap((node) => walker.values.strings(node, context.scope).map((text) => ({ text, node })));
  }
  return walker.values.strings(value, context.scope).map((text) => ({ text, node: value }));
}

function importParent(walker: Walker, text: string, node: PyExpression, context: Context): void {
  const dot = text.lastIndexOf(".");
  if (dot > 0) walker.importNamed(text.slice(0, dot), node, context, `names ${text}`);
}

/** Imports an application's configuration; the package that it is the configuration of, null where it is none of this repository. */
function installedApp(walker: Walker, { text, node }: Item, context: Context): string | null {
  if (!/^[\w.]+$/.test(text)) return null;
  const dot = text.lastIndexOf(".");
  const isClass = /^[A-Z]/.test(text.slice(dot + 1)) && dot > 0;
  const module = isClass ? text.slice(0, dot) : text;
  const search = walker.importNamed(module, node, context, `installs ${text}`);
  if (!search) return null;
  if (isClass) return configuredPackage(walker, search, text.slice(dot + 1)) ?? module.replace(/\.apps$/, "");
  walker.importNamed(`${module}.apps`, node, context, `installs ${text}`, true);
  return module;
}

/** What an `AppConfig` says in `name`: it may lie anywhere. */
function configuredPackage(walker: Walker, { path }: ModuleSearch, className: string): string | null {
  const module = path === null ? null : walker.program.load(path);
  const value = module ? walker.values.member(module, className) : null;
  if (value?.kind !== "class") return null;
  const scope = scopeOf(value.of.node, value.of.scope);
  for (const statement of value.of.node.body) {
    const target = statement.kind === "assign" ? statement.targets[0] : null;
    if (statement.kind !== "assign" || target?.kind !== "name" || target.name !== "name") continue;
    return walker.values.strings(statement.value, scope)[0] ?? null;
  }
  return null;
}
