import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDiff, parsePatch } from "../../src/action/hunks.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

test("a patch gives the lines of its new side, the added ones and its hunks", () => {
  const { shown, added, hunks } = parsePatch(
    "@@ -1,3 +1,4 @@ heading\n a\n-b\n+B\n+C\n d\n@@ -10 +11,2 @@\n x\n+y\n\\ No newline at end of file",
  );
  expect([...shown]).toEqual([
    [1, "a"],
    [2, "B"],
    [3, "C"],
    [4, "d"],
    [11, "x"],
    [12, "y"],
  ]);
  expect([...added]).toEqual([2, 3, 12]);
  expect(hunks).toEqual([
    [1, 4],
    [11, 12],
  ]);
});

test("a hunk that only deletes has no line to comment on", () => {
  expect(parsePatch("@@ -3,2 +2,0 @@\n-a\n-b").hunks).toEqual([]);
});

test("a line of the file that looks like a header is a line", () => {
  const { shown, hunks } = parsePatch("@@ -1 +1,2 @@\n a\n+@@ -1 +50,9 @@");
  expect(shown.get(2)).toBe("@@ -1 +50,9 @@");
  expect(hunks).toEqual([[1, 2]]);
});

test("nothing makes the parsers throw, and every shown line lies in a hunk", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "@@ -1 +1,3 @@",
      "@@ -0,0 +5,2 @@ x",
      "+a",
      "-b",
      " c",
      "\\ No newline",
      "diff --git a/x b/x",
      "+++ b/x",
      '+++ "b/\\303\\244"',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const patch = parsePatch(lines.join("\n"));
      for (const number of patch.shown.keys())
        expect(patch.hunks.some(([start, end]) => start <= number && number <= end)).toBe(true);
      parseDiff(lines.join("\n"));
    }),
  );
});

test("the added lines of a real diff, whatever the paths are called", async () => {
  await inTemporaryFolder((directory) => {
    git(directory, ["init", "-q"]);
    writeTree(directory, { "a b.txt": "1\n2\n", "ä\tq.txt": "1\n", "gone.txt": "x\n" });
    git(directory, ["add", "-A"]);
    git(directory, ["commit", "-q", "-m", "one"]);
    writeTree(directory, {
      "a b.txt": "1\nnew\n2\n+++ b/other\n",
      "ä\tq.txt": "0\n1\n",
      "gone.txt": null,
      "n/new.txt": "1\n2\n",
    });
    git(directory, ["add", "-A"]);
    git(directory, ["commit", "-q", "-m", "two"]);
    const diff = parseDiff(git(directory, ["diff", "--unified=0", "HEAD^1", "HEAD"]));
    expect([...diff].filter(([, lines]) => lines.size > 0).map(([path, lines]) => [path, [...lines]])).toEqual([
      ["a b.txt", [2, 4]],
      ["n/new.txt", [1, 2]],
      ["ä\tq.txt", [1]],
    ]);
  });
});
