import type { Expression } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import type { Context, Lowering } from "./lower.ts";
import { writtenName } from "./values.ts";

/** `process.env.X`, `os.environ["X"]`, and `os.getenv("X")` or `os.environ.get("X")` without a default. */
export function isEnvironmentRead(at: Expression): boolean {
  if (at.kind === "attribute") return writtenName(at.of) === "process.env";
  if (at.kind === "index") return /^(?:os\.)?environ$/.test(writtenName(at.of));
  return (
    at.kind === "call" &&
    at.args.length === 1 &&
    /^(?:os\.getenv|getenv|(?:os\.)?environ\.get)$/.test(writtenName(at.callee))
  );
}

/** A variable of the environment that is read while the module is imported. */
export function noteEnvironmentRead(
  lowering: Lowering,
  at: Expression,
  name: string,
  context: Context,
  out: Term[],
): void {
  if (context.fn !== null || name === "" || !isEnvironmentRead(at)) return;
  out.push(lowering.event(context, at, "call", [], { role: "environment-read", value: name }));
}
