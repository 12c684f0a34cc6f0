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
  });
});

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
  const words = fc.constantFrom("process.env", ".A", "['B']", "!", "(", ")", "{", "}", "if", "?", ":", "??", " ", "\n");
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
