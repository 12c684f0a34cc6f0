import type { Expression, Statement } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import type { Context, Lowering } from "./lower.ts";
import { eachStatement } from "./program.ts";
import { seq } from "./terms.ts";
import type { Environment, Frame, Value } from "./values.ts";

/** Literal tables longer than this run as a loop. */
const maximumTable = 64;

/** A loop: unrolled over a literal table, else run once or more. */
export function lowerFor(
  lowering: Lowering,
  at: Extract<Statement, { kind: "for" }>,
  context: Context,
  out: Term[],
): void {
  const table = at.isAsync ? null : literalTable(lowering, at.over, context);
  if (table !== null) {
    const rounds: Term[] = [];
    let breaks = false;
    eachStatement(at.body, (inner) => {
      breaks ||= inner.kind === "break" || inner.kind === "continue";
    });
    if (!breaks) {
      for (const item of table.items) {
        const env = bindLoopTarget(lowering, at.target, item, table.frame, context.frame.env);
        rounds.push(lowering.block(at.body, { ...context, frame: { scope: context.frame.scope, env } }));
      }
      out.push(seq(rounds));
      return;
    }
    const env = bindLoopTarget(lowering, at.target, table.items[0] as Expression, table.frame, context.frame.env);
    if (table.items.length === 1) {
      out.push({
        kind: "loop",
        body: lowering.block(at.body, { ...context, frame: { scope: context.frame.scope, env } }),
      });
      return;
    }
    const branches = table.items.map((item) =>
      lowering.block(at.body, {
        ...context,
        frame: {
          scope: context.frame.scope,
          env: bindLoopTarget(lowering, at.target, item, table.frame, context.frame.env),
        },
      }),
    );
    out.push({ kind: "loop", body: { kind: "alt", branches } });
    return;
  }
  if (at.isAsync && at.over.kind === "list") lowering.awaitable(at.over, context, out);
  else lowering.expression(at.over, context, out, { awaited: at.isAsync === true });
  out.push({ kind: "loop", body: lowering.block(at.body, context) });
  if (at.otherwise.length > 0) out.push(lowering.block(at.otherwise, context));
}

/** The items of a literal table: a list, or `.items()` of a literal mapping. */
export function literalTable(
  lowering: Lowering,
  at: Expression,
  context: Context,
): { items: readonly Expression[]; frame: Frame } | null {
  if (
    at.kind === "call" &&
    at.args.length === 0 &&
    at.callee.kind === "attribute" &&
    /^(?:items|entries|values)$/.test(at.callee.name)
  ) {
    const of = lowering.resolver.evaluate(at.callee.of, context.frame);
    if (of?.kind !== "dict" || of.of.entries.length > maximumTable || of.of.entries.length === 0) return null;
    const pairs = at.callee.name !== "values";
    const items = of.of.entries.map(
      (entry): Expression =>
        pairs && entry.key
          ? {
              kind: "list",
              shape: "tuple",
              start: entry.key.start,
              end: entry.value.end,
              items: [entry.key, entry.value],
            }
          : entry.value,
    );
    return { items, frame: of.frame };
  }
  if (at.kind === "call" && at.callee.kind === "name" && at.callee.name === "enumerate" && at.args[0]) {
    const inner = literalTable(lowering, at.args[0].value, context);
    if (inner === null) return null;
    const items = inner.items.map(
      (item): Expression => ({
        kind: "list",
        shape: "tuple",
        start: item.start,
        end: item.end,
        items: [{ kind: "constant", start: item.start, end: item.start, text: "0" }, item],
      }),
    );
    return { items, frame: inner.frame };
  }
  const value = lowering.resolver.evaluate(at, context.frame);
  if (value?.kind !== "list" || value.items.length === 0 || value.items.length > maximumTable) return null;
  if (value.items.some((item) => item.kind === "spread")) return null;
  return { items: value.items, frame: value.frame };
}

/** The environment in which a loop variable (or a tuple of them) stands for an item. */
export function bindLoopTarget(
  lowering: Lowering,
  target: Expression,
  item: Expression,
  itemFrame: Frame,
  env: Environment,
): Environment {
  const bound = new Map(env);
  const give = (name: Expression, from: Expression): void => {
    if (name.kind === "name") {
      const value = lowering.resolver.evaluate(from, itemFrame);
      if (value) bound.set(`local:${name.name}`, namedAt(value, from, itemFrame));
      else bound.delete(`local:${name.name}`);
    } else if (name.kind === "list" && from.kind === "list") {
      for (const [index, one] of name.items.entries())
        if (from.items[index]) give(one, from.items[index] as Expression);
    } else if (name.kind === "dict" && from.kind === "dict") {
      for (const one of name.entries) {
        const key = one.key?.kind === "string" ? one.key.value : null;
        const entry = from.entries.find((each) => each.key?.kind === "string" && each.key.value === key);
        if (entry) give(one.value, entry.value);
      }
    }
  };
  give(target, item);
  return bound;
}

/** A comprehension's element, unrolled over a literal table, else as a loop. */
export function lowerComprehension(
  lowering: Lowering,
  at: Extract<Expression, { kind: "comprehension" }>,
  context: Context,
  lower: (element: Expression, context: Context, out: Term[]) => void,
): Term[] {
  const table = literalTable(lowering, at.over, context);
  if (table !== null && at.rest.length === 0) {
    return table.items.map((item) => {
      const env = bindLoopTarget(lowering, at.target, item, table.frame, context.frame.env);
      const round: Term[] = [];
      lower(at.element, { ...context, frame: { scope: context.frame.scope, env } }, round);
      return seq(round);
    });
  }
  const before: Term[] = [];
  lowering.expression(at.over, context, before, {});
  const round: Term[] = [];
  for (const part of at.rest) lowering.expression(part, context, round, {});
  lower(at.element, context, round);
  return round.length === 0 ? before : [...before, { kind: "loop", body: seq(round) }];
}

/** A step that a table names: a loop calls it, but the row is what one changes. */
function namedAt(value: Value, at: Expression, frame: Frame): Value {
  if (value.kind !== "function" || value.listedAt !== undefined) return value;
  if (at.kind !== "name" && at.kind !== "attribute") return value;
  return { ...value, listedAt: { module: frame.scope.module, span: at } };
}
