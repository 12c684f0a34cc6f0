import { describe, expect, test } from "vitest";
import { descriptors } from "../../src/catalog/descriptors.generated.ts";
import { WHOLE_RUN } from "../../src/engine/run.ts";
import type { SelectedRule } from "../../src/engine/select.ts";
import { mergeResults, rulesOfShard } from "../../src/engine/shard.ts";
import type { Finding, RunResult } from "../../src/types/finding.ts";

const rules = descriptors.map(
  (descriptor): SelectedRule => ({ descriptor, severity: descriptor.severity, fixedSeverity: null, options: {} }),
);
const running = (shard: readonly SelectedRule[]) =>
  shard.filter((rule) => rule.severity !== "off").map((rule) => rule.descriptor.id);

test.each([1, 2, 3, 7])("in %i shards every rule runs exactly once, but those on suppressions in each", (count) => {
  const shards = Array.from({ length: count }, (_, index) => running(rulesOfShard(rules, { index: index + 1, count })));
  const each = running(rules).filter((id) => !id.startsWith("suppressions/"));
  expect(
    shards
      .flat()
      .filter((id) => !id.startsWith("suppressions/"))
      .sort(),
  ).toEqual([...each].sort());
  for (const shard of shards) expect(shard.filter((id) => id.startsWith("suppressions/"))).toHaveLength(3);
});

function finding(subject: string, line: number): Finding {
  const at = { path: "f", start: { line, column: 1 }, end: { line, column: 2 } };
  return { rule: "x/a", severity: "error", subject, message: subject, help: "", fingerprint: subject, at };
}
const result = (more: Partial<RunResult>): RunResult => ({
  verdict: "pass",
  findings: [],
  suppressed: [],
  undecided: [],
  unread: [],
  ...more,
});
const idle = { rule: WHOLE_RUN, reason: "nothing was found", remedy: "do" };

describe("joined results", () => {
  test("hold each finding once, sorted, and fail when one does", () => {
    const joined = mergeResults(
      [
        result({ findings: [finding("b", 2), finding("a", 1)], shard: { index: 2, count: 2 } }),
        result({ findings: [finding("a", 1)], shard: { index: 1, count: 2 }, unread: [{ path: "u", reason: "r" }] }),
      ],
      "error",
      false,
    );
    expect(joined.findings.map((one) => one.subject)).toEqual(["a", "b"]);
    expect([joined.verdict, joined.unread.length]).toEqual(["fail", 1]);
  });

  test.each<[string, RunResult[], string]>([
    ["a missing shard", [result({ shard: { index: 1, count: 3 } })], "of 3 shards, 2, 3 are missing."],
    [
      "a shard of another run",
      [result({ shard: { index: 1, count: 2 } }), result({ shard: { index: 2, count: 3 } })],
      "shards of different runs",
    ],
    [
      "one shard twice",
      [
        result({ shard: { index: 1, count: 2 } }),
        result({ shard: { index: 1, count: 2 } }),
        result({ shard: { index: 2, count: 2 } }),
      ],
      "twice",
    ],
    [
      "nothing to check in any shard",
      [result({ undecided: [idle], shard: { index: 1, count: 1 } })],
      "nothing was found",
    ],
  ])("are undecided for %s", (_, results, reason) => {
    const joined = mergeResults(results, "error", false);
    expect(joined.verdict).toBe("undecided");
    expect(joined.undecided.map((one) => one.reason).join()).toContain(reason);
  });

  test("pass when one shard had nothing to look at and the others are clean", () => {
    const joined = mergeResults(
      [result({ undecided: [idle], shard: { index: 1, count: 2 } }), result({ shard: { index: 2, count: 2 } })],
      "error",
      false,
    );
    expect([joined.verdict, joined.undecided]).toEqual(["pass", []]);
  });
});
