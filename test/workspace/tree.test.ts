import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/types/workspace.ts";
import { globMatcher, withFolders } from "../../src/workspace/glob.ts";
import { makeFileTree } from "../../src/workspace/tree.ts";

const entry = (path: string): Entry => ({ path, kind: "file", blob: path, tracked: true, ignored: false });

test("a tree answers for directories, also beside names that sort between them", () => {
  const tree = makeFileTree(["b/x", "a", "a.b/y", "a/z/1", "a/z/2", "a0"].map(entry));
  expect(tree.children("")).toEqual(["a", "a.b", "a0", "b"]);
  expect(tree.children("a")).toEqual(["z"]);
  expect(tree.under("a").map((one) => one.path)).toEqual(["a/z/1", "a/z/2"]);
  expect(tree.hasDirectory("a/z")).toBe(true);
  expect(tree.hasDirectory("a0")).toBe(false);
  expect(tree.hasDirectory("")).toBe(true);
  expect(makeFileTree([]).hasDirectory("")).toBe(false);
});

test("a path leads through the symbolic links of the tree, and nowhere where one leaves it", () => {
  const targets: Record<string, string> = {
    "api/common": "../libs/common",
    "libs/common/up": "..",
    root: ".",
    out: "../elsewhere",
    absolute: "/etc",
    circle: "round",
    round: "circle",
    unread: "",
  };
  const links = Object.keys(targets).map((path): Entry => ({ ...entry(path), kind: "symlink" }));
  const tree = makeFileTree([entry("libs/common/log.py"), ...links], (path) => targets[path] || null);
  const asked = ["libs/common/log.py", "api/common/log.py", "api/common/up/common", "root/libs", "root", "api/none"];
  expect(asked.map((path) => tree.real(path))).toEqual([
    "libs/common/log.py",
    "libs/common/log.py",
    "libs/common",
    "libs",
    "",
    "api/none",
  ]);
  for (const path of ["out/x", "absolute/passwd", "circle/x", "unread"])
    expect([path, tree.real(path)]).toEqual([path, null]);
  expect(makeFileTree([entry("a")]).real("a/../b")).toBe("a/../b");
});

test("what lies under a directory is what starts with its name and a slash", () => {
  const segment = fc.constantFrom("a", "b", "a.b", "a-b", "a0", "é", "A");
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(fc.array(path, { maxLength: 30 }), path, (all, directory) => {
      const tree = makeFileTree(all.map(entry));
      const expected = [...new Set(all)].filter((one) => one.startsWith(`${directory}/`)).sort();
      expect(tree.under(directory).map((one) => one.path)).toEqual(expected);
      expect(tree.hasDirectory(directory)).toBe(expected.length > 0);
    }),
  );
});

describe("globs", () => {
  test.each<[string[], string, boolean]>([
    [["deploy/**"], "deploy/a/b.yml", true],
    [["deploy/"], "deploy/a", true],
    [["*.md"], "docs/a.md", false],
    [["**/*.md"], "a.md", true],
    [["api/**", "!api/tests/**"], "api/tests/a", false],
    [["api/**", "!api/tests/**", "api/tests/keep"], "api/tests/keep", true],
    [["!docs/**"], "src/a", true],
    [["!docs/**"], "docs/a", false],
    [["a/{b,c}/*.yml"], "a/c/x.yml", true],
    [["./src/*"], "src/a", true],
    [[".env*"], ".env.staging", true],
    [["**"], ".hidden/x", true],
    [[], "a", false],
  ])("%j on %s: %s", (globs, path, matches) => {
    expect(globMatcher(globs)(path)).toBe(matches);
  });

  test("of predeploy.yml may end in a folder's name", () => {
    const isNamed = (globs: string[], path: string) => globMatcher(withFolders(globs))(path);
    for (const globs of [["legacy"], ["/legacy"], ["**/legacy"], ["a", "!b", "legacy"]])
      expect([globs, isNamed(globs, "legacy/x/a.env")]).toEqual([globs, true]);
    expect(isNamed(["**", "!legacy"], "legacy/a.env")).toBe(false);
    expect(isNamed(["legacy/*"], "legacy/x/a.env")).toBe(false);
    expect(isNamed(["leg"], "legacy/a.env")).toBe(false);
  });

  test("too many stars match nothing instead of running for ever", () => {
    expect(globMatcher([`${"*a".repeat(40)}b`])("a".repeat(4000))).toBe(false);
  });
});
