import type { Argument, CodeFunction, Expression } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import { methodOf } from "./classes.ts";
import type { Call, Context, Lowering, Use } from "./lower.ts";
import { runModule } from "./lower-imports.ts";
import { bindLoopTarget, literalTable } from "./lower-loops.ts";
import {
  calleeNames,
  lowerArguments,
  lowerCalleeObject,
  lowerPlainCall,
  runArgument,
  startBeside,
} from "./lower-runs.ts";
import { attributeOf } from "./members.ts";
import { eachExpression, eachStatement, expressionsOf } from "./program.ts";
import { boundParameters } from "./results.ts";
import { seq, together } from "./terms.ts";
import { type Frame, receiverOf, type Value, writtenName } from "./values.ts";

/**
 * What well-known calls of JavaScript do with promises and callbacks. Semantics: ECMAScript, Node's documentation, Fastify's
 * `register`, Express and Koa.
 */

const combinators = /^Promise\.(?:all|allSettled|race|any)$/;
/** Methods of other packages that give a promise whatever the package. */
const asyncMethods =
  /^(?:connect|\$connect|authenticate|initialize|sync|latest|login|createConnection|connectMicroservice|startAllMicroservices)$/;
const iterators = /^(?:forEach|map|flatMap|filter|some|every|find|findIndex|reduce|sort)$/;
const collects = /^(?:push|unshift|add|set)$/;
const startEvents = /^(?:open|connect|connected|ready|listening|initialized|init)$/;
const ignoredEvents =
  /^(?:error|close|end|exit|beforeExit|disconnect|disconnected|disconnecting|reconnect\w*|SIG\w+|uncaughtException|unhandledRejection|warning|message|data|request|response|upgrade|connection|finish|drain|timeout|change|add|unlink|rejectionHandled|multipleResolves|reconnecting)$/;
const registrations =
  /^(?:get|post|put|delete|patch|head|options|all|any|use|route|param|addHook|decorate|decorateRequest|decorateReply|setErrorHandler|setNotFoundHandler|addContentTypeParser|addSchema|engine|set|enable|disable|locals|ws|useGlobalPipes|useGlobalFilters|useGlobalInterceptors|useGlobalGuards|addProvider|describe|it|test)$/;
const callbackRunners =
  /^(?:listen|connect|start|open|authenticate|sync|initialize|ready|bootstrap|launch|init|login|createServer)$/;

const lastOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

const nameOf = (at: Call, target: Value | null): string =>
  target?.kind === "external" ? target.name : target === null ? writtenName(at.callee) : "";

/** The value of `await x` where it needs more than the call itself. */
export function javascriptAwaitable(lowering: Lowering, at: Expression, context: Context, out: Term[]): boolean {
  if (at.kind !== "list") return false;
  out.push({ kind: "par", members: at.items.map((item) => memberOf(lowering, item, context)) });
  return true;
}

function memberOf(lowering: Lowering, at: Expression, context: Context): Term {
  const terms: Term[] = [];
  lowering.awaitable(at, context, terms);
  return seq(terms);
}

/** Whether an expression that a function returns is a promise for certain. */
export function isPromiseCall(lowering: Lowering, at: Expression, frame: Frame): boolean {
  if (at.kind !== "call") return false;
  if (at.callee.kind === "name" && at.callee.name === "Promise" && at.isNew) return true;
  if (at.callee.kind === "attribute" && /^(?:then|catch|finally)$/.test(at.callee.name)) return true;
  if (combinators.test(writtenName(at.callee)) || /^Promise\.(?:resolve|reject)$/.test(writtenName(at.callee)))
    return true;
  const target = lowering.resolver.evaluate(at.callee, frame);
  if (target?.kind === "function") return lowering.isAsync(target.of);
  return (target === null || target.kind === "external") && asyncMethods.test(lastOf(writtenName(at.callee)));
}

/** A well-known call; false: an ordinary one. */
export function javascriptCall(
  lowering: Lowering,
  at: Call,
  target: Value | null,
  context: Context,
  out: Term[],
  use: Use,
): boolean {
  const { callee } = at;
  const { resolver } = lowering;
  if (callee.kind === "attribute" && /^(?:then|catch|finally)$/.test(callee.name) && target?.kind !== "function") {
    const body: Term[] = [];
    chain(lowering, at, callee.of, callee.name, context, body);
    if (use.awaited) out.push(seq(body));
    else startBeside(body, "now", out, use);
    return true;
  }
  if (target?.kind === "function" || target?.kind === "class") return false;
  const name = nameOf(at, target);
  const last = lastOf(name);
  const first = at.args[0]?.value;
  if (
    callee.kind === "name" &&
    (callee.name === "require" || callee.name === "import") &&
    first?.kind === "string" &&
    first.value !== null
  ) {
    runModule(lowering, at, first.value, 0, [first.value], context, out);
    return true;
  }
  if (combinators.test(name)) {
    const members = at.args.flatMap((one) => membersOf(lowering, one.value, context));
    const whole = together(members, name === "Promise.allSettled");
    if (use.awaited) out.push(...whole);
    else startBeside(whole, "now", out, use);
    return true;
  }
  if (name === "events.once") {
    lowerArguments(lowering, at, context, out);
    if (use.awaited) out.push({ kind: "join-any" });
    return true;
  }
  if (at.isNew && callee.kind === "name" && callee.name === "Promise" && first) {
    const body: Term[] = [];
    runArgument(lowering, first, at, { ...context, inExecutor: true }, body, { awaited: true });
    if (listens(first)) body.push({ kind: "join-any" });
    if (use.awaited) out.push(...body);
    else startBeside(body, "now", out, use);
    return true;
  }
  // What a timer repeats begins after the start, and does again whatever it needs each time.
  if (name === "setInterval") return true;
  if (/^(?:setTimeout|setImmediate|queueMicrotask|process\.nextTick)$/.test(name)) {
    const body: Term[] = [];
    if (first) runArgument(lowering, first, first, context, body, {});
    if (name === "setTimeout") for (const term of body) markTimer(term);
    startBeside(body, "callback", out, { statement: true });
    return true;
  }
  if (callee.kind !== "attribute") return false;
  if (collects.test(last)) {
    // What is put into a collection is waited for by the collection's name.
    lowerCalleeObject(lowering, at, context, out);
    for (const one of at.args) lowering.expression(one.value, context, out, { handle: writtenName(callee.of) });
    lowerPlainCall(lowering, at, target, context, out, use);
    return true;
  }
  if (iterators.test(last) && first && resolver.evaluate(first, context.frame)?.kind === "function") {
    for (const term of iteration(lowering, at, callee.of, first, context, last === "forEach" ? {} : use))
      out.push(term);
    return true;
  }
  if (
    /^(?:on|once|addListener|addEventListener|prependListener)$/.test(last) &&
    first?.kind === "string" &&
    at.args[1]
  ) {
    listener(lowering, at, first.value ?? "", name, target, context, out);
    return true;
  }
  const receiver = receiverIn(lowering, target, context);
  const more = receiver === undefined ? {} : { receiver };
  const names = calleeNames(target, callee);
  const isFastify = name.startsWith("fastify");
  if (last === "register" && isFastify && first) {
    lowerCalleeObject(lowering, at, context, out);
    const body: Term[] = [];
    const own = target?.kind === "external" && target.on ? target.on : null;
    plugin(lowering, at, first, own, context, body);
    out.push(lowering.event(context, at, "call", names, { ...more, mode: use.awaited ? "await" : "sync" }));
    startBeside(body, "queued", out, { statement: true });
    if (use.awaited) out.push({ kind: "join-queue" });
    return true;
  }
  if (isFastify && /^(?:listen|ready|after)$/.test(last)) out.push({ kind: "join-queue" });
  if (last === "listen" || last === "init") nestHooks(lowering, target, at, context, out);
  const role = roleOf(lowering, at, name, last, context);
  if (
    registrations.test(last) &&
    at.args.some(
      (one) => one.value.kind === "function" || resolver.evaluate(one.value, context.frame)?.kind === "function",
    )
  ) {
    lowerCalleeObject(lowering, at, context, out);
    for (const one of at.args) {
      if (one.value.kind !== "function" && one.value.kind !== "name") lowering.expression(one.value, context, out, {});
    }
    out.push(lowering.event(context, at, "call", names, { ...more, role }));
    return true;
  }
  if (role === "route" || role === "reads") {
    lowerCalleeObject(lowering, at, context, out);
    lowerArguments(lowering, at, context, out);
    out.push(lowering.event(context, at, "call", names, { ...more, role }));
    return true;
  }
  const callback = at.args.find((one) => resolver.evaluate(one.value, context.frame)?.kind === "function");
  const isAsync = asyncMethods.test(last) && !context.inExecutor;
  if (callbackRunners.test(last) || isAsync) {
    lowerCalleeObject(lowering, at, context, out);
    for (const one of at.args) if (one !== callback) lowering.expression(one.value, context, out, {});
    const mode = use.awaited ? "await" : isAsync ? "float" : "sync";
    const event: Term = lowering.event(context, at, at.isNew ? "new" : "call", names, { ...more, mode });
    if (mode === "float") startBeside([event], "now", out, use);
    else out.push(event);
    if (callback && last !== "createServer") {
      const body: Term[] = [];
      runArgument(lowering, callback.value, callback.value, context, body, {});
      startBeside(body, "callback", out, { statement: true }, true);
    }
    return true;
  }
  return false;
}

/** Whether the function given to `new Promise` waits for an event of somebody else. */
function listens(at: Expression): boolean {
  if (at.kind !== "function") return false;
  let found = false;
  eachStatement(at.of.body, (statement) => {
    for (const one of expressionsOf(statement)) {
      eachExpression(one, (each) => {
        if (each.kind !== "call" || each.callee.kind !== "attribute") return;
        found ||= /^(?:on|once|addListener|addEventListener|subscribe)$/.test(each.callee.name);
      });
    }
  });
  return found;
}

const verbs = /^(?:get|post|put|delete|patch|head|options|all|route)$/;

/** What an Express or Koa registration is: a route or router, an error handler (four parameters), a setting that is read. */
/** Says of the call of a callback that a timer makes it. */
function markTimer(term: Term): void {
  if (term.kind === "call") term.site.role ??= "timer";
  else if (term.kind === "spawn") markTimer(term.body);
}

function roleOf(lowering: Lowering, at: Call, name: string, last: string, context: Context): string | undefined {
  if (!/^(?:express|koa|@koa\/router|koa-router)(?:\.|$)/.test(name)) return undefined;
  if (verbs.test(last)) return at.args.length < 2 && last === "get" ? "reads" : "route";
  if (last !== "use") return undefined;
  let path = false;
  for (const argument of at.args) {
    const value = lowering.resolver.evaluate(argument.value, context.frame);
    if (value?.kind === "function" && value.of.node.parameters.length === 4 && name === "express.use")
      return "error-handler";
    if (value?.kind === "function" && name === "koa.use" && catchesNext(value.of.node)) return "catcher";
    if (value?.kind === "text" || argument.value.kind === "string") path = true;
    // A router, or what `router.routes()` gives.
    if (value?.kind === "made" && /^(?:express\.Router|express|@koa\/router|koa-router)(?:\.routes)?$/.test(value.name))
      return "route";
    if (
      path &&
      argument.value.kind !== "string" &&
      (value === null || value.kind === "made" || value.kind === "module")
    )
      return "route";
  }
  return "middleware";
}

/** `try { await next() } catch …`: what a middleware does that handles the errors of those after it. */
function catchesNext(of: CodeFunction): boolean {
  const next = of.parameters[1]?.name;
  let found = false;
  eachStatement(of.body, (statement) => {
    if (statement.kind !== "try" || statement.handlers.length === 0) return;
    eachStatement(statement.body, (inner) => {
      for (const one of expressionsOf(inner)) {
        eachExpression(one, (at) => {
          if (
            at.kind === "await" &&
            at.of.kind === "call" &&
            at.of.callee.kind === "name" &&
            at.of.callee.name === next
          )
            found = true;
        });
      }
    });
  });
  return found;
}

/** `p.then(f, g)`, `p.catch(g)`, `p.finally(h)` to their end. */
function chain(lowering: Lowering, at: Call, of: Expression, name: string, context: Context, out: Term[]): void {
  const inner: Term[] = [];
  lowering.awaitable(of, context, inner);
  const run = (index: number, given: readonly Argument[] = []): Term => {
    const body: Term[] = [];
    const argument = at.args[index]?.value;
    if (argument) runArgument(lowering, argument, argument, context, body, { awaited: true }, given);
    return seq(body);
  };
  const caught = (body: Term, handler: Term, expression: Expression | undefined): Term => {
    const catches = !exits(expression);
    if (catches) for (const term of inner) if ("site" in term) term.site.handled = true;
    return { kind: "try", body, handlers: [{ body: handler, catches }], otherwise: null, finally: null };
  };
  if (name === "catch") out.push(caught(seq(inner), run(0), at.args[0]?.value));
  else if (name === "finally")
    out.push({ kind: "try", body: seq(inner), handlers: [], otherwise: null, finally: run(0) });
  else {
    const first = at.args[1] ? caught(seq(inner), run(1), at.args[1].value) : seq(inner);
    // What `then` hands over is what awaiting the promise gives.
    out.push(first, run(0, [{ value: { kind: "await", start: of.start, end: of.end, of } }]));
  }
}

/** Whether a rejection handler ends the process or throws on. */
function exits(at: Expression | undefined): boolean {
  if (at?.kind !== "function") return at !== undefined && writtenName(at) === "process.exit";
  return at.of.body.some(
    (one) =>
      one.kind === "throw" ||
      ((one.kind === "expression" || one.kind === "return") &&
        one.value?.kind === "call" &&
        writtenName(one.value.callee) === "process.exit"),
  );
}

/** The members of `Promise.all(x)`. */
function membersOf(lowering: Lowering, at: Expression, context: Context): Term[] {
  if (at.kind === "list") {
    return at.items.flatMap((item) =>
      item.kind === "spread"
        ? membersOf(lowering, item.of, context)
        : item.kind === "name"
          ? [{ kind: "join", handle: item.name } as Term]
          : [memberOf(lowering, item, context)],
    );
  }
  if (at.kind === "call" && at.callee.kind === "attribute" && /^(?:map|flatMap)$/.test(at.callee.name) && at.args[0]) {
    const callback = at.args[0].value;
    if (lowering.resolver.evaluate(callback, context.frame)?.kind === "function") {
      return iteration(lowering, at, at.callee.of, callback, context, { awaited: true });
    }
  }
  if (at.kind === "call" && at.callee.kind === "attribute" && at.callee.name === "values") {
    const of = at.args.length === 1 && writtenName(at.callee.of) === "Object" ? at.args[0]?.value : at.callee.of;
    return [{ kind: "join", handle: of ? writtenName(of) : "" }];
  }
  if (at.kind === "name") {
    const known = lowering.resolver.bindings(at.name, context.frame.scope)?.found ?? [];
    const only = known.length === 1 ? known[0] : undefined;
    if (
      only?.kind === "value" &&
      only.value?.kind === "list" &&
      only.value.items.every((item) => item.kind === "name")
    ) {
      return [...membersOf(lowering, only.value, context), { kind: "join", handle: at.name }];
    }
    return [{ kind: "join", handle: at.name }];
  }
  const terms: Term[] = [];
  lowering.expression(at, context, terms, {});
  return terms.length > 0 ? [seq(terms)] : [];
}

/** The rounds of `xs.map(f)`: one by one over a literal table, else a loop. */
function iteration(
  lowering: Lowering,
  at: Call,
  over: Expression,
  callback: Expression,
  context: Context,
  use: Use,
): Term[] {
  const round = (args: { value: Expression }[], inner: Context): Term => {
    const body: Term[] = [];
    runArgument(lowering, callback, callback, inner, body, use, args);
    return seq(body);
  };
  const table = literalTable(lowering, over, context);
  const parameter = callback.kind === "function" ? callback.of.parameters[0] : undefined;
  if (table !== null) {
    return table.items.map((item) => {
      const name: Expression | null = parameter?.name
        ? { kind: "name", start: at.start, end: at.start, name: parameter.name }
        : null;
      const env =
        name === null ? context.frame.env : bindLoopTarget(lowering, name, item, table.frame, context.frame.env);
      const inner = { ...context, frame: { scope: context.frame.scope, env } };
      return round(parameter === undefined ? [{ value: item }] : [], inner);
    });
  }
  const before: Term[] = [];
  lowering.expression(over, context, before, {});
  const body = round([], context);
  return [...before, { kind: "loop", body }];
}

function listener(
  lowering: Lowering,
  at: Call,
  event: string,
  name: string,
  target: Value | null,
  context: Context,
  out: Term[],
): void {
  lowerCalleeObject(lowering, at, context, out);
  const receiver = receiverOf(target);
  const more = {
    ...(receiver === undefined ? {} : { receiver }),
    ...(event === "error" && !exits(at.args[1]?.value) ? { role: "takes-errors" } : {}),
  };
  out.push(lowering.event(context, at, "call", calleeNames(target, at.callee), more));
  if (/^process\./.test(name) || ignoredEvents.test(event)) return;
  const body: Term[] = [];
  const callback = at.args[1]?.value;
  if (callback) runArgument(lowering, callback, callback, context, body, {});
  startBeside(body, "callback", out, { statement: true }, startEvents.test(event));
}

/** The body of a Fastify plugin, its first parameter bound to the instance it is registered on. */
function plugin(
  lowering: Lowering,
  at: Call,
  first: Expression,
  own: Value | null,
  context: Context,
  out: Term[],
): void {
  let value = lowering.resolver.evaluate(first, context.frame);
  if (value?.kind === "made" && value.call?.args[0] && value.frame) {
    // fp(plugin): fastify-plugin gives the same function back.
    value = lowering.resolver.evaluate(value.call.args[0].value, value.frame);
  }
  if (value?.kind === "promise") value = value.of;
  if (value?.kind === "module") value = attributeOf(lowering.resolver, value, "default");
  if (value?.kind !== "function") return;
  const env = new Map(boundParameters(lowering.resolver, value, null, context.frame));
  const parameter = value.of.node.parameters[0];
  if (parameter && own) env.set(`${value.of.id}:${parameter.name}`, own);
  const site = lowering.site(context.module, at, "call", [value.of.qualified], { mode: "await", own: true });
  out.push({ kind: "call", site, target: lowering.functionKey(value, env) });
}

/** The object a call is made on: for a server that was made around an application, the application. */
function receiverIn(lowering: Lowering, target: Value | null, context: Context): string | undefined {
  if (target?.kind !== "external" || target.on?.kind !== "made") return undefined;
  const { on } = target;
  if (/^https?\.createServer$/.test(on.name) && on.call && on.frame) {
    const app = on.call.args
      .map((one) => lowering.resolver.evaluate(one.value, on.frame ?? context.frame))
      .find((one) => one?.kind === "made");
    if (app?.kind === "made" && app.id !== "") return app.id;
  }
  return on.id === "" ? undefined : on.id;
}

/** Nest runs `onModuleInit` of every provider, then `onApplicationBootstrap`, before it listens. */
function nestHooks(lowering: Lowering, target: Value | null, at: Call, context: Context, out: Term[]): void {
  if (target?.kind !== "external" || target.on?.kind !== "made" || !/NestFactory\.create/.test(target.on.name)) return;
  const { on } = target;
  const root = on.call?.args[0] && on.frame ? lowering.resolver.evaluate(on.call.args[0].value, on.frame) : null;
  if (root?.kind !== "class") return;
  const members = nestMembers(lowering, root, new Set());
  for (const hook of ["onModuleInit", "onApplicationBootstrap"]) {
    const terms: Term[] = [];
    for (const one of members) {
      const method = methodOf(lowering.resolver, one.of, hook);
      if (method === null) continue;
      const value: Extract<Value, { kind: "function" }> = {
        kind: "function",
        of: method,
        self: { kind: "instance", of: one.of, id: null },
        env: new Map(),
      };
      const site = lowering.site(context.module, at, "call", [method.qualified], { mode: "await", own: true });
      terms.push({ kind: "call", site, target: lowering.functionKey(value, new Map()) });
    }
    if (terms.length > 0) out.push({ kind: "par", members: terms });
  }
}

/** Modules, providers and controllers that a Nest module brings, imported modules first. */
function nestMembers(
  lowering: Lowering,
  root: Extract<Value, { kind: "class" }>,
  seen: Set<string>,
): Extract<Value, { kind: "class" }>[] {
  if (seen.has(root.of.id)) return [];
  seen.add(root.of.id);
  const found: Extract<Value, { kind: "class" }>[] = [];
  const frame: Frame = { scope: root.of.outer, env: new Map() };
  for (const decorator of root.of.node.decorators) {
    const options =
      decorator.kind === "call" && writtenName(decorator.callee) === "Module" ? decorator.args[0]?.value : undefined;
    if (options?.kind !== "dict") continue;
    for (const key of ["imports", "providers", "controllers"]) {
      const list = options.entries.find((one) => one.key?.kind === "string" && one.key.value === key)?.value;
      if (list?.kind !== "list") continue;
      for (const item of list.items) {
        const value = lowering.resolver.evaluate(item, frame);
        if (value?.kind !== "class") continue;
        if (key === "imports") found.push(...nestMembers(lowering, value, seen));
        else if (!seen.has(value.of.id)) {
          seen.add(value.of.id);
          found.push(value);
        }
      }
    }
  }
  return [...found, root];
}
