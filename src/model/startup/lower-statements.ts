import type { CodeFunction, Expression, Statement } from "../../types/code.ts";
import type { Term } from "../../types/startup.ts";
import { isEnvironmentRead } from "./environment-reads.ts";
import { catches } from "./guards.ts";
import type { Context, FunctionValue, Lowering, Use } from "./lower.ts";
import { lowerExpression } from "./lower-expressions.ts";
import { lowerImport, runModule } from "./lower-imports.ts";
import { lowerFor } from "./lower-loops.ts";
import { calleeNames, lowerArguments } from "./lower-runs.ts";
import { lowerWith } from "./lower-with.ts";
import { infoOf } from "./program.ts";
import { boundParameters } from "./results.ts";
import { readsSession } from "./sessions.ts";
import { seq } from "./terms.ts";
import { valueText, writtenName } from "./values.ts";

/** Adds to `out` what a statement does, in order. */
export function lowerStatement(lowering: Lowering, at: Statement, context: Context, out: Term[]): void {
  switch (at.kind) {
    case "expression":
      lowerExpression(lowering, at.value, context, out, { statement: true });
      break;
    case "export-default":
      lowerExpression(lowering, at.value, context, out, {});
      break;
    case "assign":
      lowerAssignment(lowering, at, context, out);
      break;
    case "return":
      if (at.value) lowerExpression(lowering, at.value, context, out, returnUse(context));
      lowerHandedBack(at.value, context, out);
      out.push({ kind: "return" });
      break;
    case "throw":
      if (at.value) lowerExpression(lowering, at.value, context, out, {});
      out.push({ kind: "throw" });
      break;
    case "if":
      lowerIf(lowering, at, context, out);
      break;
    case "while":
      lowerExpression(lowering, at.test, context, out, {});
      out.push({
        kind: "loop",
        body: lowering.block(at.body, context),
        ...(isAlways(at.test) ? { endless: true } : {}),
      });
      if (at.otherwise.length > 0) out.push(lowering.block(at.otherwise, context));
      break;
    case "for":
      lowerFor(lowering, at, context, out);
      break;
    case "try":
      out.push({
        kind: "try",
        body: lowering.block(at.body, context),
        handlers: at.handlers.map((handler) => ({
          body: lowering.block(handler.body, context),
          catches: catches(handler),
        })),
        otherwise: at.otherwise.length > 0 ? lowering.block(at.otherwise, context) : null,
        finally: at.finally.length > 0 ? lowering.block(at.finally, context) : null,
      });
      break;
    case "with":
      lowerWith(lowering, at, 0, context, out);
      break;
    case "match": {
      lowerExpression(lowering, at.subject, context, out, {});
      const branches = at.cases.map((one) => lowering.block(one.body, context));
      if (!at.cases.some((one) => one.isDefault)) branches.push(seq([]));
      // A `break` in a `switch` leaves the `switch`.
      const isSwitch = at.cases.some((one) => one.falls);
      out.push(
        isSwitch
          ? { kind: "loop", endless: true, body: seq([{ kind: "alt", branches }, { kind: "break" }]) }
          : { kind: "alt", branches },
      );
      break;
    }
    case "function":
      lowerDefinition(lowering, at.of, context, out);
      break;
    case "class":
      for (const decorator of at.of.decorators) lowerDecorator(lowering, decorator, context, out);
      lowerClassBody(
        lowering,
        at.of.body,
        { ...context, frame: { ...context.frame, scope: classScope(at, context) } },
        out,
      );
      break;
    case "import":
      lowerImport(lowering, at, context, out);
      break;
    case "export":
      if (at.module !== null) runModule(lowering, at, at.module, 0, [at.module], context, out);
      break;
    case "block":
      out.push(lowering.block(at.body, context));
      break;
    case "break":
    case "continue":
      out.push({ kind: at.kind });
      break;
    default:
      break;
  }
}

function classScope(at: Extract<Statement, { kind: "class" }>, context: Context) {
  const value = context.module.classes.find((one) => one.node === at.of);
  return value?.scope ?? context.frame.scope;
}

function lowerClassBody(lowering: Lowering, body: readonly Statement[], context: Context, out: Term[]): void {
  const javascript = context.module.code.language === "javascript";
  for (const one of body) {
    // Instance fields run in the constructor; only static ones run with the class.
    if (javascript && one.kind === "assign" && !one.isStatic) continue;
    lowerStatement(lowering, one, context, out);
  }
}

function returnUse(context: Context): Use {
  return context.fn === null ? {} : { awaited: true };
}

/** A promise that a function hands back is waited for as its call is: `const p = connect(); return p`. */
function lowerHandedBack(at: Expression | null, context: Context, out: Term[]): void {
  if (at?.kind !== "name" || context.fn === null || context.module.code.language !== "javascript") return;
  const handle = at.name;
  if (out.some((term) => term.kind === "spawn" && term.handle === handle)) out.push({ kind: "join", handle });
}

function lowerAssignment(
  lowering: Lowering,
  at: Extract<Statement, { kind: "assign" }>,
  context: Context,
  out: Term[],
): void {
  const first = at.targets[0];
  // What is put into a collection is waited for by the collection's name.
  const handle = first ? writtenName(first.kind === "index" ? first.of : first) : "";
  for (const target of at.targets) {
    if (target.kind === "attribute") lowerExpression(lowering, target.of, context, out, {});
    else if (target.kind === "index") lowerExpression(lowering, target, context, out, {});
  }
  if (at.value) lowerExpression(lowering, at.value, context, out, handle === "" ? {} : { handle });
  for (const target of at.targets) {
    if (target.kind !== "attribute" && target.kind !== "name") continue;
    if (at.value === null) continue;
    const names = [writtenName(target)];
    out.push(lowering.event(context, at, "assign", names, { value: valueText(at.value) }));
  }
  if (at.value) noteAppAssignment(lowering, at, context);
}

/** `app.router.lifespan_context = f`. */
function noteAppAssignment(lowering: Lowering, at: Extract<Statement, { kind: "assign" }>, context: Context): void {
  const target = at.targets[0];
  if (target?.kind !== "attribute" || target.name !== "lifespan_context" || at.value === null) return;
  const on = target.of.kind === "attribute" ? lowering.resolver.evaluate(target.of.of, context.frame) : null;
  const value = lowering.resolver.evaluate(at.value, context.frame);
  if (on?.kind === "made" && value)
    lowering.app(on.id).lifespan = { value, place: { module: context.module, span: at } };
}

function lowerIf(lowering: Lowering, at: Extract<Statement, { kind: "if" }>, context: Context, out: Term[]): void {
  const known = knownTest(at.test, context);
  if (known !== null) {
    out.push(lowering.block(known ? at.consequent : at.otherwise, context));
    return;
  }
  if (!isEnvironmentRead(at.test)) lowerExpression(lowering, at.test, context, out, {});
  out.push({ kind: "alt", branches: [lowering.block(at.consequent, context), lowering.block(at.otherwise, context)] });
}

function lowerDefinition(lowering: Lowering, of: CodeFunction, context: Context, out: Term[]): void {
  for (const parameter of of.parameters)
    if (parameter.value) lowerExpression(lowering, parameter.value, context, out, {});
  for (const decorator of of.decorators) {
    lowerDecorator(lowering, decorator, context, out, readsSession(of.body) ? "session-reader" : undefined);
    noteStartup(lowering, decorator, of, context);
  }
}

function lowerDecorator(lowering: Lowering, at: Expression, context: Context, out: Term[], role?: string): void {
  const callee = at.kind === "call" ? at.callee : at;
  const target = lowering.resolver.evaluate(callee, context.frame);
  if (at.kind === "call") lowerArguments(lowering, at, context, out);
  const on = target?.kind === "external" && target.on?.kind === "made" ? target.on.id : undefined;
  const site = lowering.site(context.module, at, "decorator", calleeNames(target, callee), {
    ...(on === undefined ? {} : { receiver: on }),
    ...(role === undefined ? {} : { role }),
  });
  const key =
    target?.kind === "function" && !target.of.node.isAsync
      ? lowering.functionKey(
          target,
          boundParameters(lowering.resolver, target, at.kind === "call" ? at : null, context.frame),
        )
      : null;
  out.push({ kind: "call", site, target: key });
}

/** `@app.on_event("startup")` and `@worker_init.connect`. */
function noteStartup(lowering: Lowering, at: Expression, of: CodeFunction, context: Context): void {
  if (at.kind !== "call" || at.callee.kind !== "attribute" || at.callee.name !== "on_event") return;
  const first = at.args[0]?.value;
  if (first?.kind !== "string" || first.value !== "startup") return;
  const on = lowering.resolver.evaluate(at.callee.of, context.frame);
  const info = infoOf(of);
  if (!info) return;
  const value: FunctionValue = { kind: "function", of: info, self: null, env: context.frame.env };
  lowering.app(on?.kind === "made" ? on.id : "").startup.push({ value, place: { module: context.module, span: at } });
}

/** Conditions that are known when a process starts. */
function knownTest(at: Expression, context: Context): boolean | null {
  if (at.kind === "constant")
    return /^(?:True|true|1)$/.test(at.text) ? true : /^(?:False|false|0|None|null)$/.test(at.text) ? false : null;
  if ((at.kind === "name" || at.kind === "attribute") && at.name === "TYPE_CHECKING") return false;
  if (at.kind === "binary" && (at.operator === "==" || at.operator === "===")) {
    const words = [writtenName(at.left), writtenName(at.right)];
    if (words.includes("__name__")) {
      const text = at.left.kind === "string" ? at.left.value : at.right.kind === "string" ? at.right.value : null;
      if (text === "__main__") return context.isMain;
    }
    if (words.includes("require.main") && words.includes("module")) return context.isMain;
  }
  return null;
}

const isAlways = (at: Expression): boolean => at.kind === "constant" && /^(?:True|true|1)$/.test(at.text);
