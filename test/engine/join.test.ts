import { expect, test } from "vitest";
import { joinDeclared, joinFindings } from "../../src/engine/join.ts";
import { mergeResults } from "../../src/engine/shard.ts";
import type { Finding, RunResult, Severity } from "../../src/types/finding.ts";

function finding(rule: string, severity: Severity, subject = "KEY", line = 1): Finding {
  const at = { path: "compose.yaml", start: { line, column: 3 }, end: { line, column: 9 } };
  return { rule, severity, subject, message: rule, help: "", fingerprint: `${rule} ${subject} ${line}`, at };
}
const reference = (severity: Severity, subject?: string, line?: number) =>
  finding("placeholders/unresolved-reference", severity, subject, line);
const secret = (severity: Severity, subject?: string, line?: number) =>
  finding("secrets/missing-variable", severity, subject, line);
const said = (findings: readonly Finding[]) =>
  findings.map((one) => `${one.rule} ${one.severity} ${one.subject} ${one.at.start.line}`);

test.each<[string, Finding[], Finding[]]>([
  ["a tie: that of secrets stays", [reference("error"), secret("error")], [secret("error")]],
  ["the reference is more severe", [secret("warning"), reference("error")], [reference("error")]],
  ["the secret is more severe", [reference("note"), secret("warning")], [secret("warning")]],
  ["another name", [reference("error", "A"), secret("error", "B")], [reference("error", "A"), secret("error", "B")]],
  [
    "another line",
    [reference("error", "A", 1), secret("error", "A", 2)],
    [reference("error", "A", 1), secret("error", "A", 2)],
  ],
  [
    "another rule on placeholders",
    [finding("placeholders/leftover", "error"), secret("error")],
    [finding("placeholders/leftover", "error"), secret("error")],
  ],
  [
    "a build that is missing: that of dockerignore stays",
    [finding("startup-order/compose-build-path-missing", "error"), finding("dockerignore/dockerfile-missing", "error")],
    [finding("dockerignore/dockerfile-missing", "error")],
  ],
  [
    "a build that is missing: the more severe one stays",
    [finding("startup-order/compose-build-path-missing", "error"), finding("dockerignore/dockerfile-missing", "note")],
    [finding("startup-order/compose-build-path-missing", "error")],
  ],
  [
    "a compose file of an environment that does not load",
    [
      finding("config/environment-file-broken", "error", "compose.yaml:1"),
      finding("config/environment-file-broken", "error", "compose.yaml:2", 2),
      finding("startup-order/compose-unreadable", "error", "compose.yaml"),
    ],
    [
      finding("config/environment-file-broken", "error", "compose.yaml:2", 2),
      finding("startup-order/compose-unreadable", "error", "compose.yaml"),
    ],
  ],
  [
    "a mounted file beside a build",
    [
      finding("startup-order/compose-build-path-missing", "error", "a"),
      finding("dockerignore/dockerfile-missing", "error", "b"),
    ],
    [
      finding("startup-order/compose-build-path-missing", "error", "a"),
      finding("dockerignore/dockerfile-missing", "error", "b"),
    ],
  ],
])("%s", (_, findings, kept) => {
  expect(said(joinFindings(findings))).toEqual(said(kept));
});

test("results of shards are joined as well", () => {
  const result = (findings: Finding[]): RunResult => ({
    verdict: "fail",
    findings,
    suppressed: [],
    undecided: [],
    unread: [],
  });
  const merged = mergeResults([result([reference("error")]), result([secret("error")])], "error", false);
  expect(said(merged.findings)).toEqual(said([secret("error")]));
});

const value = (rule: string, severity: Finding["severity"], columns: [number, number]): Finding => ({
  ...finding(rule, severity),
  at: { path: ".env.staging", start: { line: 3, column: columns[0] }, end: { line: 3, column: columns[1] } },
});

test("a declared value that is a placeholder is said once, and where it is declared too", () => {
  const declared = { path: "predeploy.yml", start: { line: 4, column: 1 }, end: { line: 4, column: 9 } };
  const mismatch = { ...value("config/value-mismatch", "error", [9, 40]), related: [{ ...declared, message: "here" }] };
  const leftover = value("placeholders/leftover", "error", [17, 32]);
  expect(joinDeclared([mismatch, leftover])).toEqual([{ ...leftover, related: mismatch.related }]);
  const guess = value("placeholders/dummy-identifier", "warning", [17, 32]);
  expect(joinDeclared([mismatch, guess])).toEqual([mismatch]);
  const elsewhere = value("placeholders/leftover", "error", [50, 60]);
  expect(joinDeclared([mismatch, elsewhere])).toEqual([mismatch, elsewhere]);
});
