import type { EnvironmentRead } from "../types/environment-read.ts";
import type { Need } from "../types/need.ts";
import { add, dotted, isEnvironment, isText, type JavascriptReader, unwrap } from "./javascript-environment/syntax.ts";
import { ts } from "./typescript.ts";
import { textOf } from "./typescript-places.ts";

const ENVIRONMENT_NAME = /^[A-Z][A-Z0-9_]*$/;
/** The last names of what `schemaCall` knows: a file without any of them declares no schema. */
const MAY_DECLARE = /cleanEnv|CleanEnv|createEnv|object|Object|xtend|keys|append/;

/** The variables that validation schemas declare: t3-env, zod, envalid, Joi, convict, class-validator. */
export function schemaReads(reader: JavascriptReader): void {
  const { text } = reader;
  const validates = /['"]class-validator['"]/.test(text);
  const convicts = /['"]convict['"]/.test(text);
  if (!validates && !convicts && !MAY_DECLARE.test(text)) return;
  const used = parsedSchemas(reader);
  const walk = (node: ts.Node, depth: number): void => {
    if (depth > 400) return;
    if (ts.isCallExpression(node)) schemaCall(node, used, reader);
    if (validates && ts.isClassLike(node)) validatedClass(node, reader);
    if (convicts && ts.isObjectLiteralExpression(node)) convictEntry(node, reader);
    ts.forEachChild(node, (child) => walk(child, depth + 1));
  };
  walk(reader.file, 0);
}

/** Schemas that the file parses the environment with, by name, with the keys that what is built on them says anew. */
type ParsedSchemas = ReadonlyMap<string, ReadonlySet<string>>;

/** Schemas that the file parses the environment with, and those that they are made of. Null: the file parses nothing, so its names decide. */
function parsedSchemas(reader: JavascriptReader): ParsedSchemas | null {
  const names = new Map<string, ReadonlySet<string>>();
  let parses = false;
  const walk = (node: ts.Node, depth: number): void => {
    if (depth > 400) return;
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (/^(?:parse|safeParse|parseAsync|safeParseAsync|validate|validateSync|attempt)$/.test(name.text)) {
        parses = true;
        const given = node.arguments.some((one) => mentionsEnvironment(one, reader));
        const target = dotted(expression);
        if (given && target !== null) names.set(target, NOTHING);
        if (given)
          for (const argument of node.arguments) if (ts.isIdentifier(argument)) names.set(argument.text, NOTHING);
      }
    }
    ts.forEachChild(node, (child) => walk(child, depth + 1));
  };
  walk(reader.file, 0);
  for (const [name, anew] of names)
    for (const [part, keys] of partsOf(name, reader))
      if (!names.has(part)) names.set(part, new Set([...anew, ...keys]));
  return parses ? names : null;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The schemas that a schema is made of, each with the keys that later parts say anew: `base.extend({…})`, `a.merge(b)`, `z.object({ ...base.shape })`. */
function partsOf(name: string, reader: JavascriptReader): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  const value = reader.values.get(name);
  const one = value && unwrap(value);
  if (!one || !ts.isCallExpression(one)) return found;
  const { names, root } = chainOf(one);
  // What takes fields away, or makes them optional, leaves open which of them are still required.
  if (names.some((each) => /^(?:partial|deepPartial|pick|omit|optional|default|catch|nullish)$/.test(each)))
    return found;
  const anew = new Set<string>();
  const part = (at: ts.Expression): void => {
    const written = (dotted(at) ?? "").replace(/\.shape$/, "");
    if (reader.values.has(written)) found.set(written, new Set(anew));
    const shape = objectOf(reader.values.get(written) ?? at, reader);
    for (const each of shape ? fields(shape) : []) anew.add(each.name);
  };
  // Outermost call first: what stands there is said last.
  for (let at: ts.Expression = one; ts.isCallExpression(at) || ts.isPropertyAccessExpression(at); at = at.expression)
    for (const argument of ts.isCallExpression(at) ? at.arguments : []) {
      if (!ts.isObjectLiteralExpression(argument)) {
        part(argument);
        continue;
      }
      for (const each of fields(argument)) anew.add(each.name);
      for (const each of argument.properties) if (ts.isSpreadAssignment(each)) part(each.expression);
    }
  if (ts.isIdentifier(root)) part(root);
  return found;
}

function mentionsEnvironment(node: ts.Expression, reader: JavascriptReader): boolean {
  const one = unwrap(node);
  if (isEnvironment(one, reader)) return true;
  if (ts.isIdentifier(one)) {
    const value = reader.values.get(one.text);
    return value !== undefined && /\bprocess\.env\b|import\.meta\.env/.test(textOf(value, reader.file));
  }
  return ts.isObjectLiteralExpression(one) && /\bprocess\.env\b|import\.meta\.env/.test(textOf(one, reader.file));
}

function schemaCall(node: ts.CallExpression, used: ParsedSchemas | null, reader: JavascriptReader): void {
  const callee = dotted(node.expression) ?? "";
  const [first, second] = node.arguments;
  if (/^(?:cleanEnv|envalid\.cleanEnv|customCleanEnv)$/.test(callee) && second) {
    const shape = objectOf(second, reader);
    if (shape) for (const { name, value, at } of fields(shape)) report(name, envalidNeed(value, reader), at, reader);
    return;
  }
  if (callee === "createEnv" && first && ts.isObjectLiteralExpression(first)) {
    for (const part of first.properties) {
      if (!ts.isPropertyAssignment(part) || !/^(?:server|client|shared)$/.test(textOf(part.name, reader.file)))
        continue;
      const shape = objectOf(part.initializer, reader);
      if (shape)
        for (const { name, value, at } of fields(shape)) {
          const read = report(name, zodNeed(value, reader), at, reader);
          if (read && isTrue(first, "emptyStringAsUndefined")) read.emptyIsAbsent = true;
        }
    }
    return;
  }
  const isZod =
    /^(?:z|zod|zod\.z|Z)\.(?:object|strictObject|looseObject)$/.test(callee) || /\.(?:extend|safeExtend)$/.test(callee);
  const isJoi =
    /^(?:Joi|joi|Yup|yup)\.object$/.test(callee) ||
    /^(?:Joi|joi)\.object\.keys$/.test(callee) ||
    (/\.(?:keys|append)$/.test(calleeEnd(node)) && /\bjoi\b/i.test(reader.text));
  if ((!isZod && !isJoi) || !first) return;
  const shape = objectOf(first, reader);
  if (!shape) return;
  const { name: holder, partial } = holderOf(node);
  const all = fields(shape);
  const looksIt = all.length > 0 && all.every((one) => ENVIRONMENT_NAME.test(one.name));
  const named = holder !== null && used?.has(holder) === true;
  const inline = parsedInline(node, reader);
  // A schema that the file parses with is one of the environment only if the environment is what it parses.
  const trusted =
    named || inline || (looksIt && (used === null || used.size === 0 || /env|config/i.test(holder ?? "")));
  if (!trusted || partial) return;
  const always = /presence\s*:\s*['"]required['"]/.test(reader.text);
  const anew = (holder !== null && used?.get(holder)) || NOTHING;
  for (const { name, value, at } of all)
    if (ENVIRONMENT_NAME.test(name) && !anew.has(name))
      report(name, isJoi ? joiNeed(value, always, reader) : zodNeed(value, reader), at, reader);
}

const calleeEnd = (node: ts.CallExpression) =>
  ts.isPropertyAccessExpression(node.expression) ? `.${node.expression.name.text}` : "";

function report(name: string, need: Need | null, at: ts.Node, reader: JavascriptReader): EnvironmentRead | null {
  return need !== null && name !== "NODE_ENV" ? add(name, need, at, new Set(), reader) : null;
}

const isTrue = (object: ts.ObjectLiteralExpression, key: string): boolean =>
  object.properties.some(
    (one) =>
      ts.isPropertyAssignment(one) &&
      ts.isIdentifier(one.name) &&
      one.name.text === key &&
      one.initializer.kind === ts.SyntaxKind.TrueKeyword,
  );

interface Field {
  name: string;
  value: ts.Expression;
  at: ts.Node;
}

function fields(shape: ts.ObjectLiteralExpression): Field[] {
  return shape.properties.flatMap((one) =>
    ts.isPropertyAssignment(one) && (ts.isIdentifier(one.name) || ts.isStringLiteral(one.name))
      ? [{ name: one.name.text, value: one.initializer, at: one }]
      : [],
  );
}

function objectOf(node: ts.Expression, reader: JavascriptReader): ts.ObjectLiteralExpression | null {
  const one = unwrap(node);
  if (ts.isObjectLiteralExpression(one)) return one;
  if (!ts.isIdentifier(one)) return null;
  const value = reader.values.get(one.text);
  return value && ts.isObjectLiteralExpression(unwrap(value)) ? (unwrap(value) as ts.ObjectLiteralExpression) : null;
}

/** The variable that a schema is assigned to, and whether `.partial()` makes it all optional. */
function holderOf(node: ts.Node): { name: string | null; partial: boolean } {
  let partial = false;
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isVariableDeclaration(parent))
      return { name: ts.isIdentifier(parent.name) ? parent.name.text : null, partial };
    if (ts.isPropertyAccessExpression(parent))
      partial ||= parent.name.text === "partial" || parent.name.text === "deepPartial";
    else if (
      !ts.isCallExpression(parent) &&
      !ts.isParenthesizedExpression(parent) &&
      !ts.isAsExpression(parent) &&
      !ts.isPropertyAssignment(parent)
    )
      break;
    if (ts.isPropertyAssignment(parent)) return { name: textOf(parent.name), partial };
  }
  return { name: null, partial };
}

/** `z.object({…}).parse(process.env)`. */
function parsedInline(node: ts.Node, reader: JavascriptReader): boolean {
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === at) continue;
    if (!ts.isCallExpression(parent)) return false;
    if (parent.expression !== at) return false;
    if (parent.arguments.some((one) => mentionsEnvironment(one, reader))) return true;
  }
  return false;
}

/** Whether zod refuses an absent value; null where nobody can tell. */
function zodNeed(value: ts.Expression, reader: JavascriptReader, depth = 0): Need | null {
  const one = unwrap(value);
  if (depth > 20) return "optional";
  if (ts.isConditionalExpression(one)) {
    const test = textOf(one.condition, reader.file);
    const [yes, no] = [zodNeed(one.whenTrue, reader, depth + 1), zodNeed(one.whenFalse, reader, depth + 1)];
    // What is deployed runs as production.
    if (/NODE_ENV\s*={2,3}\s*['"]production['"]|isProd/.test(test) && !/^!/.test(test)) return yes;
    if (
      /NODE_ENV\s*!={1,2}\s*['"]production['"]|^!\w*isProd|NODE_ENV\s*={2,3}\s*['"](?:development|test)['"]|isDev/.test(
        test,
      )
    )
      return no;
    return yes === "required" && no === "required" ? "required" : "optional";
  }
  if (ts.isIdentifier(one)) {
    const declared = reader.values.get(one.text);
    return declared ? zodNeed(declared, reader, depth + 1) : "optional";
  }
  if (!ts.isCallExpression(one)) return "optional";
  const chain = chainOf(one);
  if (chain.names.some((name) => /^(?:optional|default|catch|nullish|prefault|exactOptional|fallback)$/.test(name)))
    return "optional";
  const root = textOf(chain.root, reader.file);
  if (ts.isCallExpression(chain.root)) return "optional";
  const constructors = chain.names.filter((name) => name !== "coerce");
  const [kind] = constructors;
  if (
    /^(?:any|unknown|undefined|void|optional|nullish|preprocess|union|or|custom|lazy|discriminatedUnion|pipe)$/.test(
      kind ?? "",
    )
  ) {
    if (kind === "union" || kind === "discriminatedUnion") {
      const list = chain.first?.arguments[0];
      const parts = list && ts.isArrayLiteralExpression(list) ? list.elements : [];
      return parts.length > 0 && parts.every((part) => zodNeed(part, reader, depth + 1) === "required")
        ? "required"
        : "optional";
    }
    return "optional";
  }
  if (chain.names.includes("coerce") && /^(?:boolean|string|bigint)$/.test(kind ?? "")) return "optional";
  if (chain.names.includes("or"))
    return /undefined|optional|null/.test(textOf(one, reader.file)) ? "optional" : "required";
  // `optionalString.min(1)`: what stands in front is a schema of the file.
  if (ts.isIdentifier(chain.root) && reader.values.has(root))
    return zodNeed(reader.values.get(root)!, reader, depth + 1);
  return /^(?:z|zod|Z|v)$/.test(root) ? "required" : "optional";
}

/** The names along a call chain, first first, with the innermost call. */
function chainOf(node: ts.CallExpression): { names: string[]; root: ts.Expression; first: ts.CallExpression | null } {
  const names: string[] = [];
  let at: ts.Expression = node;
  let first: ts.CallExpression | null = null;
  for (let steps = 0; steps < 60; steps++) {
    if (ts.isCallExpression(at)) {
      first = at;
      at = at.expression;
    } else if (ts.isPropertyAccessExpression(at)) {
      names.unshift(at.name.text);
      at = at.expression;
    } else break;
  }
  return { names, root: at, first };
}

/** envalid: required unless `default` is given, even as undefined; `devDefault` counts outside production only. */
function envalidNeed(value: ts.Expression, reader: JavascriptReader): Need {
  const one = unwrap(value);
  if (!ts.isCallExpression(one)) return "optional";
  const [options] = one.arguments;
  if (!options) return "required";
  const shape = objectOf(options, reader);
  if (!shape) return "optional";
  return shape.properties.some(
    (each) =>
      (each.name !== undefined && /^(?:default|requiredWhen)$/.test(textOf(each.name, reader.file))) ||
      ts.isSpreadAssignment(each),
  )
    ? "optional"
    : "required";
}

/** Joi: optional unless `.required()`, or `presence: 'required'` for the whole schema. */
function joiNeed(value: ts.Expression, always: boolean, reader: JavascriptReader): Need {
  const one = unwrap(value);
  if (!ts.isCallExpression(one)) return "optional";
  const { names } = chainOf(one);
  if (
    names.some((name) => /^(?:default|optional|when|forbidden|strip|notRequired|exist)$/.test(name)) &&
    !names.includes("exist")
  )
    return "optional";
  void reader;
  return names.includes("required") || names.includes("exist") || always ? "required" : "optional";
}

/** A class of class-validator with the names of variables as fields. */
function validatedClass(node: ts.ClassLikeDeclaration, reader: JavascriptReader): void {
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member) || !ts.isIdentifier(member.name) || !ENVIRONMENT_NAME.test(member.name.text))
      continue;
    const decorators = (ts.getDecorators(member) ?? []).map((one) => {
      const call = one.expression;
      return dotted(ts.isCallExpression(call) ? call.expression : call) ?? "";
    });
    if (
      !decorators.some((name) => /^(?:Is|Min|Max|Matches|Length|Contains|Array|Validate|NotEquals|Equals)/.test(name))
    )
      continue;
    const free =
      member.initializer !== undefined || decorators.some((name) => /Optional|ValidateIf|Allow|If[A-Z]/.test(name));
    add(member.name.text, free ? "optional" : "required", member.name, new Set(), reader);
  }
}

/** `{ env: 'X', default: null }` of convict: null does not pass the format unless `nullable` says so. */
function convictEntry(node: ts.ObjectLiteralExpression, reader: JavascriptReader): void {
  const values = new Map(fields(node).map((one) => [one.name, one]));
  const env = values.get("env");
  if (!env || !isText(unwrap(env.value)) || !values.has("default")) return;
  const required = textOf(values.get("default")!.value, reader.file) === "null" && !values.has("nullable");
  add((unwrap(env.value) as ts.StringLiteral).text, required ? "required" : "optional", env.at, new Set(), reader);
}
