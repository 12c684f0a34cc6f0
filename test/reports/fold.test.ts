import { expect, test } from "vitest";
import { fold, foldByFile } from "../../src/reports/fold.ts";
import { at, finding, typical } from "./fixture.ts";

const shape = (entries: ReturnType<typeof fold>) =>
  entries.map(({ lead, findings, places }) => [lead.rule, findings.length, places.length]);

test("one deciding line is one entry, one fingerprint is one entry with all its places", () => {
  expect(shape(fold(typical.findings))).toEqual([
    ["dockerignore/module-excluded", 3, 1],
    ["placeholders/leftover", 2, 2],
  ]);
});

test("worst first, then path, line and column; an entry is as bad as its worst finding", () => {
  const entries = fold([
    finding({ severity: "note", at: at("a", 1, 1, 2), fingerprint: "1", rule: "r/one" }),
    finding({ severity: "warning", at: at("b", 9, 1, 2), fingerprint: "2", rule: "r/two" }),
    finding({ severity: "error", at: at("b", 10, 1, 2), fingerprint: "2", rule: "r/two" }),
    finding({ severity: "error", at: at("b", 2, 1, 2), fingerprint: "3", rule: "r/three" }),
  ]);
  expect(entries.map(({ rule, severity }) => [rule, severity])).toEqual([
    ["r/three", "error"],
    ["r/two", "error"],
    ["r/one", "note"],
  ]);
});

test("other rules on the same line and equal fingerprints of other rules stay apart", () => {
  expect(fold([finding({ rule: "a/x" }), finding({ rule: "a/y" })])).toHaveLength(2);
});

test("entries joined through a third finding are one", () => {
  const chain = [
    finding({ at: at("a", 1, 1, 2), fingerprint: "1" }),
    finding({ at: at("a", 1, 5, 6), fingerprint: "2" }),
    finding({ at: at("a", 7, 1, 2), fingerprint: "2" }),
  ];
  expect(fold(chain)).toHaveLength(1);
  expect(fold([...chain].reverse())).toEqual(fold(chain));
});

test("by file: one rule and severity in one file is one entry", () => {
  expect(foldByFile(typical.findings).map(({ findings }) => findings.length)).toEqual([3, 2]);
});
