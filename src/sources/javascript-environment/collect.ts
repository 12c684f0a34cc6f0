import { ts } from "../typescript.ts";
import { textOf } from "../typescript-places.ts";
import { literals } from "./names.ts";
import { add, dotted, ends, isEnvironment, type JavascriptReader, unwrap } from "./syntax.ts";

/** Names, lists, accessors: what the second walk needs to know beforehand. */
export function collect(node: ts.Node, reader: JavascriptReader, depth: number): void {
  if (depth > 400) return;
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) imported(node, reader);
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) {
    const value = unwrap(node.initializer);
    if (isEnvironment(value, reader) || isEnvironmentSpread(value, reader)) reader.environments.add(node.name.text);
    const list = literals(value);
    if (list) reader.lists.set(node.name.text, list);
    reader.values.set(node.name.text, node.initializer);
    if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) functionOf(node.name.text, null, value, reader);
  }
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectBindingPattern(node.name))
    if (isEnvironment(unwrap(node.initializer), reader))
      for (const { name, propertyName, initializer } of node.name.elements)
        if (ts.isIdentifier(name))
          reader.taken.set(name.text, {
            name: propertyName && ts.isIdentifier(propertyName) ? propertyName.text : name.text,
            otherwise: initializer ?? null,
          });
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === "env") handedOn(node, reader);
  if (ts.isFunctionDeclaration(node) && node.name) functionOf(node.name.text, null, node, reader);
  if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)) {
    const owner = ts.isClassLike(node.parent) ? (node.parent.name?.text ?? "") : "";
    functionOf(node.name.text, owner, node, reader);
  }
  ts.forEachChild(node, (child) => collect(child, reader, depth + 1));
}

function imported(node: ts.ImportDeclaration, reader: JavascriptReader): void {
  const from = (node.moduleSpecifier as ts.StringLiteral).text;
  const bindings = node.importClause?.namedBindings;
  const names = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  for (const one of names) {
    const name = (one.propertyName ?? one.name).text;
    if ((from === "process" || from === "node:process") && name === "env") reader.environments.add(one.name.text);
    if (from.startsWith("$env/dynamic/") && name === "env") reader.environments.add(one.name.text);
    // The build of SvelteKit fails where such a name is not set.
    if (from.startsWith("$env/static/")) add(name, "required", one, new Set(), reader);
  }
}

/** A function that reads the environment by its first parameter, or throws where its parameter is empty. */
function functionOf(
  name: string,
  owner: string | null,
  node: ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration,
  reader: JavascriptReader,
): void {
  const [parameter, fallback] = node.parameters;
  if (!node.body || !parameter || !ts.isIdentifier(parameter.name)) return;
  const key = parameter.name.text;
  // Functions lie inside functions: each body is walked only where it may hold what is looked for.
  const body = reader.text.slice(node.body.pos, node.body.end);
  const mayAccess = body.includes("[") && (reader.environments.size > 0 || body.includes("env"));
  if (!mayAccess && !body.includes("throw") && !body.includes("process")) return;
  let reads = false;
  let throws = false;
  let asksOthers = false;
  const walk = (inner: ts.Node, depth: number): void => {
    if (depth > 60) return;
    if (
      ts.isElementAccessExpression(inner) &&
      isEnvironment(inner.expression, reader) &&
      ts.isIdentifier(inner.argumentExpression) &&
      inner.argumentExpression.text === key
    )
      reads = true;
    if (ends(inner)) throws = true;
    if (isOtherSource(inner, key, reader)) asksOthers = true;
    ts.forEachChild(inner, (child) => walk(child, depth + 1));
  };
  walk(node.body, 0);
  // What a store, a page or a file may hold under the same name is not wanted of the environment.
  if (reads && asksOthers) return;
  if (reads) {
    const nullable = fallback !== undefined || node.parameters.length > 1;
    reader.result.accessors.push({ name, of: owner, required: throws, defaultArgument: nullable ? 1 : null });
  } else if (
    throws &&
    new RegExp(
      `!\\s*${key.replace(/\W/g, "")}\\b|\\b${key.replace(/\W/g, "")}\\s*={2,3}\\s*(?:null|undefined|''|"")`,
    ).test(textOf(node.body, reader.file))
  )
    reader.asserting.add(name);
}

/** `localStorage.getItem(key)`, `window.config[key]`, `readFileSync(`/run/secrets/${key}`)`; what an accessor remembers by itself is none. */
function isOtherSource(node: ts.Node, key: string, reader: JavascriptReader): boolean {
  if (ts.isElementAccessExpression(node)) {
    const { expression, argumentExpression: index, parent } = node;
    const isTarget =
      ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return (
      ts.isIdentifier(index) &&
      index.text === key &&
      !isTarget &&
      !isEnvironment(expression, reader) &&
      !REMEMBERED.test(textOf(expression, reader.file))
    );
  }
  if (!ts.isCallExpression(node)) return false;
  const name = dotted(node.expression) ?? "";
  const named = (one: ts.Node): boolean => ts.isIdentifier(one) && one.text === key;
  const [first] = node.arguments;
  if (first === undefined || REMEMBERED.test(name)) return false;
  if (/(?:^|\.)readFile(?:Sync)?$/.test(name))
    return new RegExp(`\\$\\{${key}\\b|\\b${key}\\s*[),]`).test(textOf(first, reader.file));
  return /\.(?:get|getItem|getSecret\w*|getParameter)$/.test(name) && named(first);
}

const REMEMBERED = /cache|memo/i;

/** `spawn(…, { env: { X: x } })`: the environment of another process that the code starts; what it reads of its own there is only passed on. */
function handedOn({ initializer, parent }: ts.PropertyAssignment, reader: JavascriptReader): void {
  const call = parent.parent;
  if (!ts.isObjectLiteralExpression(initializer) || !ts.isCallExpression(call)) return;
  if (!STARTING.test(dotted(call.expression) ?? "")) return;
  for (const one of initializer.properties)
    if (
      ts.isPropertyAssignment(one) &&
      (ts.isIdentifier(one.name) || ts.isStringLiteral(one.name)) &&
      !/\benv\b/.test(textOf(one.initializer, reader.file))
    )
      reader.result.provided.push(one.name.text);
}

const STARTING = /(?:^|\.)(?:spawn|exec|execFile|fork|execa|execaCommand|execaNode)(?:Sync)?$/;

/** `{ ...process.env }`. */
const isEnvironmentSpread = (node: ts.Expression, reader: JavascriptReader): boolean =>
  ts.isObjectLiteralExpression(node) &&
  node.properties.length === 1 &&
  node.properties.every((one) => ts.isSpreadAssignment(one) && isEnvironment(one.expression, reader));
