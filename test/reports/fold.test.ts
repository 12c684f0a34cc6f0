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

test("what says something else of the same line is an entry of its own", () => {
  const said = [
    "`a/` keeps app/one.py out of the image, imported at app/main.py:3: `app.main` cannot start without it.",
    "`a/` keeps lib/two_more.py out of the image, imported at lib/x.py:40: `lib.x:run` cannot start without it.",
    "`a/` keeps app/three.py out of the image, imported at app/main.py:7: its failure is caught.",
  ];
  const entries = fold(
    said.map((message, index) => finding({ message, subject: `${index}`, fingerprint: `${index}` })),
  );
  expect(shape(entries)).toEqual([
    ["dockerignore/module-excluded", 2, 1],
    ["dockerignore/module-excluded", 1, 1],
  ]);
});

test("notes that say the same of one file are one entry, on whatever lines; warnings are not", () => {
  const lines = (severity: "note" | "warning", path: string) =>
    ["A", "B"].map((name, index) =>
      finding({
        severity,
        subject: name,
        fingerprint: `${path} ${name}`,
        at: at(path, index + 1, 1, 2),
        message: `\`${name}\` holds nothing.`,
      }),
    );
  expect(fold(lines("note", "a"))).toHaveLength(1);
  expect(fold([...lines("note", "a"), ...lines("note", "b")])).toHaveLength(2);
  expect(fold(lines("warning", "a"))).toHaveLength(2);
});

test("long messages without a blank are compared in time", () => {
  const started = performance.now();
  const many = Array.from({ length: 5000 }, (_none, index) =>
    finding({ message: "x.".repeat(3000), subject: `${index}`, fingerprint: `${index}` }),
  );
  expect(fold(many)).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5000);
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
