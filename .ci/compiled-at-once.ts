import type { Plugin } from "rolldown";
import { type Node, nameOf, parse, replaced } from "./syntax.ts";

/**
 * Puts functions that most runs call in parentheses: V8 reads a function once to find its end and again when it is called, but compiles one
 * in parentheses at once (https://v8.dev/blog/preparser#pife). A declaration becomes a variable at the top of its file, where it is hoisted
 * to as well.
 * @param often names of functions at the top level, by module
 */
export function compiledAtOnce(often: Readonly<Record<string, readonly string[]>>): Plugin {
  const isOften = (path: string, name: string): boolean => often[path]?.includes(name.replace(/\$\d+$/, "")) ?? false;
  return {
    name: "compiled-at-once",
    renderChunk: (code) => ({ code: withParentheses(code, isOften) }),
  };
}

/** @param isOften whether most runs call a function, by the path of its module and its name in the bundle */
export function withParentheses(code: string, isOften: (path: string, name: string) => boolean): string {
  const { body } = parse(code) as unknown as { body: Node[] };
  // The bundler writes above the text of each module where it comes from.
  const modules = [...code.matchAll(/^\/\/ (src\/\S+?)(?:\.seldom)?\.ts$/gm)].map(({ index, 1: path }) => ({
    index,
    path: `${path}.ts`,
  }));
  const pathAt = (offset: number): string => modules.findLast(({ index }) => index < offset)?.path ?? "";
  const heads: string[] = [];
  const edits: [start: number, end: number, by: string][] = [];
  for (const { type, start, end, id, kind, declarations } of body) {
    if (type === "FunctionDeclaration" && isOften(pathAt(start), nameOf(id)!)) {
      const { start: from, end: to } = id as Node;
      heads.push(`var ${nameOf(id)} = (${code.slice(start, from)}${code.slice(to, end)});\n`);
      edits.push([start, end, ""]);
    }
    if (type !== "VariableDeclaration" || kind !== "const") continue;
    for (const { id, init } of declarations as { id: Node; init: Node | null }[])
      if (init?.type === "ArrowFunctionExpression" && isOften(pathAt(start), nameOf(id) ?? ""))
        edits.push([init.start, init.end, `(${code.slice(init.start, init.end)})`]);
  }
  return heads.join("") + replaced(code, edits);
}
