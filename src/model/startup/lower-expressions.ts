import type { Expression } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import { javascriptAwaitable } from "./calls-javascript.ts";
import { pythonAwaitable } from "./calls-python.ts";
import { isEnvironmentRead, noteEnvironmentRead } from "./environment-reads.ts";
import type { Context, Lowering, Use } from "./lower.ts";
import { lowerCall } from "./lower-calls.ts";
import { lowerComprehension } from "./lower-loops.ts";
import { heldCoroutine } from "./lower-runs.ts";
import { seq } from "./terms.ts";
import { valueText, writtenName } from "./values.ts";

/** Lowers an expression; what it does is added in the order of evaluation. */
export function lowerExpression(lowering: Lowering, at: Expression, context: Context, out: Term[], use: Use): void {
  switch (at.kind) {
    case "call":
      lowerCall(lowering, at, context, out, use);
      break;
    case "await":
      lowerAwaitable(lowering, at.of, context, out);
      break;
    case "logical": {
      // A read with a default says nothing about a missing variable; a tested one has its own other branch.
      if (!(isEnvironmentRead(at.left) && at.operator !== "and")) lowerExpression(lowering, at.left, context, out, {});
      const right: Term[] = [];
      lowerExpression(
        lowering,
        at.right,
        context,
        right,
        use.awaited ? { awaited: true } : use.statement ? { statement: true } : {},
      );
      if (right.length > 0) out.push({ kind: "alt", branches: [seq(right), seq([])] });
      break;
    }
    case "conditional": {
      if (!isEnvironmentRead(at.test)) lowerExpression(lowering, at.test, context, out, {});
      const branches = [at.consequent, at.otherwise].map((one) => {
        const branch: Term[] = [];
        lowerExpression(lowering, one, context, branch, use);
        return seq(branch);
      });
      out.push({ kind: "alt", branches });
      break;
    }
    case "assignment": {
      const handle = writtenName(at.target);
      lowerExpression(lowering, at.value, context, out, handle === "" ? {} : { handle });
      if (at.target.kind === "attribute" || at.target.kind === "name") {
        out.push(lowering.event(context, at, "assign", [handle], { value: valueText(at.value) }));
      }
      break;
    }
    case "comprehension": {
      const rounds = lowerComprehension(lowering, at, context, (element, inner, into) =>
        lowerExpression(lowering, element, inner, into, use.handle ? { handle: use.handle } : {}),
      );
      out.push(...rounds);
      break;
    }
    case "yield":
      if (at.of) lowerExpression(lowering, at.of, context, out, {});
      out.push({ kind: "yield" });
      break;
    case "list":
      for (const item of at.items)
        lowerExpression(lowering, item, context, out, use.handle ? { handle: use.handle } : {});
      break;
    case "name":
    case "string":
      if (at.kind === "string") for (const part of at.parts ?? []) lowerExpression(lowering, part, context, out, {});
      break;
    case "attribute":
      noteEnvironmentRead(lowering, at, at.name, context, out);
      lowerExpression(lowering, at.of, context, out, {});
      break;
    case "unary":
    case "not":
      lowerExpression(
        lowering,
        at.of,
        context,
        out,
        at.kind === "unary" && at.operator === "void" ? { statement: true } : {},
      );
      break;
    case "index":
      if (at.at.kind === "string") noteEnvironmentRead(lowering, at, at.at.value ?? "", context, out);
      lowerExpression(lowering, at.of, context, out, {});
      lowerExpression(lowering, at.at, context, out, {});
      break;
    case "spread":
      lowerExpression(lowering, at.of, context, out, {});
      break;
    case "binary": {
      const compares = /^(?:[=!]=|[=!]==|is|is not|in|not in)$/.test(at.operator);
      for (const side of [at.left, at.right]) {
        if (!(compares && isEnvironmentRead(side))) lowerExpression(lowering, side, context, out, {});
      }
      break;
    }
    case "dict":
      for (const entry of at.entries) {
        if (entry.key) lowerExpression(lowering, entry.key, context, out, {});
        lowerExpression(lowering, entry.value, context, out, use.handle ? { handle: use.handle } : {});
      }
      break;
    case "other":
      for (const part of at.parts) lowerExpression(lowering, part, context, out, {});
      break;
    default:
      break;
  }
}

/** `await x`, and everything that runs an awaitable to its end. */
export function lowerAwaitable(lowering: Lowering, at: Expression, context: Context, out: Term[]): void {
  if (at.kind === "conditional") {
    lowerExpression(lowering, at.test, context, out, {});
    const branches = [at.consequent, at.otherwise].map((one) => {
      const branch: Term[] = [];
      lowerAwaitable(lowering, one, context, branch);
      return seq(branch);
    });
    out.push({ kind: "alt", branches });
    return;
  }
  if (at.kind === "name" || at.kind === "attribute") {
    const handle = writtenName(at);
    out.push({ kind: "join", handle });
    if (context.module.code.language === "python") {
      const held = heldCoroutine(lowering, at, context);
      if (held)
        lowerAwaitable(lowering, held.value, { ...context, module: held.frame.scope.module, frame: held.frame }, out);
    } else lowerExpression(lowering, at, context, out, {});
    return;
  }
  if (at.kind === "index") {
    lowerExpression(lowering, at, context, out, {});
    out.push({ kind: "join", handle: writtenName(at) });
    return;
  }
  const done =
    context.module.code.language === "python"
      ? pythonAwaitable(lowering, at, context, out)
      : javascriptAwaitable(lowering, at, context, out);
  if (done) return;
  lowerExpression(lowering, at, context, out, { awaited: true });
  // A plain function may have given a task or promise that was started before.
  const target = at.kind === "call" ? lowering.resolver.evaluate(at.callee, context.frame) : null;
  if (target?.kind === "function" && !target.of.node.isAsync) out.push({ kind: "join", handle: "" });
}
