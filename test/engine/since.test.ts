import { expect, test } from "vitest";
import { fingerprintOf } from "../../src/engine/run.ts";
import { type Before, introducedSince } from "../../src/engine/since.ts";
import type { Finding, RunResult, Severity } from "../../src/types/finding.ts";

const finding = (subject: string, line: number, path = "f", severity: Severity = "error") => {
  const at = { path, start: { line, column: 1 }, end: { line, column: 2 } };
  return { rule: "x/a", subject, severity, at, fingerprint: fingerprintOf("x/a", { at, subject }) } as Finding;
};
const result = (findings: Finding[]): RunResult => ({
  verdict: "fail",
  findings,
  suppressed: [],
  undecided: [],
  unread: [],
});
const since = (now: Finding[], then: Finding[], more: Partial<Before> = {}) => {
  const before = { findings: then, renames: new Map(), lineBefore: () => null, lineAfter: () => null, ...more };
  const { result: left, older } = introducedSince(result(now), before, "error", false);
  return { left: left.findings.map((one) => `${one.subject}:${one.at.start.line}`), verdict: left.verdict, older };
};

test("only what the base lacks is left, and the rest is counted, wherever its line moved", () => {
  expect(since([finding("a", 1), finding("b", 2)], [finding("a", 7)])).toEqual({
    left: ["b:2"],
    verdict: "fail",
    older: 1,
  });
});

test("a second finding with an old fingerprint is new", () => {
  expect(since([finding("a", 1), finding("a", 2)], [finding("a", 1)])).toMatchObject({ left: ["a:2"], older: 1 });
});

test("with nothing new the run passes", () => {
  expect(since([finding("a", 1)], [finding("a", 1)])).toEqual({ left: [], verdict: "pass", older: 1 });
});

test("what the change made worse is new, what it made less bad is old", () => {
  const note = finding("a", 1, "f", "note");
  expect(since([finding("a", 1)], [note])).toEqual({ left: ["a:1"], verdict: "fail", older: 0 });
  expect(since([note], [finding("a", 1)])).toMatchObject({ left: [], older: 1 });
  expect(since([note, finding("a", 2)], [finding("a", 1), note])).toMatchObject({ older: 2 });
});

test("a moved file keeps its findings, and so does what is said of it elsewhere", () => {
  const renames = new Map([["app/a.py", "core/a.py"]]);
  const then = [finding("x", 1, "app/a.py"), finding("app/a.py", 3, ".dockerignore")];
  const now = [finding("x", 4, "core/a.py"), finding("core/a.py", 3, ".dockerignore")];
  expect(since(now, then, { renames })).toMatchObject({ left: [], older: 2 });
  expect(since(now, then)).toMatchObject({ older: 0 });
});

test("a subject that is called after its file is known by its line in the moved file, once for each", () => {
  const more = {
    renames: new Map([["app/a.py", "core/a.py"]]),
    lineBefore: () => "  start()",
    lineAfter: (_path: string, line: number) => (line === 9 ? "stop()" : "    start()"),
  };
  const then = [finding("app.a.start", 1, "app/a.py")];
  expect(since([finding("core.a.start", 4, "core/a.py")], then, more)).toMatchObject({ left: [], older: 1 });
  expect(since([finding("core.a.stop", 9, "core/a.py")], then, more)).toMatchObject({ older: 0 });
  expect(
    since([finding("core.a.start", 4, "core/a.py"), finding("core.a.run", 5, "core/a.py")], then, more),
  ).toMatchObject({
    left: ["core.a.run:5"],
    older: 1,
  });
  // A file that was not moved is known by its fingerprints alone.
  expect(since([finding("core.a.start", 4, "app/a.py")], then, { ...more, renames: new Map() })).toMatchObject({
    older: 0,
  });
});
