import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRe2 } from "../../src/sources/re2-match.ts";

function run(expression: string, text: string): boolean | string | null {
  const test = compileRe2(expression, { steps: 1_000_000 });
  return typeof test === "function" ? test(text) : test.refused;
}

describe("compileRe2", () => {
  it.each([
    ["^a|b[^/]*$", "axx", true],
    ["^a|b[^/]*$", "x/b", true],
    ["^ab{2}$", "abb", true],
    ["^ab{2}$", "ab{2}", false],
    ["^a{,2}$", "a{,2}", true],
    ["^a{02}$", "a{02}", true],
    ["^a{1,}$", "aaa", true],
    ["^src\\data$", "src5ata", true],
    ["^[^x]$", "/", true],
    ["^[[:alpha:]_]+$", "ab_c", true],
    ["^[[:^alpha:]]$", "a", false],
    ["^\\pL\\PN$", "éa", true],
    ["^\\p{Greek}$", "λ", true],
    ["^\\p{^Greek}$", "λ", false],
    ["^\\Qa.b\\E$", "axb", false],
    ["^\\Qa.b\\E$", "a.b", true],
    ["^\\s$", "\u00a0", false],
    ["^\\s$", "\v", false],
    ["^.$", "\n", false],
    ["^.$", "😀", true],
    ["^\\x{1F600}$", "😀", true],
    ["^\\101$", "A", true],
    ["a\\b", "a b", true],
    ["a\\b", "ab", false],
    ["^(.*/)?a$", "x/y/a", true],
    ["^(.*/)?a$", "xa", false],
    ["\\Aa\\z", "a", true],
    ["^^$$", "", true],
  ])("%s on %j: %s", (expression, text, expected) => expect(run(expression, text)).toBe(expected));

  it.each([
    "[^/]*{2}",
    "(.*/)?{2}",
    "a{2}{3}",
    "a{1001}",
    "a{3,2}",
    "{2}",
    "a|{2}",
    "[l-O]",
    "[a",
    "[]",
    "[[:foo:]]",
    "\\y",
    "\\8",
    "\\1",
    "\\C",
    "\\p{Nope}",
    "\\p",
    "\\x{110000}",
    "\\xg0",
    "a\\",
    "(a",
    "a)",
    "(?=a)",
    "[\\b]",
  ])("refuses %s", (expression) => expect(run(expression, "a")).toBeTypeOf("string"));

  it("never throws, and agrees with JavaScript on plain expressions", () => {
    const atom = fc.constantFrom("a", "b", "/", ".", "[^/]", "[^/]*", "(.*/)?", "[ab]", "a{2}", "b{1,2}", "|", "^");
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/", "c"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(atom, { maxLength: 6 }), text, (parts, subject) => {
        const expression = `^${parts.join("")}$`;
        expect(run(expression, subject)).toBe(new RegExp(expression, "u").test(subject));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (expression, subject) => void run(expression, subject)),
    );
  });

  it("gives no answer rather than a late one", () => {
    expect(run("[^a]{1000}".repeat(300), "b".repeat(1000))).toBeNull();
    expect(run(`^${"a*".repeat(30)}b$`, "a".repeat(5000))).toBe(false);
  });
});
