import { describe, expect, test } from "vitest";
import { foldCauses } from "../../src/engine/causes.ts";
import type { Report } from "../../src/types/finding.ts";

const report = (line: number, cause?: string): Report => ({
  message: `Line ${line}.`,
  subject: `s${line}`,
  at: { path: "a", start: { line, column: 1 }, end: { line, column: 2 } },
  ...(cause === undefined ? {} : { cause }),
});
const told = (reports: readonly Report[]) => reports.map(({ message, related }) => [message, related?.length ?? 0]);

describe("reports of one cause", () => {
  test("up to three are told one by one", () => {
    const three = [1, 2, 3].map((line) => report(line, "x"));
    expect(foldCauses(three, () => false)).toEqual(three);
  });

  test("of more the first speaks for all, in its place among the others", () => {
    const all = [report(1), report(2, "x"), report(3, "y"), ...[4, 5, 6].map((line) => report(line, "x")), report(7)];
    expect(told(foldCauses(all, () => false))).toEqual([
      ["Line 1.", 0],
      ["Line 2. The same holds for 3 more places.", 3],
      ["Line 3.", 0],
      ["Line 7.", 0],
    ]);
  });

  test("errors are never folded, nor counted by the others", () => {
    const all = [1, 2, 3, 4, 5, 6].map((line) => report(line, "x"));
    const isError = ({ at }: Report) => at.start.line > 3;
    expect(foldCauses(all, isError)).toEqual(all);
  });

  test("no more than ten places are named", () => {
    const many = Array.from({ length: 5000 }, (_, at) => report(at + 1, "x"));
    expect(told(foldCauses(many, () => false))).toEqual([["Line 1. The same holds for 4999 more places.", 10]]);
  });
});
