import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIgnoreFile } from "../../src/sources/dockerignore.ts";
import { createIgnoreMatcher, type IgnoreBuilder } from "../../src/sources/dockerignore-walk.ts";

/** `excluded:line`, `included:line` or `included:-`; "error" where the builder fails. */
function ask(text: string, path: string, builder: IgnoreBuilder = "buildkit"): string {
  const { patterns, errors } = parseIgnoreFile(text);
  if (errors.length > 0) return "refused";
  const { excluded, deciding, error } = createIgnoreMatcher(patterns, builder).test(path);
  return error === null ? `${excluded ? "excluded" : "included"}:${patterns[deciding]?.line ?? "-"}` : "error";
}

describe("parseIgnoreFile", () => {
  it.each([
    ["# c\n #x\n", [" #x".trim()]],
    ["\ufeff# c\n\ufeffa", ["\ufeffa"]],
    ["./a\na//b\nc/\nd/../e\n/f\n", ["a", "a/b", "c", "e", "f"]],
    ["x # y\r\n", ["x # y"]],
    ["\u0085\u00a0a\u3000\n\u200bb", ["a", "\u200bb"]],
    ["! /svc/ ", ["svc"]],
    ["!!x", ["!x"]],
    ["\n  \n\t\n", []],
    ["/", ["/"]],
  ])("%j", (text, expected) => expect(parseIgnoreFile(text).patterns.map((one) => one.pattern)).toEqual(expected));

  it("says where each pattern stands", () => {
    expect(parseIgnoreFile("# c\n  !svc/ \n").patterns).toEqual([
      { line: 2, column: 3, text: "!svc/", negated: true, pattern: "svc" },
    ]);
  });

  it.each(["!", " ! ", "!/", "[", "[]a]", "[a-]", "a\\", `${"a".repeat(65_536)}\n`])("refuses %.20s", (text) =>
    expect(parseIgnoreFile(text).errors).toHaveLength(1),
  );

  it("takes a line that just fits with its end", () => {
    expect(parseIgnoreFile(`${"a".repeat(65_535)}\n`).errors).toEqual([]);
  });

  it("keeps positions inside any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const lines = text.split("\n");
        for (const one of parseIgnoreFile(text).patterns)
          expect(lines[one.line - 1]?.slice(one.column - 1, one.column - 1 + one.text.length)).toBe(one.text);
      }),
    );
  });
});

describe("patterns", () => {
  it.each([
    ["a/**", "a", "included:-"],
    ["a/**", "a/b/c", "excluded:1"],
    ["a**", "ab/c", "excluded:1"],
    ["a**b", "ab", "excluded:1"],
    ["a**b", "ax/b", "excluded:1"],
    ["a**b", "axb", "included:-"],
    ["**file", "xfile", "excluded:1"],
    ["**fil*", "xfile", "included:-"],
    ["**/foo", "foo", "excluded:1"],
    ["**/foo", "x/foo/y", "excluded:1"],
    ["foo/", "foo", "excluded:1"],
    ["foo", "x/foo", "included:-"],
    ["FOO", "foo", "included:-"],
    ["app/(auth)", "app/(auth)", "excluded:1"],
    ["a|b*", "axx", "excluded:1"],
    ["a|b", "a|b", "excluded:1"],
    ["src\\data*", "src5ata", "excluded:1"],
    ["[^x]y", "/y".slice(1), "included:-"],
    ["a[^x]b", "a/b", "excluded:1"],
    ["[!a]", "b", "included:-"],
    ["[!a]", "!", "excluded:1"],
    ["?", "😀", "excluded:1"],
    ["!!x", "x", "included:-"],
    ["*", ".hidden", "excluded:1"],
  ])("%s on %s: %s", (text, path, expected) => expect(ask(text, path)).toBe(expected));

  it("fails at the first path that is compared with a text RE2 refuses, not before", () => {
    expect(ask("*[Local-Only]", "a")).toBe("error");
    expect(ask("a\n*[Local-Only]", "a")).toBe("excluded:1");
  });
});

describe("the walk", () => {
  it.each<[string, string, string, string, string]>([
    // ignore file, path, BuildKit, classic, old answer
    ["**/infra\n!svc", "svc/infra", "excluded:1", "excluded:1", "included:2"],
    ["**/infra\n!svc/**", "svc/infra", "included:2", "included:2", "included:2"],
    ["**/infra\n!svc/infra", "svc/infra/x.py", "included:2", "included:2", "included:2"],
    ["**/infra\n!**/infra/x.py", "svc/infra/x.py", "included:2", "excluded:1", "included:2"],
    ["**/*.md\n!docs", "docs/x.md", "excluded:1", "excluded:1", "included:2"],
    ["*\n!src/keep\nsrc", "src/keep", "included:2", "included:2", "excluded:3"],
    ["docs\n!docs/a/b.md", "docs/a/b.md", "included:2", "included:2", "included:2"],
    ["docs\n!docs/a/b.md", "docs/a/c.md", "excluded:1", "excluded:1", "excluded:1"],
    ["*\n!**/*.py", "main.py", "included:2", "included:2", "included:2"],
    ["*\n!**/*.py", "api/main.py", "included:2", "excluded:1", "included:2"],
    ["docs\n!docs/*/**", "docs/x/y", "excluded:1", "excluded:1", "included:2"],
    ["docs\n!docs/*/**\n!z?", "docs/x/y", "included:2", "excluded:1", "included:2"],
  ])("%j on %s", (text, path, buildkit, classic, old) => {
    expect([ask(text, path), ask(text, path, "classic"), ask(text, path, "old")]).toEqual([buildkit, classic, old]);
  });

  it("gives a whole tree the same answers as single paths", () => {
    const name = fc.constantFrom("a", "b", "c");
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    const line = fc
      .tuple(fc.boolean(), fc.array(fc.constantFrom("a", "b", "*", "**", "?"), { minLength: 1, maxLength: 4 }))
      .map(([negated, parts]) => (negated ? "!" : "") + parts.join("/"));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(path, { maxLength: 10 }), (lines, paths) => {
        const { patterns } = parseIgnoreFile(lines.join("\n"));
        const together = createIgnoreMatcher(patterns);
        for (const one of paths)
          expect(together.test(one)).toMatchObject(plainWalk(createIgnoreMatcher(patterns), one));
      }),
    );
  });
});

/** The walk by hand, one `visit` after the other. */
function plainWalk(matcher: ReturnType<typeof createIgnoreMatcher>, path: string) {
  let parent: ReturnType<typeof matcher.visit> | null = null;
  const parts = path.split("/");
  for (const index of parts.keys()) {
    const here = parts.slice(0, index + 1).join("/");
    const { bits, entered, ...answer }: ReturnType<typeof matcher.visit> = matcher.visit(here, parent);
    if (index === parts.length - 1) return answer;
    if (!entered) return { ...answer, pruned: here };
    parent = { bits, entered, ...answer };
  }
  throw new Error("a path has a last segment");
}
