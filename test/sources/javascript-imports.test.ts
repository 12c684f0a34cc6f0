import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scanJavascriptImports } from "../../src/sources/javascript-imports.ts";
import { importsByTypescript, lineOf } from "../oracles/typescript-imports.ts";

const scanned = (text: string) =>
  scanJavascriptImports(text).map((one) =>
    lineOf(one.start, one.kind, one.type, one.inFunction, one.guarded, one.specifier),
  );

const endings = /\.(?:[cm]?[jt]s|[jt]sx)$/;

function sourcesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && endings.test(one.name))
    .map((one) => join(one.parentPath, one.name));
}

const root = join(import.meta.dirname, "../..");

test("own sources and installed packages read as the TypeScript AST has them", () => {
  const different: string[] = [];
  let imports = 0;
  const folders = [
    "src",
    "test",
    ...[
      "vitest",
      "vite",
      "zod",
      "yaml",
      "@octokit",
      "@actions",
      "rolldown",
      "chai",
      "commander",
      "micromatch",
      "fast-glob",
    ].map((name) => `node_modules/${name}`),
  ];
  for (const path of folders.flatMap((folder) => sourcesBelow(join(root, folder)))) {
    const text = readFileSync(path, "utf8");
    if (text.length > 400_000) continue;
    const expected = importsByTypescript(path, text);
    imports += expected.length;
    if (JSON.stringify(scanned(text)) !== JSON.stringify(expected)) different.push(path);
  }
  expect(different).toEqual([]);
  expect(imports).toBeGreaterThan(1500);
});

const traps: [title: string, path: string, text: string][] = [
  [
    "strings, comments, templates and expressions that look like imports",
    "a.ts",
    'const a = "import x from \'no\'"; // import "no"\n/* require("no") */ const r = /import "no"/g.test(a) / 2;\nconst t = `import "no" ${require("yes")} require("no")`;',
  ],
  [
    "clauses over lines, with comments and odd names",
    "a.ts",
    'import /* c */ a, {\n  b as c, // from "no"\n  "x-y" as d,\n  default as e,\n} from /* d */ "yes";\nimport * as ns from \'yes2\'\nimport from, { type } from "yes3"\n',
  ],
  [
    "type imports and their look-alikes",
    "a.ts",
    'import type A from "a";\nimport type from "b";\nimport type, { x } from "c";\nimport type { B } from "d";\nimport { type C, type D } from "e";\nimport { type E, f } from "f";\nimport { type as g } from "g";\nimport { type as as h } from "h";\nimport { type } from "i";\nexport type { J } from "j";\nexport { type K } from "k";\nexport type * from "l";\nexport * as m from "m";\nimport type N = require("n");\nimport O = require("o");\nimport P = O.Q;\nexport { O };\n',
  ],
  [
    "import() as a type",
    "a.ts",
    'type A = import("no").B;\nlet x: typeof import("no");\nfunction f(a: import("no").C<string>): import("no").D { return import("yes").then((m) => m.x); }\nexport const lazy = { load: () => import("yes2") };',
  ],
  [
    "functions of every form",
    "a.ts",
    'function a() { require("1") }\nconst b = () => require("2")\nconst c = require("3")\nconst d = async (x = require("4")) => { await import("5") }\nclass E { f = require("6"); static g = require("7"); h(): Promise<{ a: 1 }> { return import("8") } static { require("9") } get i() { return require("10") } }\nconst o = { p() { require("11") }, q: function () { require("12") }, r: require("13") };\n(() => { require("14") })();\nif (o) { require("15") } else { require("16") }\nfor (const s of [1]) { require("17") }\nswitch (1) { case 1: require("18") }\nlabel: { require("19") }\nfunction t(): () => void { require("20"); return () => {} }\nconst u = (v: string): v is "x" => { return require("21") }\nconst w = (a ? (b) : { c: require("22") });\nfor await (const y of z) { require("23") }\n',
  ],
  [
    "tries",
    "a.js",
    'try { require("1"); const f = () => require("2"); } catch { }\ntry { require("3") } catch (e) { throw e }\ntry { require("4") } catch (e) { if (e.code !== "X") { throw e } }\ntry { require("5") } finally { }\nfunction g() { try { return require("6") } catch (e) { return null } }\nimport("7").catch(() => {})\n',
  ],
  [
    "JSX with text that looks like code",
    "a.tsx",
    'const a = <p title="it\'s" {...x}>Don\'t import "no" {require("1")} // no\n<b/>{/* c */}<></> `</p>;\nconst b = <T,>(x: T) => require("2");\nconst c = x < y && z > w, d = require("3");\nconst e = <A.B<C> render={() => <i>it\'s {require("4")}</i>} />;\nconst f = (\n  <div>\n    {list.map((x) => (\n      <Item key={x} label="a">isn\'t</Item>\n    ))}\n  </div>\n);\nimport("5");',
  ],
  [
    "casts and generics",
    "a.ts",
    'const a = <string>b; const c = <T>(x: T) => require("1"); const d = f<A, "it\'s">(require("2")); class G<T extends { a: string }> extends H<{ b: 1 }> implements I<"\'"> { j = 1 }\nconst k = require("3");',
  ],
  [
    "division and regular expressions",
    "a.js",
    'const a = b / c / d; if (x) /"/.test(y); const e = [/\'/, /[/"]/]; const g = h++ / 2; return /"/; const i = {} / 1; const j = (k) / 2; const l = require("1"); m = n ? /"/ : /\'/; require("2")',
  ],
  [
    "properties named like keywords",
    "a.js",
    'a.import("no"); a.require("no"); const b = { import: 1, require: 2, class: 3, try: 4 }; b.class; b.try; const c = { import: require("1") }; d.catch(() => {}); e.if(f); require.resolve("no"); require(`2`); require("a" + b); require(`x${y}`)',
  ],
  [
    "import attributes and import.meta",
    "a.mjs",
    'import a from "1" with { type: "json" };\nimport "2";\nconst b = import.meta.url;\nawait import("3", { with: { type: "json" } });\nexport default {};\nexport { a };\nexport { b } from "4";\n',
  ],
  [
    "ambient modules",
    "a.ts",
    'declare module "x" { import y from "z"; export * from "w"; }\ndeclare global { interface A {} }\nimport b from "c";\nnamespace D { export const e = require("f"); }',
  ],
  ["a hash-bang and a byte order mark", "a.js", '#!/usr/bin/env node import "no"\nrequire("1")'],
];

test.each(traps)("%s", (_title, path, text) => {
  expect(scanned(text)).toEqual(importsByTypescript(path, text));
});

test("any text at all is read without throwing, within its bounds", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "import ",
      "export ",
      "require(",
      '"a"',
      "'",
      "`",
      "${",
      "}",
      "{",
      "(",
      ")",
      "<a",
      "</a>",
      "/>",
      "=>",
      "/",
      "*",
      "try ",
      "catch",
      "class ",
      "\n",
      "//",
      "/*",
      "*/",
      "type ",
      "from ",
      ",",
      "[",
      "]",
      ":",
      "?",
      ".",
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      for (const one of scanJavascriptImports(text)) {
        expect(one.start).toBeGreaterThanOrEqual(0);
        expect(one.end).toBeLessThanOrEqual(text.length);
        expect(one.start).toBeLessThan(one.end);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["open brackets", "({[".repeat(300_000)],
  ["unfinished elements", "x = <a ".repeat(100_000)],
  ["unfinished clauses", "import { a, ".repeat(100_000)],
  ["unfinished requires", 'require( "'.repeat(100_000)],
  ["templates in templates", "`${".repeat(200_000)],
  ["type arguments", "<A".repeat(200_000)],
  ["comments", "import /*".repeat(100_000)],
  ["regular expressions", "= /[".repeat(200_000)],
])("a megabyte of %s ends", (_title, text) => {
  expect(scanJavascriptImports(`import "x";${text}`)[0]?.specifier).toBe("x");
});
