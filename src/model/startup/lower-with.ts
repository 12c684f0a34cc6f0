import type { Span, Statement } from "../../types/code.ts";
import type { CallMode, Term } from "../../types/startup.ts";
import { methodOf } from "./classes.ts";
import { catchesAny, catchesAroundYield, exitCatches } from "./guards.ts";
import type { Context, FunctionValue, Lowering } from "./lower.ts";
import { calleeNames, lowerArguments } from "./lower-runs.ts";
import { isPool } from "./python-waits.ts";
import { boundParameters } from "./results.ts";
import { guarded, seq } from "./terms.ts";
import { noEnvironment, type Value, writtenName } from "./values.ts";

/** Entering the `index`-th item, the rest inside it, leaving. `suppress` is a handler, a task group waits for its tasks, a generator runs up to its `yield` and on from there. */
export function lowerWith(
  lowering: Lowering,
  at: Extract<Statement, { kind: "with" }>,
  index: number,
  context: Context,
  out: Term[],
): void {
  const item = at.items[index];
  if (item === undefined) {
    out.push(lowering.block(at.body, context));
    return;
  }
  const { value } = item;
  const target = value.kind === "call" ? lowering.resolver.evaluate(value.callee, context.frame) : null;
  const name = target?.kind === "external" ? target.name : value.kind === "call" ? writtenName(value.callee) : "";
  const rest: Term[] = [];
  const group =
    /(?:^|\.)(?:TaskGroup|create_task_group|open_nursery)$/.test(name) || isPool(name)
      ? item.as
        ? writtenName(item.as)
        : ""
      : null;
  const inner = group === null ? context : { ...context, groups: new Map(context.groups).set(group, new Set([group])) };
  lowerWith(lowering, at, index + 1, inner, rest);
  if (/(?:^|\.)suppress$/.test(name) && value.kind === "call") {
    out.push({
      kind: "try",
      body: seq(rest),
      handlers: [{ body: seq([]), catches: catchesAny(value.args.map((one) => one.value)) }],
      otherwise: null,
      finally: null,
    });
    return;
  }
  if (group !== null) {
    out.push(seq(rest));
    for (const handle of inner.groups.get(group) ?? []) out.push({ kind: "join", handle });
    return;
  }
  if (value.kind === "call" && target?.kind === "function" && target.of.node.isGenerator) {
    lowerArguments(lowering, value, context, out);
    const env = boundParameters(lowering.resolver, target, value, context.frame);
    const names = calleeNames(target, value.callee);
    const mode: CallMode = at.isAsync ? "await" : "sync";
    out.push({
      kind: "call",
      site: lowering.site(context.module, value, "call", names, { mode, own: true }),
      target: lowering.functionKey(target, env, "enter"),
    });
    out.push(guarded(seq(rest), catchesAroundYield(target.of)));
    out.push({
      kind: "call",
      site: lowering.site(context.module, value, "call", [], { mode }),
      target: lowering.functionKey(target, env, "exit"),
    });
    return;
  }
  lowering.expression(value, context, out, { awaited: at.isAsync === true });
  const of = lowering.resolver.evaluate(value, context.frame);
  const instance = of?.kind === "promise" ? of.of : of;
  if (instance?.kind !== "instance") {
    out.push(seq(rest));
    return;
  }
  const exit = at.isAsync ? "__aexit__" : "__exit__";
  runMethod(lowering, instance, at.isAsync ? "__aenter__" : "__enter__", value, context, out);
  out.push(guarded(seq(rest), exitCatches(methodOf(lowering.resolver, instance.of, exit))));
  runMethod(lowering, instance, exit, value, context, out);
}

function runMethod(
  lowering: Lowering,
  of: Extract<Value, { kind: "instance" }>,
  name: string,
  span: Span,
  context: Context,
  out: Term[],
): void {
  const method = methodOf(lowering.resolver, of.of, name);
  if (method === null) return;
  const value: FunctionValue = { kind: "function", of: method, self: of, env: noEnvironment };
  const mode: CallMode = method.node.isAsync ? "await" : "sync";
  out.push({
    kind: "call",
    site: lowering.site(context.module, span, "call", [method.qualified], { mode }),
    target: lowering.functionKey(value, boundParameters(lowering.resolver, value, null, context.frame)),
  });
}
