import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJavascriptCode } from "../../src/sources/javascript-code.ts";
import type { CodeFile } from "../../src/types/code.ts";

/** Every span of a tree, and how deep it goes. */
function spans(file: CodeFile): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const open: unknown[] = [file.body];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== "object" || at === null) continue;
    const { start, end } = at as { start?: unknown; end?: unknown };
    if (typeof start === "number" && typeof end === "number") found.push({ start, end });
    open.push(...Object.values(at));
  }
  return found;
}

const words = fc.constantFrom(
  "await ",
  "async ",
  "function ",
  "class A ",
  "extends ",
  "import ",
  "export ",
  "default ",
  "from 'x'",
  "const a = ",
  "=> ",
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  "`",
  "${",
  "'",
  '"',
  "/*",
  "//",
  "\n",
  ";",
  "<T>",
  "x",
  ".",
  "?.",
  "??",
  "...",
  "new ",
  "yield ",
  "@d ",
  "try ",
  "catch ",
  "switch ",
  "case 1:",
  "\u2028",
  "😀",
  "\0",
);

describe("JavaScript in the common syntax", () => {
  test("never throws, and positions stay inside the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(words, { maxLength: 60 }).map((list) => list.join("")),
        ),
        (text) => {
          for (const { start, end } of spans(parseJavascriptCode(text))) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("deep nesting is cut, not a crash", () => {
    for (const text of [
      "(".repeat(3000),
      "[".repeat(3000),
      "a?".repeat(2000),
      "!".repeat(3000),
      `${"{".repeat(2000)}`,
      "f(".repeat(2500),
    ]) {
      expect(() => parseJavascriptCode(text)).not.toThrow();
    }
  });

  test.each([
    ["a TypeScript assertion", "const a = <string>b;\nconst f = <T,>(x: T) => x;"],
    ["JSX", "const a = <div onClick={() => f()}>{b}</div>;"],
    ["decorators", "@Injectable()\nexport class A { constructor(private readonly b: B) {} }"],
    ["a hashbang", "#!/usr/bin/env node\nmain();"],
  ])("%s is no syntax error", (_, text) => {
    expect(parseJavascriptCode(text).broken).toBeUndefined();
  });

  test("a function takes the name of what it is assigned to", () => {
    const { body } = parseJavascriptCode(
      "export const connect = async () => {};\nmodule.exports.start = function () {};",
    );
    const names = body.flatMap((one) =>
      one.kind === "assign" && one.value?.kind === "function" ? [one.value.of.name] : [],
    );
    expect(names).toEqual(["connect", "start"]);
  });

  test("type-only imports are marked", () => {
    const { body, esm } = parseJavascriptCode(
      'import type { A } from "a";\nimport { type B } from "b";\nimport c, { d } from "c";',
    );
    expect(body.map((one) => one.kind === "import" && (one.typeOnly ?? false))).toEqual([true, true, false]);
    expect(esm).toBe(true);
  });
});
