import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { readRules } from "../src/catalog/generated-files.ts";
import { applyEdits } from "../src/commands/fix.ts";
import { loadConfig } from "../src/config/load.ts";
import { runCheck } from "../src/engine/run.ts";
import type { Finding, RunResult } from "../src/types/finding.ts";
import { memoryWorkspace } from "../src/workspace/memory.ts";

const root = join(import.meta.dirname, "..");
const rules = readRules(root).filter((rule) =>
  /^dockerignore\/(?:module|data|negation)|^startup-order\/(?:unresolved|circular)/.test(rule.id),
);

/** A repository of test/repositories as path and text. */
function repository(name: string): Record<string, string> {
  const folder = join(import.meta.dirname, "repositories", name);
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".pyc")) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).replaceAll("\\", "/")] = readFileSync(path, "utf8");
  }
  return files;
}

async function check(files: Record<string, string>): Promise<RunResult> {
  const workspace = memoryWorkspace(files);
  const config = await loadConfig(workspace, null);
  return runCheck({
    workspace,
    config,
    rules: rules.map((descriptor) => ({
      descriptor,
      severity: descriptor.severity === "off" ? ("warning" as const) : descriptor.severity,
      fixedSeverity: null,
      options: Object.fromEntries(Object.entries(descriptor.options).map(([name, one]) => [name, one.default])),
    })),
    options: { environment: null, online: false, present: new Map(), deployed: null, head: null, now: 0 },
    baseline: null,
    failOn: "error",
    allowUndecided: true,
    environment: {},
    trace: (text) => process.stderr.write(`${text}\n`),
  });
}

const modules = (findings: readonly Finding[]) =>
  findings
    .filter((one) => one.rule === "dockerignore/module-excluded")
    .map((one) => `${one.at.path}:${one.at.start.line} ${one.subject} ${one.severity}`);

test("one run names every module that the image lacks, each at the line that decides", async () => {
  const { findings, verdict } = await check(repository("incident-modules-broken"));
  expect(verdict).toBe("fail");
  expect(modules(findings)).toEqual([
    ".dockerignore:16 shared/monitoring/tracing.py note",
    ".dockerignore:16 svc/services/monitoring/__init__.py error",
    ".dockerignore:16 svc/services/monitoring/alerts.py error",
    ".dockerignore:17 svc/infrastructure/__init__.py error",
    ".dockerignore:17 svc/infrastructure/queue/__init__.py error",
    ".dockerignore:17 svc/infrastructure/queue/broker.py error",
    ".dockerignore:18 svc/cloud_tasks/__init__.py error",
    ".dockerignore:18 svc/cloud_tasks/client.py error",
    ".dockerignore:19 shared/deploy/revision.py error",
    ".dockerignore:20 shared/secrets_store/loader.py error",
  ]);
  const broker = findings.find((one) => one.subject === "svc/infrastructure/queue/broker.py");
  expect(broker?.message).toContain("`!svc/` (line 26) does not bring it back");
  expect(broker?.related?.map((one) => one.message)).toEqual(
    expect.arrayContaining([
      "calls create_app()",
      "calls build()",
      "starts the lifespan lifespan",
      "calls self.queues()",
    ]),
  );
  expect(
    findings.filter((one) => one.rule === "dockerignore/negation-without-effect").map((one) => one.at.start.line),
  ).toEqual([26, 27]);
});

test("the offered edits bring back what is needed, nothing that names a secret, and the check passes", async () => {
  const files = repository("incident-modules-broken");
  const { findings } = await check(files);
  const edits = findings
    .filter((one) => one.rule === "dockerignore/module-excluded")
    .flatMap((one) => one.fix?.edits ?? []);
  const mended = applyEdits(files[".dockerignore"] ?? "", edits);
  expect(mended).toBe(repository("incident-modules-mended")[".dockerignore"]);
  expect(mended).not.toContain("!svc/cloud_tasks/\n");
  const after = await check({ ...files, ".dockerignore": mended ?? "" });
  expect(modules(after.findings)).toEqual([]);
});

test("the mended repository has no finding", async () => {
  const { findings } = await check(repository("incident-modules-mended"));
  expect(findings.filter((one) => one.rule !== "dockerignore/negation-without-effect")).toEqual([]);
});
