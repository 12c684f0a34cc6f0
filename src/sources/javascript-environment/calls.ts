import type { Need } from "../../types/need.ts";
import { ANY_NAME } from "../environment-tests.ts";
import { ts } from "../typescript.ts";
import { startOf } from "../typescript-places.ts";
import { conditional } from "./accesses.ts";
import { needOf } from "./need.ts";
import { add, dotted, isCaught, isEnvironment, isText, type JavascriptReader, runsAtImport, unwrap } from "./syntax.ts";
import { whenReached } from "./tests.ts";

/** `Object.assign(process.env, { X: x })`: the code gives the variables itself; which, only a literal says. */
function assigned(node: ts.CallExpression, given: readonly ts.Expression[], reader: JavascriptReader): void {
  if (
    !/^(?:Object\.assign|(?:_|lodash)\.(?:assign|merge|extend)|dotenv\.populate)$/.test(dotted(node.expression) ?? "")
  )
    return;
  // What a function gives later may be for what it starts.
  const unnamed = runsAtImport(node) ? [ANY_NAME] : [];
  for (const one of given) {
    const value = unwrap(one);
    if (!ts.isObjectLiteralExpression(value)) reader.result.provided.push(...unnamed);
    else
      for (const { name } of value.properties)
        reader.result.provided.push(
          ...(name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : unnamed),
        );
  }
}

/** Calls with the name of a variable as first argument: ConfigService, env-var, accessors of this or another file. */
export function called(node: ts.CallExpression, guarded: ReadonlySet<string>, reader: JavascriptReader): void {
  const [first, ...more] = node.arguments;
  if (first && isEnvironment(first, reader)) assigned(node, more, reader);
  if (!first || !isText(first)) return;
  const name = (first as ts.StringLiteral).text;
  if (!/^[A-Za-z_][A-Za-z0-9_]+$/.test(name) || name !== name.toUpperCase()) return;
  const callee = dotted(node.expression);
  if (callee === null) return;
  const method = callee.slice(callee.lastIndexOf(".") + 1);
  const object = callee.includes(".") ? callee.slice(0, callee.lastIndexOf(".")) : null;
  const outcome = needOf(node, reader);
  const soft = outcome !== "assigned" && outcome.need === "optional";
  if (callee === "Deno.env.get" || (callee === "env.get" && /['"]env-var['"]/.test(reader.text))) {
    const chain = chainOf(node);
    const need: Need =
      callee === "env.get"
        ? chain.includes("required") && !chain.includes("default")
          ? "required"
          : "optional"
        : outcome === "assigned"
          ? "read"
          : outcome.need;
    conditional(add(name, need, node, guarded, reader), node, reader);
    return;
  }
  if (object !== null && method === "getOrThrow") {
    conditional(add(name, soft ? "optional" : "required", node, guarded, reader), node, reader);
    return;
  }
  if (object !== null && method === "get" && /ConfigService/.test(reader.text) && /config/i.test(object)) {
    const need: Need =
      node.arguments.length > 1 && !ts.isObjectLiteralExpression(node.arguments[1]!)
        ? "optional"
        : outcome === "assigned"
          ? "read"
          : outcome.need;
    const read = add(name, need, node, guarded, reader);
    conditional(read, node, reader);
    if (ts.isVariableDeclaration(node.parent) && ts.isIdentifier(node.parent.name))
      reader.bound.set(node.parent.name.text, [read]);
    return;
  }
  const start = startOf(node, reader.file);
  const when = whenReached(node, name, reader);
  reader.result.calls.push({
    callee: method,
    object,
    name,
    arguments: node.arguments.length,
    handled: guarded.has(name) || soft || isCaught(node),
    start,
    end: node.end,
    atImport: runsAtImport(node),
    ...(when === null ? {} : { when }),
  });
}

/** Names of the methods called on a call's result: `.required().asString()`. */
function chainOf(node: ts.Node): string[] {
  const names: string[] = [];
  for (
    let at: ts.Node = node;
    ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at;
    at = at.parent.parent
  )
    names.push(at.parent.name.text);
  return names;
}
