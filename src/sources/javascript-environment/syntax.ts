import type { EnvironmentRead, EnvironmentReads } from "../../types/environment-read.ts";
import type { Need } from "../../types/secret-reference.ts";
import { ts } from "../typescript.ts";
import { startOf } from "../typescript-places.ts";

/** What a walk over one file knows of it. */
export interface JavascriptReader {
  file: ts.SourceFile;
  text: string;
  result: EnvironmentReads;
  /** Names that hold the whole environment: `const env = process.env`. */
  environments: Set<string>;
  /** Names that hold one variable's value, with its reads. */
  bound: Map<string, EnvironmentRead[]>;
  /** Literal lists of names. */
  lists: Map<string, string[]>;
  /** Initialisers of top-level names. */
  values: Map<string, ts.Expression>;
  /** Names taken out of the environment by a pattern, with the default there. */
  taken: Map<string, { name: string; otherwise: ts.Expression | null }>;
  /** Names with the variables that they were set from, as far as asked. */
  settings: Map<string, readonly string[]>;
  /** Functions that throw where their first argument is empty. */
  asserting: Set<string>;
}

/** Adds one read at a node. */
export function add(
  name: string,
  need: Need,
  node: ts.Node,
  guarded: ReadonlySet<string>,
  reader: JavascriptReader,
): EnvironmentRead {
  const start = startOf(node, reader.file);
  const read: EnvironmentRead = {
    name,
    need: guarded.has(name) ? "optional" : need,
    form: reader.text.slice(start, Math.min(node.end, start + 80)).replace(/\s+/g, " "),
    unless: null,
    atImport: !insideFunction(node),
    start,
    end: node.end,
  };
  reader.result.reads.push(read);
  return read;
}

export function insideFunction(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node.parent; at; at = at.parent) if (ts.isFunctionLike(at)) return true;
  return false;
}

/** Whether an expression is the whole environment. */
export function isEnvironment(node: ts.Expression, reader: Pick<JavascriptReader, "environments">): boolean {
  const name = dotted(unwrap(node));
  return (
    name !== null &&
    (/^(?:(?:globalThis|window|global)\.)?(?:process\.env|Bun\.env)$|^import\.meta\.env$/.test(name) ||
      reader.environments.has(name))
  );
}

/** Whether an expression is a text without holes. */
export const isText = (node: ts.Expression): boolean =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);

/** Takes off parentheses, `!`, `as` and `satisfies`. */
export function unwrap(node: ts.Expression): ts.Expression {
  let at = node;
  while (
    ts.isParenthesizedExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isSatisfiesExpression(at) ||
    ts.isTypeAssertionExpression(at)
  )
    at = at.expression;
  return at;
}

/** `a.b.c` of names and attributes, or null. */
export function dotted(node: ts.Expression): string | null {
  if (ts.isIdentifier(node)) return node.text;
  if (node.kind === ts.SyntaxKind.ThisKeyword) return "this";
  if (ts.isMetaProperty(node)) return "import.meta";
  if (ts.isElementAccessExpression(node) && isText(node.argumentExpression)) {
    const object = dotted(unwrap(node.expression));
    return object === null ? null : `${object}.${(node.argumentExpression as ts.StringLiteral).text}`;
  }
  if (!ts.isPropertyAccessExpression(node)) return null;
  const object = dotted(unwrap(node.expression));
  return object === null ? null : `${object}.${node.name.text}`;
}
