import type { ReportContext } from "../../src/reports/context.ts";
import type { Finding, RunResult } from "../../src/types/finding.ts";
import type { Location } from "../../src/types/text.ts";

/** A place on one line. */
export function at(path: string, line: number, column: number, endColumn: number): Location {
  return { path, start: { line, column }, end: { line, column: endColumn } };
}

export function finding(part: Partial<Finding> = {}): Finding {
  return {
    rule: "dockerignore/module-excluded",
    severity: "error",
    subject: "app/monitoring/__init__.py",
    message:
      "`app/monitoring/__init__.py` is left out of the image, but the start imports it: the container stops with ModuleNotFoundError.",
    help: "predeploy explain dockerignore/module-excluded",
    fingerprint: "f1",
    at: at(".dockerignore", 3, 1, 14),
    ...part,
  };
}

export function resultOf(findings: Finding[], part: Partial<RunResult> = {}): RunResult {
  const verdict = findings.some(({ severity }) => severity === "error") ? "fail" : "pass";
  return { verdict, findings, suppressed: [], undecided: [], unread: [], ...part };
}

export const files: Record<string, string> = {
  ".dockerignore": "*.pyc\n.git\n**/monitoring\ndocs\n",
  "app/main.py": "import os\n\nfrom app.monitoring import start\n",
  "deploy/staging/api.yaml": "env:\n\t- name: TOKEN\n\t  value: <SET_ME>\n\t- name: OTHER\n\t  value: <SET_ME>\n",
};

export function context(part: Partial<ReportContext> = {}): ReportContext {
  return {
    version: "1.2.3",
    rules: new Map([
      [
        "dockerignore/module-excluded",
        {
          id: "dockerignore/module-excluded",
          check: "dockerignore/module-excluded",
          title: "A module that the start imports is left out of the image",
          severity: "error",
          why: "The image builds, and the container stops at its first import.",
          fix: "Narrow the pattern, or add an exception after it.",
        },
      ],
    ]),
    lines: (path, line) => files[path]?.split("\n")[line - 1] ?? null,
    ...part,
  };
}

/** A result as a person meets it: folded findings, related places, fixes, an undecided rule, an unread file, a suppression. */
export const typical: RunResult = resultOf(
  [
    finding({
      related: [{ ...at("app/main.py", 3, 6, 20), message: "imported here, at start-up" }],
      fix: { title: "Add `!app/monitoring` below line 3", safety: "review", edits: [] },
    }),
    finding({ subject: "app/monitoring/probes.py", fingerprint: "f2" }),
    finding({ subject: "app/monitoring/alerts.py", fingerprint: "f3" }),
    finding({
      rule: "placeholders/leftover",
      severity: "warning",
      subject: "<SET_ME>",
      fingerprint: "f4",
      help: "predeploy explain placeholders/leftover",
      message: "`<SET_ME>` is a placeholder that nothing replaces before deploy.",
      at: at("deploy/staging/api.yaml", 3, 11, 19),
    }),
    finding({
      rule: "placeholders/leftover",
      severity: "warning",
      subject: "<SET_ME>",
      fingerprint: "f4",
      help: "predeploy explain placeholders/leftover",
      message: "`<SET_ME>` is a placeholder that nothing replaces before deploy.",
      at: at("deploy/staging/api.yaml", 5, 11, 19),
    }),
  ],
  {
    suppressed: [
      {
        finding: finding({ fingerprint: "f5", subject: "app/legacy.py" }),
        by: "inline",
        reason: "never imported on staging",
      },
    ],
    undecided: [
      {
        rule: "secrets/missing",
        reason: "Nothing says which secrets exist in staging.",
        remedy: "Name an inventory under environments.staging.inventory, or pass --present.",
      },
    ],
    unread: [{ path: "deploy/huge.yaml", reason: "larger than 4 MB" }],
  },
);

/** Text that a stranger may put into a file, a path or a key. */
export const hostile = [
  "::add-mask::x",
  "  ::error file=a::b",
  "##[add-mask]secret",
  "##vso[task.setvariable variable=x]y",
  "\n::set-output name=a::b\n",
  "\r::stop-commands::x",
  "%0A::warning::x",
  "\x1b[31mred\x1b]8;;http://evil\x07link",
  "\u009b31m",
  "a\u202eb\u2066c\u200b",
  "<script>alert(1)</script>",
  "</details><img src=x onerror=alert(1)>",
  "]]>",
  "\"' onmouseover=alert(1) x='",
  "| a | b |\n| --- | --- |",
  "`` ` ``` <b>",
  "[link](javascript:alert(1)) ![i](http://evil/x.png)",
  "@octocat @github/team #12 GH-34 owner/repo#5 http://evil.example www.evil.example a@b.example :tada: $x^2$",
  "\\| \\` \\",
  "\ud800 lone \udc00",
  "\u2028\u2029\u0085\u0000\u0008",
  "=cmd|' /C calc'!A0",
  "- [ ] task\n# heading\n> quote\n1. one",
  "\ufffe\uffff",
  "x".repeat(5000),
];
