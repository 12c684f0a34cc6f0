import { expect, test } from "vitest";
import { introducedSince } from "../../src/engine/since.ts";
import type { Finding, RunResult } from "../../src/types/finding.ts";

const finding = (fingerprint: string, line: number) =>
  ({ fingerprint, severity: "error", at: { path: "f", start: { line, column: 1 } } }) as Finding;
const result = (findings: Finding[]): RunResult => ({
  verdict: "fail",
  findings,
  suppressed: [],
  undecided: [],
  unread: [],
});

test("only what the base lacks is left, and the rest is counted", () => {
  const { result: left, older } = introducedSince(
    result([finding("a", 1), finding("b", 2)]),
    [finding("a", 7)],
    "error",
    false,
  );
  expect(left.findings.map((one) => one.fingerprint)).toEqual(["b"]);
  expect([left.verdict, older]).toEqual(["fail", 1]);
});

test("a second finding with an old fingerprint is new", () => {
  const { result: left, older } = introducedSince(
    result([finding("a", 1), finding("a", 2)]),
    [finding("a", 1)],
    "error",
    false,
  );
  expect([left.findings.map((one) => one.at.start.line), older]).toEqual([[2], 1]);
});

test("with nothing new the run passes", () => {
  expect(introducedSince(result([finding("a", 1)]), [finding("a", 1)], "error", false).result.verdict).toBe("pass");
});
