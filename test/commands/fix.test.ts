import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, planFixes } from "../../src/commands/fix.ts";
import { lineDiff } from "../../src/commands/fix-command.ts";
import type { Finding } from "../../src/types/finding.ts";
import type { Edit } from "../../src/types/text.ts";
import { commandsOf } from "../reports/runner.ts";

function edit(start: [number, number], end: [number, number], newText: string, path = "f"): Edit {
  return { path, start: { line: start[0], column: start[1] }, end: { line: end[0], column: end[1] }, newText };
}
const insert = (line: number, newText: string) => edit([line, 1], [line, 1], newText);

describe("edits of one text", () => {
  test.each<[string, string, Edit[], string | null]>([
    ["replace", "one\ntwo\n", [edit([2, 1], [2, 4], "2")], "one\n2\n"],
    ["insert above a line", "one\ntwo\n", [insert(2, "x\n")], "one\nx\ntwo\n"],
    ["insert behind the last line", "one\n", [insert(2, "two\n")], "one\ntwo\n"],
    ["delete a whole line", "one\ntwo\nthree\n", [edit([2, 1], [3, 1], "")], "one\nthree\n"],
    ["keep Windows line ends", "one\r\ntwo\r\n", [insert(2, "x\ny\n")], "one\r\nx\r\ny\r\ntwo\r\n"],
    ["leave mixed line ends alone", "one\r\ntwo\n", [insert(2, "x\n")], "one\r\nx\ntwo\n"],
    ["are independent of their order", "abc", [edit([1, 1], [1, 2], "A"), edit([1, 3], [1, 4], "C")], "AbC"],
    ["that are equal count once", "a\n", [insert(2, "x\n"), insert(2, "x\n")], "a\nx\n"],
    ["that overlap are refused", "abcdef", [edit([1, 1], [1, 4], "x"), edit([1, 3], [1, 5], "y")], null],
    ["outside the text are refused", "a\n", [edit([9, 1], [9, 2], "x")], null],
    ["past the end of a line's text are refused", "a", [edit([1, 1], [1, 9], "x")], null],
  ])("%s", (_, text, edits, result) => {
    expect(applyEdits(text, edits)).toBe(result);
  });

  test("an edit of nothing changes nothing", () => {
    fc.assert(fc.property(fc.string(), (text) => applyEdits(text, [insert(1, "")]) === text));
  });
});

test("a fix is taken whole or not at all, and the first of two that overlap wins", () => {
  const finding = (subject: string) => ({ subject }) as Finding;
  const texts: Record<string, string> = { f: "abcdef", g: "xyz" };
  const plan = planFixes(
    [
      { finding: finding("first"), edits: [edit([1, 1], [1, 4], "A")] },
      { finding: finding("overlaps"), edits: [edit([1, 2], [1, 5], "B"), edit([1, 1], [1, 2], "X", "g")] },
      { finding: finding("beside"), edits: [edit([1, 6], [1, 7], "F")] },
      { finding: finding("gone"), edits: [edit([1, 1], [1, 1], "x", "missing")] },
    ],
    (path) => texts[path] ?? null,
  );
  expect(plan.mended.map((one) => one.subject)).toEqual(["first", "beside"]);
  expect(plan.left.map((one) => one.subject)).toEqual(["overlaps", "gone"]);
  expect([...plan.texts]).toEqual([["f", "AdeF"]]);
});

test("a diff shows what changes with two lines around it", () => {
  expect(lineDiff("f", "1\n2\n3\n4\n5\n6\n", "1\n2\n3\nfour\n5\n6\n")).toBe("f:2\n  2\n  3\n- 4\n+ four\n  5\n  6\n");
});

test("no line of a diff is a command to a build runner", () => {
  expect(commandsOf(lineDiff("::error::p", "::error::a\nb\n", "::error::a\nc\n"))).toEqual([]);
});
