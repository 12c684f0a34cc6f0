import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { parseBaseline, renderBaseline } from "../../src/engine/baseline.ts";
import { type CheckRequest, runCheck, WHOLE_RUN } from "../../src/engine/run.ts";
import type { Report, Undecided } from "../../src/types/finding.ts";
import type { CheckOfRule, RuleDescriptor } from "../../src/types/rule.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";
import { runTree } from "../support/run-tree.ts";

const descriptor = (id: string): RuleDescriptor => ({
  id,
  title: id,
  severity: "error",
  why: "",
  fix: "",
  check: id,
  options: {},
  examples: [],
});

function report(path: string, line: number, subject: string, more: Partial<Report> = {}): Report {
  const at = { path, start: { line, column: 1 }, end: { line, column: 2 } };
  return { message: `${subject} is wrong`, subject, at, ...more };
}

interface Setup {
  yields?: Record<string, (Report | Undecided)[] | Error>;
  files?: Record<string, string>;
  config?: string;
  request?: Partial<CheckRequest>;
}

/** Runs rules that yield what they are told to; a rule that needs something other than `files` says so by its id. */
async function run({ yields = {}, files = { "a.txt": "1\n2\n3\n" }, config = "version: 1\n", request = {} }: Setup) {
  const ids = [...Object.keys(yields), "suppressions/unused", "suppressions/expired", "suppressions/missing-reason"];
  const check = (id: string): CheckOfRule => ({
    needs: ["files"],
    check: () => ({
      needs: ["files"],
      *run() {
        const given = yields[id]!;
        if (given instanceof Error) throw given;
        yield* given;
      },
    }),
  });
  return runCheck({
    workspace: memoryWorkspace(files),
    config: await parseConfig(config, "predeploy.yml"),
    rules: ids.map((id) => ({
      descriptor: descriptor(id),
      severity: id.startsWith("suppressions/") ? "warning" : "error",
      fixedSeverity: null,
      options: {},
    })),
    options: {
      environment: null,
      online: false,
      present: new Map(),
      deployed: null,
      head: null,
      now: Date.parse("2026-07-01T00:00:00Z"),
    },
    baseline: null,
    failOn: "error",
    allowUndecided: false,
    environment: {},
    ...(Object.keys(yields).length > 0
      ? {
          loadCheck: async (id: string) =>
            id in yields ? check(id) : (await import("../../src/rules/suppressions/checks.generated.ts")).checks[id],
        }
      : {}),
    ...request,
  });
}

describe("the verdict", () => {
  const wrong = { "x/a": [report("a.txt", 1, "s")] };
  const open = { "x/a": [{ undecided: "no history.", remedy: "Fetch it." }] };
  test.each<[string, Setup, string]>([
    ["fails on an error", { yields: wrong }, "fail"],
    ["passes a warning by default", { yields: { "x/a": [report("a.txt", 1, "s", { severity: "warning" })] } }, "pass"],
    [
      "fails on a warning when asked to",
      { yields: { "x/a": [report("a.txt", 1, "s", { severity: "warning" })] }, request: { failOn: "warning" } },
      "fail",
    ],
    ["never fails with never", { yields: wrong, request: { failOn: "never", allowUndecided: true } }, "pass"],
    ["is undecided when a rule is", { yields: open }, "undecided"],
    ["is a pass when undecided is allowed", { yields: open, request: { allowUndecided: true } }, "pass"],
    ["is a failure when both", { yields: { ...wrong, "x/b": [{ undecided: "why.", remedy: "do." }] } }, "fail"],
    ["is undecided when there was nothing to look at", { files: {}, yields: { "x/a": [] } }, "undecided"],
  ])("%s", async (_, setup, verdict) => {
    expect((await run(setup)).verdict).toBe(verdict);
  });

  test("nothing to look at is said, with what to do", async () => {
    const { undecided } = await run({ files: {}, yields: { "x/a": [] } });
    expect(undecided).toEqual([
      { rule: WHOLE_RUN, reason: "there are no files here.", remedy: expect.stringContaining("actions/checkout") },
    ]);
    const { undecided: unmatched } = await runTree({ "a.txt": "1\n" }, ["migrations"]);
    expect(unmatched).toEqual([
      {
        rule: WHOLE_RUN,
        reason: expect.stringContaining("nothing was found"),
        remedy: expect.stringContaining("predeploy init"),
      },
    ]);
  });
});

test("one rule's crash makes it undecided and hides no other", async () => {
  const { verdict, findings, undecided } = await run({
    yields: { "x/broken": new Error("boom\nsecond line"), "x/fine": [report("a.txt", 2, "s")] },
  });
  expect(verdict).toBe("fail");
  expect(findings.map((one) => one.rule)).toEqual(["x/fine"]);
  expect(undecided).toEqual([
    { rule: "x/broken", reason: "the check crashed: boom", remedy: expect.stringContaining("bug") },
  ]);
});

test("findings are sorted by place and rule, and what is the same word for word stands once", async () => {
  const { findings } = await run({
    yields: {
      "x/b": [report("b.txt", 1, "s"), report("a.txt", 3, "s"), report("a.txt", 3, "s")],
      "x/a": [report("a.txt", 3, "s"), report("a.txt", 1, "t")],
    },
  });
  expect(findings.map((one) => `${one.at.path}:${one.at.start.line} ${one.rule}`)).toEqual([
    "a.txt:1 x/a",
    "a.txt:3 x/a",
    "a.txt:3 x/b",
    "b.txt:1 x/b",
  ]);
});

test("a fingerprint follows rule, path and subject, not the line or the message", async () => {
  const print = async (one: Report, rule = "x/a") =>
    (await run({ yields: { [rule]: [one] } })).findings[0]!.fingerprint;
  const base = await print(report("a.txt", 1, "s"));
  expect(await print({ ...report("a.txt", 9, "s"), message: "other" })).toBe(base);
  expect(await print(report("b.txt", 1, "s"))).not.toBe(base);
  expect(await print(report("a.txt", 1, "t"))).not.toBe(base);
  expect(await print(report("a.txt", 1, "s"), "x/b")).not.toBe(base);
});

test("a fingerprint is computed by who asks for it", async () => {
  const { findings } = await run({ yields: { "a/one": [report("a.txt", 1, "x")] } });
  expect(findings.map((one) => typeof Object.getOwnPropertyDescriptor(one, "fingerprint")?.get)).toEqual(["function"]);
});

describe("suppressions", () => {
  const yields = { "x/a": [report("a.txt", 2, "s")] };
  const rulesOf = (result: Awaited<ReturnType<typeof run>>) =>
    result.findings.map((one) => `${one.rule} ${one.at.path}:${one.at.start.line}`);

  test.each<[string, string]>([
    ["on the line itself", "1\n2 # predeploy-ignore x/a: known\n3\n"],
    ["alone on the line above", "# predeploy-ignore x/a: known\n2\n3\n"],
    ["for a family", "# predeploy-ignore x: known\n2\n3\n"],
    ["beside a rule of a team's own file name", "# predeploy-ignore team/no_open.door, x/a: known\n2\n3\n"],
    ["with a last day still to come", "# predeploy-ignore x/a until=2026-07-01: known\n2\n"],
    ["with the last day in the reason", "# predeploy-ignore x/a: known until=2026-07-01\n2\n"],
    ["in a comment with an end", "<!-- predeploy-ignore x/a: known -->\n2\n"],
    ["two above each other", "# predeploy-ignore x/a: known\n2\n"],
    ["among several rules, with CRLF", "// predeploy-ignore x/a, x/b: known\r\n2\r\n"],
  ])("a comment %s", async (_, text) => {
    const result = await run({ yields: { ...yields, "x/b": [report("a.txt", 2, "s")] }, files: { "a.txt": text } });
    expect(rulesOf(result).filter((one) => one.startsWith("x/a"))).toEqual([]);
    expect(result.suppressed.find((one) => one.finding.rule === "x/a")).toMatchObject({
      by: "inline",
      reason: "known",
    });
  });

  test.each<[string, string, string[]]>([
    [
      "behind other text covers its own line only",
      "1 # predeploy-ignore x/a: known\n2\n",
      ["suppressions/unused a.txt:1", "x/a a.txt:2"],
    ],
    [
      "without a reason covers nothing",
      "# predeploy-ignore x/a\n2\n",
      ["suppressions/missing-reason a.txt:1", "x/a a.txt:2"],
    ],
    [
      "that has expired covers nothing",
      "# predeploy-ignore x/a until=2026-06-30: known\n2\n",
      ["suppressions/expired a.txt:1", "x/a a.txt:2"],
    ],
    [
      "of another rule covers nothing",
      "# predeploy-ignore x/c: known\n2\n",
      ["suppressions/unused a.txt:1", "x/a a.txt:2"],
    ],
  ])("a comment %s", async (_, text, rules) => {
    expect(rulesOf(await run({ yields, files: { "a.txt": text } }))).toEqual(rules);
  });

  test("a comment of a rule that could not decide is not called unused", async () => {
    const result = await run({
      yields: { "x/a": [report("a.txt", 3, "other"), { undecided: "no.", remedy: "do." }] },
      files: { "a.txt": "# predeploy-ignore x/a: known\n2\n3\n" },
    });
    expect(rulesOf(result)).toEqual(["x/a a.txt:3"]);
  });

  test("comments in packages of others are not judged", async () => {
    const manifest = `# predeploy-ignore placeholders: known\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n`;
    const files = {
      "deploy/a.yaml": manifest,
      "node_modules/tool/deploy/a.yaml": manifest,
      "vendor/x/a.yaml": manifest,
    };
    const { findings } = await runTree(files, ["startup-order", "placeholders", "suppressions"]);
    expect(findings.map((one) => `${one.rule} ${one.at.path}`)).toEqual(["suppressions/unused deploy/a.yaml"]);
  });

  test("an entry of `suppress:` by path and subject, and one that is not used at its line of the config", async () => {
    const config =
      "suppress:\n  - { rule: x/a, path: '*.txt', subject: s, reason: known }\n  - { rule: x/a, path: b.txt, reason: gone }\n";
    const result = await run({ yields, config });
    expect(result.suppressed).toMatchObject([{ by: "config", reason: "known" }]);
    expect(rulesOf(result)).toEqual(["suppressions/unused predeploy.yml:3"]);
  });

  test("a baseline takes out what it holds and says what is gone", async () => {
    const before = await run({ yields: { "x/a": [report("a.txt", 2, "s"), report("a.txt", 3, "gone")] } });
    const baseline = parseBaseline(renderBaseline(before.findings), "baseline.json");
    const after = await run({
      yields: { "x/a": [report("a.txt", 1, "s"), report("a.txt", 1, "new")] },
      request: { baseline },
    });
    expect(after.suppressed).toMatchObject([{ by: "baseline", finding: { subject: "s" } }]);
    expect(rulesOf(after)).toEqual(["x/a a.txt:1", expect.stringContaining("suppressions/unused baseline.json:")]);
  });
});
