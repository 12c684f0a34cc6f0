import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { readRules } from "../src/catalog/generated-files.ts";
import { loadConfig } from "../src/config/load.ts";
import { runCheck } from "../src/engine/run.ts";
import { renderJson } from "../src/reports/json.ts";
import { renderMarkdown } from "../src/reports/markdown.ts";
import type { RunResult } from "../src/types/finding.ts";
import { memoryWorkspace } from "../src/workspace/memory.ts";
import { context } from "./reports/fixture.ts";

const root = join(import.meta.dirname, "..");
const rules = readRules(root).filter((rule) => rule.id.startsWith("startup-order/"));

async function check(name: string): Promise<RunResult> {
  const folder = join(import.meta.dirname, "repositories", "staging-start", name);
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".pyc")) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).replaceAll("\\", "/")] = readFileSync(path, "utf8");
  }
  const workspace = memoryWorkspace(files);
  return runCheck({
    workspace,
    config: await loadConfig(workspace, null),
    rules: rules.map((descriptor) => ({
      descriptor,
      severity: descriptor.severity === "off" ? ("warning" as const) : descriptor.severity,
      fixedSeverity: null,
      options: Object.fromEntries(Object.entries(descriptor.options).map(([key, one]) => [key, one.default])),
    })),
    options: { environment: null, online: false, present: new Map(), deployed: null, head: null, now: 0 },
    baseline: null,
    failOn: "error",
    allowUndecided: true,
    environment: {},
    trace: (text) => process.stderr.write(`${text}\n`),
  });
}

test("every fault of the start is named at its line, with the calls that lead there", async () => {
  const { findings, verdict } = await check("broken");
  expect(verdict).toBe("fail");
  expect(
    findings.map((one) => `${one.at.path}:${one.at.start.line} ${one.rule.split("/")[1]} ${one.subject}`).sort(),
  ).toEqual([
    ".github/workflows/deploy.yml:13 workflow-job-order auth-first",
    "app/phases/services.py:14 declared-order analytics-optional",
    "app/phases/services.py:14 declared-order health-last",
    "app/phases/services.py:8 declared-order extractor-awaited",
    "app/phases/services.py:8 unawaited-call app.tokens.Extractor.initialize_extractor",
    "app/phases/services.py:9 declared-order handlers-before-monitoring",
    "app/phases/services.py:9 declared-order health-last",
  ]);
  const monitoring = findings.find((one) => one.subject === "handlers-before-monitoring");
  expect(monitoring?.related?.map((one) => `${one.path}:${one.start.line} ${one.message}`)).toEqual([
    "app/main.py:14 on the way there: calls main.lifespan",
    "app/main.py:10 on the way there: calls startup.initialize",
    "app/startup.py:7 on the way there: calls services.start_services",
    "app/main.py:14 on the way to the other: calls main.lifespan",
    "app/main.py:10 on the way to the other: calls startup.initialize",
    "app/startup.py:7 on the way to the other: calls services.start_services",
    "app/phases/services.py:10 handlers.register_handlers runs only here",
    "app/main.py:1 start-up root app.main:app",
  ]);
});

test("the summary draws from the root what runs before what", async () => {
  const result = await check("broken");
  const edges = [
    "  n0 --> n1",
    "  n1 --> n2",
    "  n2 --> n3",
    "  n3 --> n4",
    "  n3 --> n5",
    "  n4 -. runs before .-> n5",
    "  n2 --> n6",
    "  n6 -. runs before .-> n4",
    "  n2 --> n7",
    "  n7 --> n8",
    "  n6 -. runs before .-> n8",
  ];
  const nodes = [
    '  n0(["app.main:app"])',
    '  n1["main.lifespan<br>app/main.py:14"]',
    '  n2["startup.initialize<br>app/main.py:10"]',
    '  n3["services.start_services<br>app/startup.py:7"]',
    '  n4["monitoring.start_monitoring<br>app/phases/services.py:9"]',
    '  n5["handlers.register_handlers<br>app/phases/services.py:10"]',
    '  n6["health.check_startup_health<br>app/startup.py:6"]',
    '  n7["services.start_optional<br>app/startup.py:8"]',
    '  n8["analytics.connect_store<br>app/phases/services.py:14"]',
  ];
  const fence = ["```mermaid", "flowchart TB", ...nodes, ...edges].join("\n");
  expect(renderMarkdown(result, context())).toContain(fence);
  // The JSON of a shard holds what the picture of the joined result is drawn from.
  expect(renderMarkdown(JSON.parse(renderJson(result)), context())).toContain(fence);
});

test("the mended twin is silent", async () => {
  expect((await check("mended")).findings).toEqual([]);
});
