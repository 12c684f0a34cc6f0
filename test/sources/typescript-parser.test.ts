import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { ts as whole } from "ts-morph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { membersRead, parserShaking, typescriptParser } from "../../.ci/typescript-parser.ts";

type Compiler = typeof whole;

const root = join(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "predeploy-parser-"));
let alone: Compiler;

beforeAll(async () => {
  const bundle = await rolldown({
    input: { typescript: "virtual:typescript" },
    platform: "node",
    treeshake: parserShaking,
    plugins: [typescriptParser(root)],
  });
  await bundle.write({ dir: directory, format: "cjs", entryFileNames: "[name].cjs" });
  alone = createRequire(import.meta.url)(join(directory, "typescript.cjs")).ts;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const members = [...membersRead(root)];

/**
 * A tree as text: kind, range, flags, name of every node, what else the sources read of it, the start of its first token, and how many errors
 * there were.
 */
function written(ts: Compiler, text: string, kind: number): string {
  const file = ts.createSourceFile(
    "file.tsx",
    text,
    { languageVersion: whole.ScriptTarget.Latest, jsDocParsingMode: whole.JSDocParsingMode.ParseNone },
    false,
    kind,
  );
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
  const out: unknown[] = [parseDiagnostics.length];
  const { getTokenPosOfNode } = ts as unknown as { getTokenPosOfNode(node: object, of: object): number };
  const visit = (node: import("ts-morph").ts.Node): void => {
    out.push(node.kind, node.pos, node.end, node.flags, getTokenPosOfNode(node, file));
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)) out.push(node.text);
    for (const name of members) {
      const value = Object.hasOwn(node, name) ? (node as unknown as Record<string, unknown>)[name] : undefined;
      if (typeof value === "number" || typeof value === "boolean") out.push(name, value);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return out.join();
}

const names = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
    .map((name) => join(root, folder, name));

const texts = (): string[] =>
  [...names("src/sources"), ...names("src/model/startup")].map((one) => readFileSync(one, "utf8"));

const forms = [
  "class A { #x = 1; @d() m<T>(this: A, ...r: T[]): asserts this is A { return this.#x } static { f() } accessor y = 1 }",
  "const e = <div {...p} a='1' b={c}>text {x} <></></div>;",
  "const f = <T,>(x: T) => x as unknown as string satisfies string; a?.b?.[c]?.(d) ?? e!; x = y ||= z;",
  "enum E { A = 1, B }\nnamespace N.M { export const x = 1 }\ndeclare module 'm' { export = x }\nimport a = require('a');",
  "import type { A, B as C } from './a.js' with { type: 'json' };\nexport * as ns from 'b'; export default class {}",
  "for await (const [a, { b = 1, ...c }] of d) { label: while (1) { continue label } }\nusing r = open(); await using s = r;",
  "type T<K extends keyof U = never> = { readonly [P in K as `x${P}`]?: U[P] } & (new () => infer) | typeof import('x').y;",
  "const r = /[/\\]]+(?<n>a)/giu, t = tag`a${b}c${`d${e}`}`, n = 1_000n, h = 0xff;",
  "async function* g() { yield* await x; } var __proto__ = 1, ünïcode = 2, \\u0061b = 3;",
  "<<<<<<< HEAD\nlet a = 1;\n=======\nlet a = 2;\n>>>>>>> main\n",
  "#!/usr/bin/env node\n// @ts-nocheck\n/** doc */ let x: number[] | undefined = {",
];

describe("the parser in the bundle", () => {
  it("gives the trees of the whole compiler", () => {
    for (const text of [...texts(), ...forms]) {
      for (const kind of [whole.ScriptKind.TS, whole.ScriptKind.TSX, whole.ScriptKind.JSX])
        expect(written(alone, text, kind) === written(whole, text, kind), text.slice(0, 200)).toBe(true);
    }
  }, 60_000);

  it("gives them for damaged text, too", () => {
    for (const text of forms) {
      for (let at = 1; at < text.length; at += 3) {
        const damaged = at % 2 === 0 ? text.slice(0, at) : text.slice(0, at) + text.slice(at + 2);
        const kind = at % 4 === 0 ? whole.ScriptKind.TSX : whole.ScriptKind.TS;
        expect(written(alone, damaged, kind) === written(whole, damaged, kind), damaged).toBe(true);
      }
    }
  }, 60_000);
});
