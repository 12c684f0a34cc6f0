import type { Argument, CodeFunction, Expression, Statement } from "../../types/code.ts";
import { valueOfAnnotation } from "./annotations.ts";
import { basesOf } from "./classes.ts";
import { exportedBy, importedModule } from "./members.ts";
import { eachStatement, scopeOf } from "./program.ts";
import type { Resolver } from "./resolver.ts";
import { type Call, type Environment, type Frame, isTransparent, type Value, valueKey } from "./values.ts";

/** What a call expression gives: an object, a module, what a function returns. */
export function valueOfCall(resolver: Resolver, at: Call, frame: Frame): Value | null {
  const { callee } = at;
  const { module } = frame.scope;
  if (module.code.language === "javascript" && callee.kind === "name") {
    const first = at.args[0]?.value;
    if ((callee.name === "require" || callee.name === "import") && first?.kind === "string" && first.value !== null) {
      const target = importedModule(resolver, module, first.value, 0);
      const whole =
        target?.kind === "module" && target.of.commonExports
          ? (exportedBy(resolver, target.of, "default") ?? target)
          : target;
      return callee.name === "import" ? { kind: "promise", of: whole } : whole;
    }
  }
  if (callee.kind === "name" && callee.name === "super" && module.code.language === "python") {
    const of = resolver.enclosingClass(frame.scope);
    const base = of ? basesOf(resolver, of)[0] : undefined;
    return base ? { kind: "instance", of: base, id: null } : null;
  }
  const target = resolver.evaluate(callee, frame);
  if (target === null) return null;
  switch (target.kind) {
    case "class":
      return { kind: "instance", of: target.of, id: `${module.path}:${at.start}` };
    case "function":
      return resultOf(resolver, target, at, frame);
    case "external": {
      if (/(?:^|\.)partial$/.test(target.name) && at.args[0]) {
        const inner = resolver.evaluate(at.args[0].value, frame);
        return inner?.kind === "function" ? { ...inner, given: at.args.slice(1), givenFrame: frame } : null;
      }
      if (target.on === null && ["getattr", "cast", "typing.cast"].includes(target.name)) return null;
      // A method that gives its own object back, or an awaitable of it, keeps the object's identity.
      if (target.on && /\.(?:register|use|withTypeProvider)$/.test(target.name)) return target.on;
      return { kind: "made", name: target.name, id: `${module.path}:${at.start}`, call: at, frame };
    }
    default:
      return null;
  }
}

/** What calling a function of this repository gives. */
export function resultOf(
  resolver: Resolver,
  target: Extract<Value, { kind: "function" }>,
  at: Call,
  frame: Frame,
): Value | null {
  const { node } = target.of;
  if (!isTransparent(node.decorators)) return null;
  if (node.isGenerator) return null;
  const outer: Frame = { scope: target.of.outer, env: target.env };
  const annotated = node.returns ? valueOfAnnotation(resolver, node.returns, outer) : null;
  const env = boundParameters(resolver, target, at, frame);
  const returned = returnedBy(resolver, node, { scope: scopeOf(target.of), env });
  const inner = returned !== null && returned.kind !== "constant" ? returned : annotated;
  if (!node.isAsync) return inner;
  return {
    kind: "promise",
    of: inner?.kind === "promise" && target.of.module.code.language === "javascript" ? inner.of : inner,
  };
}

/** The one value that all returns give. */
function returnedBy(resolver: Resolver, node: CodeFunction, frame: Frame): Value | null {
  const values: (Value | null)[] = [];
  const returns: Statement[] = [];
  eachStatement(node.body, (statement) => {
    if (statement.kind === "return" && statement.value !== null) returns.push(statement);
  });
  if (returns.length === 0 || returns.length > 4) return null;
  for (const one of returns) {
    if (one.kind !== "return" || one.value === null) continue;
    values.push(resolver.evaluate(one.value, frame));
  }
  const first = values[0] ?? null;
  return first !== null && values.every((one) => valueKey(one) === valueKey(first)) ? first : null;
}

/** The environment of a call: parameters bound to functions, objects with an identity, and literal tables. */
export function boundParameters(
  resolver: Resolver,
  target: Extract<Value, { kind: "function" }>,
  at: Call | null,
  frame: Frame,
): Environment {
  const env = new Map(target.env);
  if (target.self?.kind === "instance" && target.self.id !== null) env.set("this", target.self);
  else env.delete("this");
  const { parameters } = target.of.node;
  const python = target.of.module.code.language === "python";
  const skip = python && target.of.class !== null && !target.of.node.isStatic && target.self !== null ? 1 : 0;
  const give = (name: string, value: Value | null): void => {
    if (value === null || !isBindable(value)) return;
    const named = value.kind === "function" && value.of.node.name !== "" && value.passedAt === undefined && at !== null;
    const passed = named ? { ...value, passedAt: { module: frame.scope.module, span: at } } : value;
    env.set(`${target.of.id}:${name}`, passed);
  };
  const place = (args: readonly Argument[], from: number, inFrame: Frame): number => {
    let position = from;
    const rest: Expression[] = [];
    for (const argument of args) {
      if (argument.spread) {
        position = parameters.length;
        continue;
      }
      if (argument.name !== undefined) {
        give(argument.name, valueGiven(resolver, argument.value, inFrame));
        continue;
      }
      const parameter = parameters[position];
      if (parameter === undefined) continue;
      if (parameter.rest) rest.push(argument.value);
      else {
        position++;
        give(parameter.name, valueGiven(resolver, argument.value, inFrame));
      }
    }
    const last = parameters[position];
    if (last?.rest && rest.length > 0 && !args.some((one) => one.spread))
      give(last.name, { kind: "list", items: rest, frame: inFrame });
    return position;
  };
  const next = target.given && target.givenFrame ? place(target.given, skip, target.givenFrame) : skip;
  if (at) place(at.args, next, frame);
  return env;
}

/** An argument's value: a coroutine stays the call that made it. */
function valueGiven(resolver: Resolver, at: Expression, frame: Frame): Value | null {
  if (at.kind === "call" && frame.scope.module.code.language === "python") {
    const target = resolver.evaluate(at.callee, frame);
    if (target?.kind === "function" && target.of.node.isAsync && !target.of.node.isGenerator)
      return { kind: "coroutine", call: at, frame };
  }
  return resolver.evaluate(at, frame);
}

/** Values worth telling apart at a call: what can be called, what has an identity, and literal tables. */
function isBindable(value: Value): boolean {
  switch (value.kind) {
    case "function":
    case "class":
    case "list":
    case "dict":
    case "coroutine":
      return true;
    case "made":
      return value.id !== "";
    case "instance":
      return true;
    case "external":
      return value.name.includes(".");
    default:
      return false;
  }
}
