import type { Expression } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import { methodOf } from "./classes.ts";
import { noteEnvironmentRead } from "./environment-reads.ts";
import type { Call, Context, Lowering, Use } from "./lower.ts";
import { runModule } from "./lower-imports.ts";
import { lowerComprehension } from "./lower-loops.ts";
import {
  calleeNames,
  heldCoroutine,
  lowerArguments,
  lowerCalleeObject,
  runArgument,
  runFunction,
  startBeside,
} from "./lower-runs.ts";
import { importedModule, memberOf } from "./members.ts";
import { infoOf } from "./program.ts";
import { gathered, waits } from "./python-waits.ts";
import { boundParameters } from "./results.ts";
import { readsSession } from "./sessions.ts";
import { eachTerm, seq, together } from "./terms.ts";
import { noEnvironment, type Value, writtenName } from "./values.ts";

/**
 * What well-known calls of Python do with coroutines and functions. Semantics: the asyncio, anyio, Starlette, FastAPI and
 * Django documentation.
 */

/** Whether the last part of a dotted name is one of these. */
const isLast = (name: string, ...parts: readonly string[]): boolean =>
  parts.includes(name.slice(name.lastIndexOf(".") + 1));

const createsTask = ["create_task", "ensure_future"] as const;
const startsSoon = ["start_soon", "spawn", "submit"] as const;
const runsToEnd = /(?:^|\.)(?:asyncio\.run|uvloop\.run|run_until_complete|run_coroutine_threadsafe)$/;
const runsFunction = /^(?:anyio|trio|curio)\.run$/;
const waitsForFirst = ["wait_for", "shield", "create_task", "ensure_future", "timeout"] as const;
const runsInThread = ["to_thread", "run_in_threadpool", "run_sync", "start"] as const;
const servesApp = /^(?:uvicorn\.run|hypercorn\.run|granian\.run)$/;
const setsUpDjango =
  /(?:^|\.)(?:django\.setup|get_wsgi_application|get_asgi_application|execute_from_command_line|get_default_application)$/;
const registersOnly = [
  "add_middleware",
  "include_router",
  "add_api_route",
  "add_route",
  "add_websocket_route",
  "mount",
  "add_exception_handler",
  "add_url_rule",
  "register_blueprint",
  "add_job",
  "signal",
  "add_signal_handler",
  "register",
  "add_task",
  "before_request",
  "add_handler",
  "add_done_callback",
  "Depends",
  "Middleware",
  "Route",
  "Mount",
] as const;

const nameOf = (at: Call, target: Value | null): string =>
  target?.kind === "external" ? target.name : target === null ? writtenName(at.callee) : "";

/** The value of `await x` where `x` is a well-known combinator; false: an ordinary awaitable. */
export function pythonAwaitable(lowering: Lowering, at: Expression, context: Context, out: Term[]): boolean {
  if (at.kind === "list") {
    out.push({ kind: "par", members: at.items.map((item) => member(lowering, item, context)) });
    return true;
  }
  if (at.kind === "comprehension") {
    const rounds = lowerComprehension(lowering, at, context, (element, inner, into) =>
      lowering.awaitable(element, inner, into),
    );
    out.push({ kind: "par", members: rounds });
    return true;
  }
  if (at.kind !== "call") return false;
  const target = lowering.resolver.evaluate(at.callee, context.frame);
  const name = nameOf(at, target);
  const first = at.args[0]?.value;
  if (isLast(name, "gather") || /^asyncio\.(?:wait|as_completed)$/.test(name)) {
    const guarded = at.args.some(
      (one) => one.name === "return_exceptions" && one.value.kind === "constant" && one.value.text === "True",
    );
    const members = at.args
      .filter((one) => one.name === undefined)
      .flatMap((one) => membersOf(lowering, one.value, context, one.spread === 1 || !name.endsWith("gather")));
    out.push(...together(members, guarded));
    return true;
  }
  if (isLast(name, ...waitsForFirst) && first && target?.kind !== "function") {
    lowering.awaitable(first, context, out);
    return true;
  }
  if (isLast(name, ...runsInThread) && first && target?.kind !== "function") {
    for (const argument of at.args.slice(1)) lowering.expression(argument.value, context, out, {});
    if (runArgument(lowering, first, at, context, out, { awaited: true }, at.args.slice(1))) return true;
    return false;
  }
  if (isLast(name, "run_in_executor") && at.args[1]) {
    return runArgument(lowering, at.args[1].value, at, context, out, { awaited: true }, at.args.slice(2));
  }
  if (at.callee.kind === "call" && isLast(writtenName(at.callee.callee), "sync_to_async")) {
    return runArgument(lowering, at.callee.args[0]?.value, at, context, out, { awaited: true }, at.args);
  }
  return false;
}

/** `stack.enter_context(manager())`: what entering does. */
function entersContext(lowering: Lowering, name: string, first: Expression, context: Context, out: Term[]): boolean {
  if (!/(?:^|\.)enter_(?:async_)?context$/.test(name) || first.kind !== "call") return false;
  const manager = lowering.resolver.evaluate(first.callee, context.frame);
  if (manager?.kind !== "function" || !manager.of.node.isGenerator) return false;
  lowerArguments(lowering, first, context, out);
  const env = boundParameters(lowering.resolver, manager, first, context.frame);
  const mode = name.endsWith("enter_async_context") ? "await" : "sync";
  const names = calleeNames(manager, first.callee);
  const site = lowering.site(context.module, first, "call", names, { mode, own: true });
  out.push({ kind: "call", site, target: lowering.functionKey(manager, env, "enter") });
  return true;
}

function member(lowering: Lowering, at: Expression, context: Context): Term {
  const terms: Term[] = [];
  lowering.awaitable(at, context, terms);
  return seq(terms);
}

/** The members that one argument of `gather` brings: itself, or the items of what is spread. */
function membersOf(lowering: Lowering, at: Expression, context: Context, spread: boolean): Term[] {
  if (!spread) {
    if (at.kind === "name") {
      const held = heldCoroutine(lowering, at, context);
      if (!held) return [{ kind: "join", handle: writtenName(at) }];
    }
    return [member(lowering, at, context)];
  }
  if (at.kind === "list") return at.items.flatMap((item) => membersOf(lowering, item, context, item.kind === "spread"));
  if (at.kind === "spread") return membersOf(lowering, at.of, context, true);
  if (at.kind === "comprehension") {
    return lowerComprehension(lowering, at, context, (element, inner, into) =>
      lowering.awaitable(element, inner, into),
    );
  }
  if (at.kind === "name") {
    const known = lowering.resolver.bindings(at.name, context.frame.scope)?.found ?? [];
    const only = known.length === 1 ? known[0] : undefined;
    const tasks: Term = { kind: "join", handle: at.name };
    if (only?.kind === "value" && (only.value?.kind === "list" || only.value?.kind === "comprehension")) {
      const items = only.value.kind === "list" ? only.value.items : [];
      const startsTasks = items.some(
        (item) => item.kind === "call" && isLast(writtenName(item.callee), ...createsTask),
      );
      if (startsTasks) return [tasks];
      if (only.value.kind === "comprehension") {
        const { element } = only.value;
        if (element.kind === "call" && isLast(writtenName(element.callee), ...createsTask)) return [tasks];
      }
      const later = gathered(lowering, at.name, context).map((one) => member(lowering, one, context));
      return [...membersOf(lowering, only.value, context, true), ...later, tasks];
    }
    const value = lowering.resolver.evaluate(at, context.frame);
    if (value?.kind === "list") {
      const inner = { ...context, module: value.frame.scope.module, frame: value.frame };
      return [...value.items.flatMap((item) => membersOf(lowering, item, inner, item.kind === "spread")), tasks];
    }
    return [...gathered(lowering, at.name, context).map((one) => member(lowering, one, context)), tasks];
  }
  if (at.kind === "call" && at.args.length === 0 && at.callee.kind === "attribute" && at.callee.name === "values")
    return [{ kind: "join", handle: writtenName(at.callee.of) }];
  const terms: Term[] = [];
  lowering.expression(at, context, terms, {});
  return terms.length > 0 ? [seq(terms)] : [];
}

/** A well-known call that is not (yet) awaited; false: an ordinary call. */
export function pythonCall(
  lowering: Lowering,
  at: Call,
  target: Value | null,
  context: Context,
  out: Term[],
  use: Use,
): boolean {
  const name = nameOf(at, target);
  if (name === "") return false;
  const first = at.args[0]?.value;
  const { resolver } = lowering;
  if (first?.kind === "string") noteEnvironmentRead(lowering, at, first.value ?? "", context, out);
  waits(at, name, out);
  if (first && entersContext(lowering, name, first, context, out)) return true;
  if (isLast(name, ...createsTask) && first) {
    const body: Term[] = [];
    lowering.awaitable(first, context, body);
    startBeside(body, "task", out, held(at, context, use));
    return true;
  }
  if (isLast(name, ...startsSoon) && first) {
    const body: Term[] = [];
    if (runArgument(lowering, first, at, context, body, { awaited: true }, at.args.slice(1))) {
      startBeside(body, name.endsWith("submit") ? "thread" : "task", out, held(at, context, use));
      return true;
    }
    return false;
  }
  if (isLast(name, "append", "add") && first?.kind === "call" && at.callee.kind === "attribute") {
    const list = writtenName(at.callee.of);
    if (isLast(writtenName(first.callee), ...createsTask) || isLast(writtenName(first.callee), ...startsSoon)) {
      lowering.expression(first, context, out, { handle: list });
      return true;
    }
    // A coroutine in a list runs where the list is gathered.
    const kept = resolver.evaluate(first.callee, context.frame);
    if (kept?.kind === "function" && lowering.isAsync(kept.of)) {
      lowerArguments(lowering, first, context, out);
      return true;
    }
  }
  if (runsToEnd.test(name) && first) {
    lowering.awaitable(first, context, out);
    return true;
  }
  if (runsFunction.test(name))
    return runArgument(lowering, first, at, context, out, { awaited: true }, at.args.slice(1));
  if (isLast(name, "async_to_sync")) return false;
  if (at.callee.kind === "call" && isLast(writtenName(at.callee.callee), "async_to_sync")) {
    return runArgument(lowering, at.callee.args[0]?.value, at, context, out, { awaited: true }, at.args);
  }
  if (isLast(name, "gather") && !use.awaited) {
    const body: Term[] = [];
    pythonAwaitable(lowering, at, context, body);
    startBeside(body, "task", out, use);
    return true;
  }
  if (isLast(name, "run_in_executor") && at.args[1]) {
    const body: Term[] = [];
    if (!runArgument(lowering, at.args[1].value, at, context, body, { awaited: true }, at.args.slice(2))) return false;
    startBeside(body, "thread", out, use);
    return true;
  }
  if (isLast(name, "call_soon", "call_later", "call_at", "Timer")) {
    const callback = at.args.find((one) => resolver.evaluate(one.value, context.frame)?.kind === "function");
    const body: Term[] = [];
    if (runArgument(lowering, callback?.value, at, context, body, {}))
      startBeside(body, "callback", out, { statement: true });
    return true;
  }
  if (isLast(name, "Thread")) {
    const work = at.args.find((one) => one.name === "target");
    const body: Term[] = [];
    if (runArgument(lowering, work?.value, at, context, body, { awaited: true })) startBeside(body, "thread", out, use);
    return true;
  }
  if (
    isLast(name, "import_module") &&
    first?.kind === "string" &&
    first.value !== null &&
    !first.value.startsWith(".")
  ) {
    runModule(lowering, at, first.value, 0, [first.value], context, out);
    return true;
  }
  if (servesApp.test(name)) {
    lowerArguments(lowering, at, context, out);
    const app = first ? served(lowering, first, context) : null;
    const site = lowering.site(context.module, at, "call", [name], { mode: "sync" });
    out.push({ kind: "call", site, target: app === null ? null : startupKey(lowering, app, context) });
    return true;
  }
  if (setsUpDjango.test(name)) {
    lowerArguments(lowering, at, context, out);
    for (const value of lowering.ready())
      runFunction(lowering, value, null, at, [value.of.qualified], context, out, { awaited: true });
    out.push(lowering.event(context, at, "call", [name]));
    return true;
  }
  if (isApplication(name)) {
    noteApplication(lowering, at, context);
    lowerArguments(lowering, at, context, out);
    out.push(lowering.event(context, at, "call", calleeNames(target, at.callee)));
    return true;
  }
  if (isLast(name, "add_event_handler") && first?.kind === "string" && first.value === "startup" && at.args[1]) {
    const value = resolver.evaluate(at.args[1].value, context.frame);
    const on = target?.kind === "external" && target.on?.kind === "made" ? target.on.id : "";
    if (value) lowering.app(on).startup.push({ value, place: { module: context.module, span: at } });
    out.push(lowering.event(context, at, "call", calleeNames(target, at.callee)));
    return true;
  }
  if (/(?:^|\.)on_startup\.append$/.test(name) && first && target?.kind === "external") {
    const value = resolver.evaluate(first, context.frame);
    const on = target.on?.kind === "made" ? target.on.id : "";
    if (value) lowering.app(on).startup.push({ value, place: { module: context.module, span: at } });
    out.push(lowering.event(context, at, "call", calleeNames(target, at.callee)));
    return true;
  }
  if (isLast(name, ...registersOnly)) {
    lowerCalleeObject(lowering, at, context, out);
    for (const one of at.args) if (one.value.kind !== "name") lowering.expression(one.value, context, out, {});
    const receiver = target?.kind === "external" && target.on?.kind === "made" ? target.on.id : undefined;
    const role = name.endsWith(".add_middleware") && first ? middlewareRole(lowering, first, context) : undefined;
    out.push(
      lowering.event(context, at, "call", calleeNames(target, at.callee), {
        ...(receiver === undefined ? {} : { receiver }),
        ...(role === undefined ? {} : { role }),
      }),
    );
    return true;
  }
  return false;
}

/** Whether a middleware class gives sessions or reads them. */
export function middlewareRole(
  lowering: Lowering,
  at: Expression,
  context: Context,
): "session" | "session-reader" | undefined {
  const value = lowering.resolver.evaluate(at, context.frame);
  if (value?.kind === "external") return isLast(value.name, "SessionMiddleware") ? "session" : undefined;
  if (value?.kind !== "class") return undefined;
  const method = methodOf(lowering.resolver, value.of, "dispatch") ?? methodOf(lowering.resolver, value.of, "__call__");
  return method && readsSession(method.node.body) ? "session-reader" : undefined;
}

/** Who can wait for a task: its variable or list, or the group that it is started in. */
function held(at: Call, context: Context, use: Use): Use {
  const group = at.callee.kind === "attribute" ? writtenName(at.callee.of) : "";
  const members = context.groups.get(group);
  if (members === undefined) return use;
  if (use.handle === undefined) return { handle: group };
  members.add(use.handle);
  return use;
}

const isApplication = (name: string): boolean =>
  /^(?:fastapi\.(?:applications\.)?(?:FastAPI|APIRouter)|fastapi\.routing\.APIRouter|starlette\.applications\.Starlette|starlette\.routing\.Router|litestar\.Litestar)$/.test(
    name,
  );

/** Notes `lifespan=` and `on_startup=` of an application that is being made. */
function noteApplication(lowering: Lowering, at: Call, context: Context): void {
  const id = `${context.module.path}:${at.start}`;
  const app = lowering.app(id);
  for (const argument of at.args) {
    if (argument.name === "lifespan") {
      const value = lowering.resolver.evaluate(argument.value, context.frame);
      if (value) app.lifespan = { value, place: { module: context.module, span: argument.value } };
    } else if (argument.name === "on_startup") {
      const list = lowering.resolver.evaluate(argument.value, context.frame);
      if (list?.kind !== "list") continue;
      for (const item of list.items) {
        const value = lowering.resolver.evaluate(item, list.frame);
        const place = { module: list.frame.scope.module, span: argument.value };
        if (value && !app.startup.some((one) => one.value === value)) app.startup.push({ value, place });
      }
    }
  }
}

/** The application that a server is given: the object, or its name in a string. */
export function served(lowering: Lowering, at: Expression, context: Context): Value | null {
  const value = lowering.resolver.evaluate(at, context.frame);
  if (value?.kind !== "text") return value;
  const [path, attribute] = value.value.split(":");
  if (!path || !attribute) return null;
  const module = importedModule(lowering.resolver, context.module, path, 0);
  return module?.kind === "module" ? memberOf(lowering.resolver, module.of, attribute.replace(/\(.*/, "")) : null;
}

/** The function that stands for "the server starts this application": its lifespan up to `yield`, else its handlers in order. */
export function startupKey(lowering: Lowering, app: Value | null, context: Context): string {
  const id = app?.kind === "made" ? app.id : null;
  const { module } = context;
  const key = `startup:${id ?? "*"}:${module.path}`;
  return lowering.synthetic(key, "start of the application", module, { start: 0, end: 0 }, () => {
    const out: Term[] = [];
    // Handlers are known when everything before has been lowered: ask again at the very end of the queue.
    const term: Term = { kind: "seq", items: out };
    lowering.later(() => {
      const all =
        id === null
          ? [...lowering.apps.values()]
          : [...lowering.apps.values()].filter((one) => one.id === id || one.id === "");
      const made: Term[] = [];
      for (const one of all) {
        made.push(
          lowering.event(context, { start: 0, end: 0 }, "call", [], { role: "application-start", receiver: one.id }),
        );
        if (one.lifespan !== null) lifespan(lowering, one.lifespan, app, context, made);
        else
          for (const handler of inRunOrder(lowering, one.startup, context))
            startupHandler(lowering, handler, context, made);
      }
      out.push(seq(made));
    });
    return term;
  });
}

type Registered = { value: Value; place: { module: Context["module"]; span: { start: number; end: number } } };

/** Handlers by when they are registered: modules are lowered in another order than they are run in. */
function inRunOrder(lowering: Lowering, handlers: readonly Registered[], context: Context): readonly Registered[] {
  if (new Set(handlers.map((one) => one.place.module)).size < 2) return handlers;
  const order = new Map<string, number>();
  const seen = new Set<string>();
  const visit = (key: string, depth: number): void => {
    const made = lowering.functions.get(key);
    if (made === undefined || seen.has(key) || depth > deepestRegistration) return;
    seen.add(key);
    eachTerm(made.term, (term) => {
      if (term.kind !== "call") return;
      const { path, start } = term.site.place;
      if (!order.has(`${path}:${start}`)) order.set(`${path}:${start}`, order.size);
      if (term.target !== null) visit(term.target, depth + 1);
    });
  };
  visit(lowering.moduleKey(context.module, context.isMain), 0);
  const rank = ({ place }: Registered) => order.get(`${place.module.path}:${place.span.start}`);
  if (handlers.some((one) => rank(one) === undefined)) return handlers;
  return [...handlers].sort((a, b) => rank(a)! - rank(b)!);
}

const deepestRegistration = 500;

function lifespan(lowering: Lowering, registered: Registered, app: Value | null, context: Context, out: Term[]): void {
  const { value, place } = registered;
  if (value.kind !== "function") {
    // A class with __aenter__, or a lifespan of another package around one of ours.
    if (value.kind === "made" && value.call) {
      for (const argument of value.call.args) {
        const inner = value.frame ? lowering.resolver.evaluate(argument.value, value.frame) : null;
        if (inner?.kind === "function" && inner.of.node.isGenerator)
          lifespan(lowering, { value: inner, place }, app, context, out);
      }
    }
    return;
  }
  const env = new Map(boundParameters(lowering.resolver, value, null, context.frame));
  const parameter = value.of.node.parameters[value.of.class !== null && value.self !== null ? 1 : 0];
  if (parameter && app?.kind === "made") env.set(`${value.of.id}:${parameter.name}`, app);
  const site = lowering.site(place.module, place.span, "call", [value.of.qualified], { mode: "await", own: true });
  const part = value.of.node.isGenerator ? "enter" : "";
  out.push({ kind: "call", site, target: lowering.functionKey(value, env, part) });
}

function startupHandler(lowering: Lowering, registered: Registered, context: Context, out: Term[]): void {
  const { value, place } = registered;
  const inner = { ...context, module: place.module, frame: { scope: place.module.scope, env: noEnvironment } };
  if (value.kind === "function") {
    runFunction(lowering, value, null, place.span, [value.of.qualified], inner, out, { awaited: true });
  } else if (value.kind === "external") {
    out.push(lowering.event(inner, place.span, "call", [value.name], { mode: "await" }));
  }
}

/** Functions that a decorator of Celery's or Flask's signals registers: `@worker_init.connect`. */
export function workerHandlers(
  lowering: Lowering,
): { module: Context["module"]; span: { start: number; end: number }; value: Value }[] {
  const found: { module: Context["module"]; span: { start: number; end: number }; value: Value }[] = [];
  for (const module of lowering.resolver.program.loaded()) {
    for (const fn of module.functions) {
      for (const decorator of fn.node.decorators) {
        if (/(?:^|\.)worker_(?:init|process_init|ready)\.connect(?:\(\))?$/.test(writtenName(decorator))) {
          const info = infoOf(fn.node);
          if (info)
            found.push({
              module,
              span: decorator,
              value: { kind: "function", of: info, self: null, env: noEnvironment },
            });
        }
      }
    }
  }
  return found;
}
