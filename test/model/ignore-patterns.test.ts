import { expect, it } from "vitest";
import { ignorePatternsProvider } from "../../src/model/ignore-patterns.ts";
import { parseIgnoreFile } from "../../src/sources/dockerignore.ts";
import type { IgnorePatternsModel } from "../../src/types/ignore.ts";
import type { Build, IgnoreFile } from "../../src/types/image.ts";
import type { ModelInput } from "../../src/types/model.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";

/** The model of one ignore file at `root`, read by one build. */
function judge(text: string, paths: string[], root = "", gitignore = "") {
  const build = { builder: "buildkit", deployed: true } as Build;
  const path = root === "" ? ".dockerignore" : `${root}/.dockerignore`;
  const file: IgnoreFile = {
    path,
    syntax: parseIgnoreFile(text),
    root,
    builds: [build],
    contexts: [build],
    dockerfile: null,
    mayBeRead: false,
  };
  const listed = gitignore === "" ? paths : [...paths, ".gitignore"];
  const input = {
    files: memoryWorkspace(Object.fromEntries(listed.map((one) => [one, ""]))).files,
    known: { ignoreFiles: { files: [file], contexts: new Map() } },
    facts: { get: () => parseIgnoreFile(gitignore) },
  } as unknown as ModelInput<"ignoreFiles">;
  const [judged] = (ignorePatternsProvider.build(input) as IgnorePatternsModel).files;
  if (judged === undefined) throw new Error("one file, one answer");
  return judged;
}

it("finds every pattern that fails on a path, with the path that reaches it", () => {
  const { errors } = judge("*[b-a]\n*[d-c]\n[\n", ["x"]);
  expect(errors.map(({ line, phase, reaching }) => [line, phase, reaching])).toEqual([
    [1, "match", "x"],
    [2, "match", "x"],
    [3, "read", null],
  ]);
});

it("does not fail on a pattern that no path reaches", () => {
  expect(judge("*\n*[b-a]\n", ["x"]).errors).toEqual([]);
});

it("says nothing of a file whose expression takes too long", () => {
  const { undecided, patterns } = judge(`${"[^a]{1000}".repeat(200)}\n`, ["b".repeat(200)]);
  expect([undecided, patterns]).toEqual([[1], []]);
});

it.each([
  ["fixtures", ["api/fixtures/a.json"], "**/fixtures", false],
  ["!fixtures", ["api/fixtures/a.json"], "!**/fixtures", false],
  ["Docs/", ["docs/a.md"], "docs", false],
  ["api/old", ["api/new/a.py"], null, true],
  ["dist", ["api/dist.py", "web/dist/a.js"], null, false],
  ["nowhere", ["a"], null, false],
])("judges %s, which matches nothing", (text, paths, nearest, rooted) => {
  expect(judge(text, paths).patterns[0]).toMatchObject({ matched: null, nearest, rooted });
});

it("leaves alone what .gitignore names too", () => {
  for (const gitignore of ["api/made/\n", "made\n", "/api/ma*\n", "**/made\n"])
    expect(judge("api/made", ["api/a.py"], "", gitignore).patterns[0]).toMatchObject({ rooted: false });
  expect(judge("api/made", ["api/a.py"], "", "other\n!made\n").patterns[0]).toMatchObject({ rooted: true });
});

it("counts a pattern as matching although an earlier line already took the path", () => {
  expect(judge("docs\ndocs/a.md", ["docs/a.md"]).patterns[1]?.matched).toBe("docs/a.md");
});

it("matches below the context root and answers with repository paths", () => {
  const { patterns } = judge("**/gen\n!lib", ["web/lib/gen/a.js", "lib/b.js"], "web");
  expect(patterns[0]?.matched).toBe("web/lib/gen");
  expect(patterns[1]).toMatchObject({ idle: [{ path: "web/lib/gen/a.js", by: { line: 1 } }], remedy: "!lib/**" });
});

it.each([
  ["**/gen\n!lib/**", "it names everything below"],
  ["*\n!lib\n!lib/**", "another negation does its work"],
  ["lib\n!lib", "it has an effect"],
  ["!lib\n**/gen", "a later line takes a part of the directory out again"],
])("calls no negation idle where %j: %s", (text) => {
  expect(judge(text, ["lib/gen/a.js", "lib/b.js"]).patterns.flatMap((one) => one.idle)).toEqual([]);
});

it("groups what the builders disagree on by the pattern", () => {
  const { disagreements } = judge("*\n!**/*.py", ["a.py", "api/b.py", "api/c.txt"]);
  expect(disagreements).toMatchObject([
    { pattern: { line: 2 }, files: [{ path: "api/b.py", buildkit: false, classic: true, old: false }] },
  ]);
});
