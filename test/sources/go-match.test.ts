import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goMatch } from "../../src/sources/go-match.ts";
import { cleanPath, trimSpace } from "../../src/sources/go-path.ts";

describe("goMatch", () => {
  it.each([
    ["main.py", "main.py", true],
    ["*", "", true],
    ["*", ".hidden", true],
    ["*.py", "main.py", true],
    ["*.py", "app/main.py", false],
    ["app/*", "app/main.py", true],
    ["a?c", "a/c", false],
    ["?", "é", true],
    ["?", "☺", true],
    ["[a-c]x", "bx", true],
    ["[^a-c]x", "bx", false],
    ["[!a]", "!", true],
    ["\\*", "*", true],
    ["\\*", "x", false],
    ["a*b*c", "a1b2c", true],
    ["a*b*c", "a1b2d", false],
    ["[\\]]", "]", true],
    ["[α-ω]", "λ", true],
    ["", "", true],
    ["", "a", false],
  ])("%s on %s: %s", (pattern, name, expected) => expect(goMatch(pattern, name)).toBe(expected));

  it.each(["[", "[]a]", "[a-]", "[-a]", "[^]", "a\\", "[a-b-c]", "[a\\"])("refuses %s", (pattern) =>
    expect(goMatch(pattern, ".")).toBeNull(),
  );

  it("does not look behind a part that already differs, as Go does not", () => {
    expect(goMatch("x*[", ".")).toBe(false);
  });

  it("answers for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (pattern, name) => {
        expect([true, false, null]).toContain(goMatch(pattern, name));
      }),
    );
  });
});

describe("cleanPath", () => {
  it.each([
    ["", "."],
    ["./a", "a"],
    ["a//b/", "a/b"],
    ["a/../b", "b"],
    ["../a", "../a"],
    ["../../a/..", "../.."],
    ["/../a", "/a"],
    ["/", "/"],
    ["a/..", "."],
    ["a/...", "a/..."],
  ])("%s becomes %s", (path, expected) => expect(cleanPath(path)).toBe(expected));
});

it("trims what Go calls white space, which is not what JavaScript does", () => {
  expect(trimSpace("\u0085\u00a0\u3000a \u2028")).toBe("a");
  expect(trimSpace("\ufeffa\u200b")).toBe("\ufeffa\u200b");
});
