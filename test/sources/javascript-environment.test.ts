import fc from "fast-check";
import { expect, test } from "vitest";
import { readJavascriptEnvironment } from "../../src/sources/javascript-environment.ts";

const needs = (text: string) =>
  Object.fromEntries(readJavascriptEnvironment(text).reads.map((one) => [one.name, one.need]));

test("what the surroundings of a read do with an absent value", () => {
  expect(
    needs(
      [
        "const a = process.env.A!;",
        "const b = process.env['B'] as string;",
        "const c = process.env.C ?? 'x';",
        "const d = process.env.D;",
        "const { E, F = 'x' } = process.env;",
        "if (!E) throw new Error('E');",
        "const g = process.env.G ? process.env.G! : '';",
        "const h = process.env.H?.length;",
        "const i = process.env.I === 'true';",
        "const j = process.env.J || (() => { throw new Error('J') })();",
        "const k = !process.env.K || process.env.K!.trim();",
        "const l = !process.env.OTHER || process.env.L!.trim();",
      ].join("\n"),
    ),
  ).toEqual({
    A: "required",
    B: "required",
    C: "optional",
    D: "read",
    E: "required",
    F: "optional",
    G: "optional",
    H: "optional",
    I: "optional",
    J: "required",
    K: "optional",
    L: "required",
    OTHER: "optional",
  });
});

test.each([
  [
    "a helper that only throws",
    "const fail = (n: string): never => { throw new Error(n); };\nconst a = process.env.A ?? fail('A');",
    { A: "required" },
  ],
  [
    "a guard that calls it",
    "function bail() { console.error('x'); process.exit(1); }\nconst a = process.env.A;\nif (!a) bail();",
    { A: "required" },
  ],
  [
    "a helper that may come back",
    "function warn(n) { if (n) return n; throw 1; }\nconst a = process.env.A ?? warn('A');",
    { A: "optional" },
  ],
])("what never comes back: %s", (_, text, expected) => expect(needs(text)).toEqual(expected));

test.each([
  ["extend", "const all = base.extend({ C: z.string() });", { A: "required", B: "required", C: "required" }],
  [
    "extend says a key anew",
    "const all = base.extend({ A: z.string().optional() });",
    { A: "optional", B: "required" },
  ],
  [
    "merge",
    "const more = z.object({ D: z.string() });\nconst all = base.merge(more);",
    { A: "required", B: "required", D: "required" },
  ],
  ["spread", "const all = z.object({ ...base.shape, B: z.string().default('x') });", { A: "required", B: "optional" }],
  ["pick", "const all = base.pick({ A: true });", {}],
])("a schema made of others: %s", (_, text, expected) =>
  expect(
    needs(
      `import { z } from 'zod';\nconst base = z.object({ A: z.string(), B: z.string() });\n${text}\nall.parse(process.env);`,
    ),
  ).toEqual(expected),
);

test("schemas: what refuses an absent value", () => {
  expect(
    needs(
      [
        "import { z } from 'zod';",
        "const schema = z.object({ A: z.string(), B: z.string().optional(), C: z.coerce.number().default(1), D: z.preprocess(f, z.boolean()) });",
        "schema.parse(process.env);",
      ].join("\n"),
    ),
  ).toEqual({ A: "required", B: "optional", C: "optional", D: "optional" });
  expect(
    needs("import { cleanEnv, str } from 'envalid'; cleanEnv(process.env, { A: str(), B: str({ default: 'x' }) });"),
  ).toEqual({ A: "required", B: "optional" });
});

test("any text is read without a throw, and every range lies in it", () => {
  const words = fc.constantFrom(
    "process.env",
    ".A",
    "['B']",
    "!",
    "(",
    ")",
    "{",
    "}",
    "if",
    "?",
    ":",
    "??",
    "&&",
    "a",
    "const a =",
    "switch",
    "case 'B':",
    " ",
    "\n",
  );
  fc.assert(
    fc.property(fc.string({ unit: words }), (text) => {
      for (const { start, end } of readJavascriptEnvironment(text).reads) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 200 },
  );
});

test("what is handed to a schema is needed as the schema says", () => {
  const client = "client: { NEXT_PUBLIC_A: z.string(), NEXT_PUBLIC_B: z.string().optional() }";
  const given = "NEXT_PUBLIC_A: process.env.NEXT_PUBLIC_A, NEXT_PUBLIC_B: process.env.NEXT_PUBLIC_B";
  const all = (text: string) => readJavascriptEnvironment(text).reads.map((one) => `${one.name} ${one.need}`);
  for (const key of ["runtimeEnv", "runtimeEnvStrict", "experimental__runtimeEnv"])
    expect(all(`export const env = createEnv({ ${client}, ${key}: { ${given} } });`).sort()).toEqual([
      "NEXT_PUBLIC_A optional",
      "NEXT_PUBLIC_A required",
      "NEXT_PUBLIC_B optional",
      "NEXT_PUBLIC_B optional",
    ]);
  const schema = "import { z } from 'zod'; const schema = z.object({ A: z.string(), B: z.string().optional() });";
  for (const parse of [
    "schema.parse({ A: process.env.A, B: process.env.B });",
    "const given = { A: process.env.A, B: process.env.B }; schema.safeParse(given);",
  ])
    expect(all(`${schema} ${parse}`).sort()).toEqual(["A optional", "A required", "B optional", "B optional"]);
  expect(all("const given = { A: process.env.A }; use(given);")).toEqual(["A read"]);
});
