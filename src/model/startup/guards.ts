import type { Expression, Handler, Statement } from "../../types/code.ts";
import { eachExpression, eachStatement, expressionsOf, type FunctionInfo } from "./program.ts";
import type { Resolver } from "./resolver.ts";
import { type Frame, isTransparent, noEnvironment, writtenName } from "./values.ts";

/**
 * Whether a failure ends at a handler, a context manager or a decorator. What cannot be seen (a decorator of another package) may
 * catch; what stands in the repository is read.
 */

export const isExit = (name: string, python: boolean): boolean =>
  python ? /^(?:sys\.exit|exit|quit|os\._exit)$/.test(name) : /^process\.(?:exit|abort)$/.test(name);

/** Exceptions of start-up that catching says nothing about a failed connection. */
const narrow =
  /(?:^|\.)(?:ImportError|ModuleNotFoundError|KeyError|AttributeError|NameError|StopIteration|StopAsyncIteration|CancelledError|KeyboardInterrupt|SystemExit|GeneratorExit)$/;

/** Whether one of the types may be that of a failed connection; none: everything is caught. */
export const catchesAny = (types: readonly Expression[]): boolean =>
  types.length === 0 || types.some((one) => !narrow.test(writtenName(one)));

/** Whether a failure may end in this handler: it catches more than narrow kinds and does not always throw on. */
export function catches(handler: Handler): boolean {
  if (!catchesAny(handler.types)) return false;
  return !alwaysThrows(handler.body);
}

function alwaysThrows(body: readonly Statement[]): boolean {
  for (const one of body) {
    if (throws(one)) return true;
    if (leaves(one)) return false;
  }
  return false;
}

function throws(one: Statement): boolean {
  if (one.kind === "throw") return true;
  if (one.kind === "expression" && one.value.kind === "call") {
    const name = writtenName(one.value.callee);
    return isExit(name, true) || isExit(name, false);
  }
  if (one.kind === "if") return one.otherwise.length > 0 && alwaysThrows(one.consequent) && alwaysThrows(one.otherwise);
  if (one.kind === "block" || one.kind === "with") return alwaysThrows(one.body);
  if (one.kind === "try") return one.finally.length > 0 && alwaysThrows(one.finally);
  return false;
}

/** Whether a path through a statement leaves the handler without a failure. */
function leaves(one: Statement): boolean {
  let found = false;
  eachStatement([one], (inner) => {
    found ||= /^(?:return|break|continue)$/.test(inner.kind);
  });
  return found;
}

/** Whether a generator that is used as a context manager catches what the block around which it stands raises. */
export function catchesAroundYield(of: FunctionInfo): boolean {
  let found = false;
  eachStatement(of.node.body, (statement) => {
    if (statement.kind === "try" && statement.handlers.some(catches)) found ||= yieldsIn(statement.body);
    if (statement.kind === "with" && statement.items.some(({ value }) => suppresses(value)))
      found ||= yieldsIn(statement.body);
  });
  return found;
}

/** Whether `__exit__` may say that the failure is dealt with: it gives something else than nothing. */
export function exitCatches(of: FunctionInfo | null): boolean {
  let found = false;
  if (of !== null) {
    eachStatement(of.node.body, (statement) => {
      if (statement.kind !== "return" || statement.value === null) return;
      found ||= !(statement.value.kind === "constant" && /^(?:None|False)$/.test(statement.value.text));
    });
  }
  return found;
}

/** `contextlib.suppress(E)`, as far as it catches a failed connection. */
export const suppresses = (at: Expression): boolean =>
  at.kind === "call" && /(?:^|\.)suppress$/.test(writtenName(at.callee)) && catchesAny(at.args.map((one) => one.value));

function yieldsIn(body: readonly Statement[]): boolean {
  let found = false;
  eachStatement(body, (statement) => {
    for (const one of expressionsOf(statement)) {
      eachExpression(one, (at) => {
        found ||= at.kind === "yield";
      });
    }
  });
  return found;
}

/** What the decorators of a function do with a failure of it: `catches` for certain, `perhaps`, or let it `pass`. */
export function decoratorsCatch(of: FunctionInfo, resolver: Resolver): "catches" | "perhaps" | "pass" {
  let perhaps = false;
  const frame: Frame = { scope: of.outer, env: noEnvironment };
  for (const one of of.node.decorators) {
    if (isTransparent([one])) continue;
    const target = resolver.evaluate(one.kind === "call" ? one.callee : one, frame);
    if (target?.kind !== "function") perhaps = true;
    else if (hasCatch(target.of.node.body)) return "catches";
  }
  return perhaps ? "perhaps" : "pass";
}

/** Whether a `try` that catches stands anywhere in a body, inner functions included. */
function hasCatch(body: readonly Statement[]): boolean {
  let found = false;
  eachStatement(body, (statement) => {
    if (statement.kind === "try") found ||= statement.handlers.some(catches);
    if (statement.kind === "with") found ||= statement.items.some(({ value }) => suppresses(value));
    if (statement.kind === "function") found ||= hasCatch(statement.of.body);
  });
  return found;
}
