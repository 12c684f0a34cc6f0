import type { Argument, Expression, Span } from "../../types/code.ts";
import type { CallMode, FunctionKey, Site, SpawnManner, Term } from "../../types/startup.ts";
import { methodOf } from "./classes.ts";
import { decoratorsCatch, isExit } from "./guards.ts";
import type { Call, Context, FunctionValue, Lowering, Use } from "./lower.ts";
import { type ClassInfo, eachExpression, eachStatement, expressionsOf, placeOf } from "./program.ts";
import { boundParameters } from "./results.ts";
import { guarded, seq } from "./terms.ts";
import { type Frame, noEnvironment, receiverOf, type Value, writtenName } from "./values.ts";

/** The call itself, after its object and arguments. */
export function lowerPlainCall(
  lowering: Lowering,
  at: Call,
  target: Value | null,
  context: Context,
  out: Term[],
  use: Use,
): void {
  const python = context.module.code.language === "python";
  if (target?.kind === "class") {
    lowerConstruct(lowering, at, target.of, context, out);
    return;
  }
  if (target?.kind === "function") {
    runFunction(lowering, target, at, at, calleeNames(target, at.callee), context, out, use);
    return;
  }
  const names = calleeNames(target, at.callee);
  const receiver = receiverOf(target);
  const form: Site["form"] = at.isNew ? "new" : "call";
  const mode: CallMode = use.awaited ? "await" : "sync";
  const more = { mode, ...(receiver === undefined ? {} : { receiver }) };
  const site = lowering.site(context.module, at, form, names, more);
  if (isExit(names[0] ?? "", python)) {
    out.push({ kind: "exit" });
    return;
  }
  if (target === null) {
    const candidates = at.callee.kind === "attribute" ? lowering.candidates(at.callee.name) : [];
    if (candidates.length > 0) {
      const targets = candidates.map((one) =>
        lowering.functionKey({ kind: "function", of: one, self: null, env: noEnvironment }, noEnvironment),
      );
      out.push({ kind: "maybe", site: lowering.site(context.module, at, "call", [], {}), targets });
    }
  }
  noteMentioned(lowering, at, context, out);
  out.push({ kind: "call", site, target: null });
}

/** Functions of this repository that are handed to somebody who may call them. */
function noteMentioned(lowering: Lowering, at: Call, context: Context, out: Term[]): void {
  for (const argument of at.args) {
    if (argument.value.kind === "function") continue;
    const value =
      argument.value.kind === "name" || argument.value.kind === "attribute"
        ? lowering.resolver.evaluate(argument.value, context.frame)
        : null;
    let coroutine: Value | null = null;
    if (argument.value.kind === "call" && context.module.code.language === "python") {
      const target = lowering.resolver.evaluate(argument.value.callee, context.frame);
      if (target?.kind === "function" && lowering.isAsync(target.of)) coroutine = target;
    }
    const fn = value?.kind === "function" ? value : coroutine?.kind === "function" ? coroutine : null;
    if (fn === null) continue;
    out.push({
      kind: "maybe",
      site: lowering.site(context.module, argument.value, "call", [fn.of.qualified], { own: true }),
      targets: [lowering.functionKey(fn, boundParameters(lowering.resolver, fn, null, context.frame))],
    });
  }
}

function lowerConstruct(lowering: Lowering, at: Call, of: ClassInfo, context: Context, out: Term[]): void {
  const python = context.module.code.language === "python";
  const init = methodOf(lowering.resolver, of, python ? "__init__" : "constructor");
  const form: Site["form"] = "new";
  const names = [of.qualified];
  const site = lowering.site(context.module, at, form, names, { own: true, ...(python ? { role: "construct" } : {}) });
  let target: FunctionKey | null = null;
  if (init) {
    const self: Value = { kind: "instance", of, id: `${context.module.path}:${at.start}` };
    const value: FunctionValue = { kind: "function", of: init, self, env: noEnvironment };
    target = lowering.functionKey(value, boundParameters(lowering.resolver, value, at, context.frame));
  }
  out.push({ kind: "call", site, target });
}

/** Runs a function of this repository. `at`: the call with its arguments, where there is one. */
export function runFunction(
  lowering: Lowering,
  value: FunctionValue,
  at: Call | null,
  span: Span,
  names: string[],
  context: Context,
  out: Term[],
  use: Use,
): void {
  const { of } = value;
  const env = boundParameters(lowering.resolver, value, at, context.frame);
  const isAsync = lowering.isAsync(of);
  const python = of.module.code.language === "python";
  const self = value.self;
  const receiver = self?.kind === "instance" && self.id !== null ? self.id : undefined;
  const listed = value.listedAt ? { listed: placeOf(value.listedAt.module, value.listedAt.span) } : {};
  const dropped = use.statement && isAsync && !python ? { dropped: true } : {};
  const more = { own: true, ...listed, ...dropped, ...(receiver === undefined ? {} : { receiver }) };
  // A step that was handed to a helper stands where it is named, not where the helper calls it.
  const home = value.passedAt?.module ?? context.module;
  const place = value.passedAt?.span ?? span;
  const make = (mode: CallMode): Term => {
    const target = of.node.isGenerator ? null : lowering.functionKey(value, env);
    const site = lowering.site(home, place, "call", names, { ...more, mode, ...(target ? { target } : {}) });
    return guarded({ kind: "call", site, target }, decoratorsCatch(of, lowering.resolver) === "catches");
  };
  if (!isAsync) {
    out.push(make("sync"));
    return;
  }
  if (use.awaited) {
    out.push(make("await"));
    return;
  }
  if (!python) {
    startBeside([make("float")], "now", out, use);
    return;
  }
  const site = lowering.site(context.module, span, "call", names, { ...more, mode: "float" });
  if (use.statement || (use.handle !== undefined && !isUsedLater(use.handle, context)))
    out.push({ kind: "lost", site });
}

function isUsedLater(handle: string, context: Context): boolean {
  if (handle.includes(".") || context.fn === null) return true;
  let uses = 0;
  const count = (at: Expression): void => {
    eachExpression(at, (one) => {
      if (one.kind === "name" && one.name === handle) uses++;
      if (one.kind === "function") uses += 2;
    });
  };
  eachStatement(context.fn.node.body, (statement) => {
    for (const one of expressionsOf(statement)) count(one);
    if (statement.kind === "function" || statement.kind === "class") uses += 2;
  });
  return uses > 1;
}

/** Starts something beside. `use`: who takes what the start gives. */
export function startBeside(body: Term[], manner: SpawnManner, out: Term[], use: Use, afterPending = false): void {
  if (body.length === 0) return;
  out.push({
    kind: "spawn",
    body: seq(body),
    manner,
    ...(use.handle === undefined ? {} : { handle: use.handle }),
    ...(use.statement ? { dropped: true } : {}),
    ...(afterPending ? { afterPending } : {}),
  });
}

/** Runs what an argument names (a function, a lambda, a bound method) as a call from here. */
export function runArgument(
  lowering: Lowering,
  at: Expression | undefined,
  span: Span,
  context: Context,
  out: Term[],
  use: Use,
  args: readonly Argument[] = [],
): boolean {
  if (at === undefined) return false;
  const value = lowering.resolver.evaluate(at, context.frame);
  if (value?.kind === "function") {
    const made: Call = { kind: "call", start: span.start, end: span.end, callee: at, args: [...args] };
    runFunction(
      lowering,
      value,
      made,
      span,
      value.of.node.name === "" ? [] : calleeNames(value, at),
      context,
      out,
      use,
    );
    return true;
  }
  if (value?.kind === "external" && (at.kind === "attribute" || at.kind === "name")) {
    const receiver = receiverOf(value);
    out.push({
      kind: "call",
      site: lowering.site(context.module, span, "call", calleeNames(value, at), {
        mode: use.awaited ? "await" : "sync",
        ...(receiver ? { receiver } : {}),
      }),
      target: null,
    });
    return true;
  }
  if (at.kind === "attribute" && value === null) {
    out.push({
      kind: "call",
      site: lowering.site(context.module, span, "call", [writtenName(at)], { mode: use.awaited ? "await" : "sync" }),
      target: null,
    });
    return true;
  }
  return false;
}

/** The dotted names that selectors know a callee by. */
export function calleeNames(target: Value | null, callee: Expression): string[] {
  const written = writtenName(callee);
  if (target?.kind === "function") {
    const { qualified, node } = target.of;
    // A function that is called by another name, as an import's `as` gives it one, is known by that as well.
    return written === "" || written === node.name ? [qualified] : [qualified, written];
  }
  if (target?.kind === "class") return [target.of.qualified];
  if (target?.kind === "external") {
    if (callee.kind === "name") return [target.name];
    return written === target.name ? [target.name] : [target.name, written];
  }
  return [written];
}

export function lowerArguments(lowering: Lowering, at: Call, context: Context, out: Term[]): void {
  for (const argument of at.args) lowering.expression(argument.value, context, out, {});
}

/** What is evaluated before a call: the object it is made on. */
export function lowerCalleeObject(lowering: Lowering, at: Call, context: Context, out: Term[]): void {
  if (at.callee.kind === "attribute") lowering.expression(at.callee.of, context, out, {});
  else if (at.callee.kind !== "name" && at.callee.kind !== "function") lowering.expression(at.callee, context, out, {});
}

/** The coroutine call (not a task) that a variable was assigned once. */
export function heldCoroutine(
  lowering: Lowering,
  at: Expression,
  context: Context,
): { value: Expression; frame: Frame } | null {
  if (at.kind !== "name") return null;
  const given = lowering.resolver.evaluate(at, context.frame);
  if (given?.kind === "coroutine") return { value: given.call, frame: given.frame };
  const known = lowering.resolver.bindings(at.name, context.frame.scope);
  const live = known?.found.filter((one) => one.kind === "value" && one.value !== null && one.path.length === 0) ?? [];
  const only = live.length === 1 ? live[0] : undefined;
  if (only?.kind !== "value" || only.value === null || known === null) return null;
  if (only.value.kind !== "call" && only.value.kind !== "list") return null;
  if (only.value.kind === "call") {
    const target = lowering.resolver.evaluate(only.value.callee, context.frame);
    if (target?.kind !== "function" || !lowering.isAsync(target.of)) return null;
  }
  return { value: only.value, frame: { scope: known.scope, env: context.frame.env } };
}
