import type { EnvironmentRead } from "../../types/environment-read.ts";
import { ts } from "../typescript.ts";
import { textOf } from "../typescript-places.ts";
import { loopThrows } from "./endings.ts";
import { needOf } from "./need.ts";
import { add, isEnvironment, isText, type JavascriptReader, unwrap } from "./syntax.ts";
import { isInOtherBranch, whenReached } from "./tests.ts";

/** `const { A, B = 'x' } = process.env` and `const a = process.env.A`. */
export function declared(node: ts.VariableDeclaration, guarded: ReadonlySet<string>, reader: JavascriptReader): void {
  if (!node.initializer) return;
  const value = unwrap(node.initializer);
  if (ts.isObjectBindingPattern(node.name) && isEnvironment(value, reader)) {
    for (const element of node.name.elements) {
      const key = element.propertyName ?? element.name;
      if (element.dotDotDotToken || !(ts.isIdentifier(key) || ts.isStringLiteral(key))) continue;
      const read = add(key.text, element.initializer ? "optional" : "read", element, guarded, reader);
      conditional(read, element, reader);
      if (ts.isIdentifier(element.name)) reader.bound.set(element.name.text, [read]);
    }
    return;
  }
  if (!ts.isIdentifier(node.name)) return;
  const name =
    ts.isPropertyAccessExpression(value) && isEnvironment(value.expression, reader)
      ? value.name.text
      : ts.isElementAccessExpression(value) &&
          isEnvironment(value.expression, reader) &&
          isText(value.argumentExpression)
        ? (value.argumentExpression as ts.StringLiteral).text
        : null;
  // The read itself is made when the walk comes to it; the name is enough here.
  if (name !== null) reader.bound.set(node.name.text, [{ name } as EnvironmentRead]);
}

/** One access of the environment: what its surroundings do with an absent value. */
export function access(
  name: string,
  node: ts.Expression,
  guarded: ReadonlySet<string>,
  reader: JavascriptReader,
  computed = false,
): void {
  if (/^(?:MODE|DEV|PROD|SSR|BASE_URL)$/.test(name) && /import\.meta/.test(textOf(node, reader.file))) return;
  const outcome = needOf(node, reader);
  if (outcome === "assigned") {
    reader.result.provided.push(name);
    return;
  }
  let { need } = outcome;
  if (computed && need === "optional" && loopThrows(node)) need = "required";
  const handed = need === "read" && isHandedToSchema(node, name, reader);
  const read = add(name, handed ? "optional" : need, node, guarded, reader);
  conditional(read, node, reader);
  // What an empty value counts for the schema says as well.
  if (handed) read.emptyIsAbsent = true;
  if (outcome.asserted) read.asserted = true;
  if (outcome.unless !== null && outcome.unless !== name) read.unless = outcome.unless;
}

/** Adds to a read what else the environment must be for it to be reached. */
export function conditional(read: EnvironmentRead, node: ts.Node, reader: JavascriptReader): void {
  const when = read.need === "optional" ? null : whenReached(node, read.name, reader);
  if (when !== null) read.when = when;
  else if (isInOtherBranch(node)) read.unsure = true;
}

/** `X: process.env.X` in the object that a schema is held against: the schema says what is needed. */
function isHandedToSchema(node: ts.Expression, name: string, reader: JavascriptReader): boolean {
  const field = node.parent;
  if (!ts.isPropertyAssignment(field) || field.initializer !== node || textOf(field.name, reader.file) !== name)
    return false;
  const holder = field.parent.parent;
  if (ts.isPropertyAssignment(holder))
    return /^(?:runtimeEnv|runtimeEnvStrict|experimental__runtimeEnv)$/.test(textOf(holder.name, reader.file));
  const isParse = (call: ts.Node) =>
    ts.isCallExpression(call) && /\.(?:safeP|p)arse(?:Async)?$/.test(textOf(call.expression, reader.file));
  if (ts.isCallExpression(holder)) return isParse(holder);
  return (
    ts.isVariableDeclaration(holder) &&
    ts.isIdentifier(holder.name) &&
    new RegExp(`\\.(?:safeP|p)arse(?:Async)?\\(\\s*${holder.name.text.replace(/\W/g, "\\$&")}\\s*[,)]`).test(
      reader.text,
    )
  );
}
