import { describe, expect, it } from "vitest";
import { topLevelFunctions, withoutSeldom } from "../.ci/seldom-functions.ts";
import { withoutUnread } from "../.ci/unread.ts";

const split = (text: string, ...names: string[]) => withoutSeldom(text, "part", new Set(names));
const flat = (text: string | undefined): string => (text ?? "").replace(/\s+/g, " ").trim();

describe("functions that short runs never call", () => {
  it("go with the constants that only they read, and ask for what stays", () => {
    const parts = split(
      `import { join } from "node:path";
const words = /a|b/;
const shared = 1;
class Reader {}
export function often(): number { return shared + seldom(); }
function seldom(): number { return words.test(join("a")) ? new Reader().at : shared; }
export const told = (): number => 2;
`,
      "seldom",
      "told",
    );
    expect(flat(parts?.seldom)).toBe(
      flat(`import { join } from "node:path";
import { shared, Reader } from "./part.ts";
export const words = /a|b/;
export function seldom(): number { return words.test(join("a")) ? new Reader().at : shared; }
export const told = (): number => 2;`),
    );
    expect(flat(parts?.often)).toBe(
      flat(`import { join } from "node:path";
const shared = 1;
class Reader {}
export function often(): number { return shared + seldom(); }
import { seldom } from "./part.seldom.ts";
export { told } from "./part.seldom.ts";
export { shared, Reader };`),
    );
  });

  it.each([
    ["is read while the module is loaded", "function seldom() {}\nconst table = { seldom };\nexport { table };"],
    ["is called while the module is loaded", "function seldom() {}\nseldom();"],
    ["assigns to a variable of the module", "let last = 0;\nfunction seldom() { last = 1; }\nexport { last };"],
    ["is a class", "export class seldom {}"],
  ])("but not one that %s", (_, text) => {
    expect(split(text, "seldom")).toBeNull();
  });

  it("are known by where they end", () => {
    const text = "export const a = () => 1;\nasync function b() {}\nconst c = 3;";
    expect(topLevelFunctions(text).map(({ name, end }) => [name, text.slice(0, end).split("\n").length])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });
});

describe("members that nothing reads", () => {
  it.each([
    [
      "a namespace's",
      "const A = ((N) => { function f() {} function g() {} N.f = f; N.g = g; return N; })({}); A.f();",
      "g",
    ],
    ["an object's", "function f() {} function g() {} const a = { f, g, h: () => 1 }; a.f();", "g"],
    ["a renamed one", "function f() {} function g2() {} const a = { f, g: g2 }; a.f();", "g2"],
  ])("fall with their functions: %s", (_, text, gone) => {
    const left = withoutUnread(text, []);
    expect(left).not.toMatch(new RegExp(`\\b${gone}\\b`));
    expect(left).toMatch(/function f\(/);
  });

  it.each([
    ["by a pattern", "function g() {} const a = { g }; const { g: other } = a; other();"],
    ["by a string", 'function g() {} const a = { g }; a["g"]();'],
    ["by others", "function kept() {} export const a = { kept };"],
  ])("stay where they are read %s", (_, text) => {
    expect(withoutUnread(text, ["kept"])).toBe(text);
  });

  it("stay where they are data", () => {
    const text = "const a = { one: 1, two: [2] }; Object.keys(a);";
    expect(withoutUnread(text, [])).toBe(text);
  });
});
