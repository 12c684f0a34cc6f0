import type { Term } from "../../types/startup.ts";
import { javascriptCall } from "./calls-javascript.ts";
import { pythonCall } from "./calls-python.ts";
import type { Call, Context, Lowering, Use } from "./lower.ts";
import { lowerArguments, lowerCalleeObject, lowerPlainCall } from "./lower-runs.ts";
import { seq } from "./terms.ts";

/** A call: what is evaluated before it, then what it runs; an optional one may do nothing. */
export function lowerCall(lowering: Lowering, at: Call, context: Context, out: Term[], use: Use): void {
  if (at.optional || (at.callee.kind === "attribute" && at.callee.optional)) {
    const branch: Term[] = [];
    lowerCallOnce(lowering, { ...at, optional: false }, context, branch, use);
    out.push({ kind: "alt", branches: [seq(branch), seq([])] });
    return;
  }
  lowerCallOnce(lowering, at, context, out, use);
}

function lowerCallOnce(lowering: Lowering, at: Call, context: Context, out: Term[], use: Use): void {
  const target = lowering.resolver.evaluate(at.callee, context.frame);
  const done =
    context.module.code.language === "python"
      ? pythonCall(lowering, at, target, context, out, use)
      : javascriptCall(lowering, at, target, context, out, use);
  if (done) return;
  lowerCalleeObject(lowering, at, context, out);
  lowerArguments(lowering, at, context, out);
  lowerPlainCall(lowering, at, target, context, out, use);
}
