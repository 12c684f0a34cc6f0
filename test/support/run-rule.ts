import { loadConfig } from "../../src/config/load.ts";
import { runCheck } from "../../src/engine/run.ts";
import type { RunResult } from "../../src/types/finding.ts";
import type { RuleDescriptor, RuleExample } from "../../src/types/rule.ts";
import { type MemoryFile, memoryWorkspace } from "../../src/workspace/memory.ts";
import { ignoring } from "../../src/workspace/open.ts";
import { withRepository } from "./repository.ts";

/** Runs one rule over an example: in memory, or in a real git repository where it has a history. */
export async function runRule(rule: RuleDescriptor, example: RuleExample): Promise<RunResult> {
  if (example.history) return withRepository(example, (workspace) => run(rule, workspace));
  const files: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries(example.files))
    files[path] = { content, kind: example.executable?.includes(path) ? "executable" : "file" };
  return run(rule, memoryWorkspace(files));
}

async function run(rule: RuleDescriptor, opened: ReturnType<typeof memoryWorkspace>): Promise<RunResult> {
  const config = await loadConfig(opened, null);
  const workspace = ignoring(opened, config.config.ignore);
  const options = Object.fromEntries(Object.entries(rule.options).map(([name, one]) => [name, one.default]));
  const severity = rule.severity === "off" ? "warning" : rule.severity;
  const selected = [{ descriptor: rule, severity, fixedSeverity: null, options }];
  return runCheck({
    workspace,
    config,
    rules: selected,
    options: {
      environment: null,
      online: false,
      present: new Map(),
      deployed: null,
      now: Date.parse("2027-01-01T00:00:00Z"),
    },
    baseline: null,
    failOn: "error",
    allowUndecided: true,
    environment: process.env,
    trace: (text) => process.stderr.write(`${text}\n`),
  });
}
