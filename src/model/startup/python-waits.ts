import type { Expression, Statement } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import type { Call, Context, Lowering } from "./lower.ts";
import { eachExpression, eachStatement, expressionsOf } from "./program.ts";
import { type Value, writtenName } from "./values.ts";

/**
 * How Python code waits for threads, pools and signals, and which coroutines a list has gathered before they run. Semantics: the
 * documentation of threading, concurrent.futures, asyncio synchronisation primitives and contextlib.
 */

/** Leaving `with` of one of these waits for everything that was submitted to it. */
export const isPool = (name: string): boolean =>
  /(?:^|\.)(?:ThreadPoolExecutor|ProcessPoolExecutor|ThreadPool)$/.test(name);

/**
 * Notes that a call waits for something that was started: `t.join()`, `future.result()`, `pool.shutdown()`, `event.wait()`. The call
 * itself is lowered as any other.
 */
export function waits(at: Call, name: string, out: Term[]): void {
  if (at.callee.kind !== "attribute") return;
  const { of } = at.callee;
  // `separator.join(items)` and `os.path.join(a, b)` wait for nobody; a time limit may be given.
  const plain = at.args.every((one) => one.name !== undefined || one.value.kind === "constant");
  if (plain && /\.(?:join|result|shutdown)$/.test(name)) {
    const handle = writtenName(of);
    if (handle !== "") out.push({ kind: "join", handle });
  } else if (/\.(?:wait|get|acquire|wait_for)$/.test(name) && !/^asyncio\.wait(?:_for)?$/.test(name)) {
    // An event or a queue: whoever was started may be the one who gives it.
    if (isSignal(at, name)) out.push({ kind: "join-any" });
  }
}

/** `event.wait()`, `queue.get()`, `barrier.wait()`: by the class where it is known, else by the method `wait` without a task. */
function isSignal(at: Call, name: string): boolean {
  if (/(?:^|\.)(?:Event|Condition|Barrier)\.(?:wait|wait_for)$/.test(name)) return true;
  if (/(?:^|\.)(?:Queue|LifoQueue|PriorityQueue|SimpleQueue)\.get$/.test(name)) return true;
  if (/(?:^|\.)(?:Semaphore|BoundedSemaphore)\.acquire$/.test(name)) return true;
  return at.args.length === 0 && /\.wait$/.test(name);
}

/** The coroutine calls that a function appends to a list before it awaits them together. */
export function gathered(lowering: Lowering, list: string, context: Context): Expression[] {
  const body: readonly Statement[] = context.fn === null ? context.module.code.body : context.fn.node.body;
  const found: Expression[] = [];
  eachStatement(body, (statement) => {
    for (const one of expressionsOf(statement)) {
      eachExpression(one, (at) => {
        if (at.kind !== "call" || at.callee.kind !== "attribute" || !/^(?:append|add)$/.test(at.callee.name)) return;
        const [argument] = at.args;
        if (writtenName(at.callee.of) !== list || argument?.value.kind !== "call") return;
        const target: Value | null = lowering.resolver.evaluate(argument.value.callee, context.frame);
        if (target?.kind === "function" && lowering.isAsync(target.of)) found.push(argument.value);
      });
    }
  });
  return found;
}
