import { loadConfig } from "../../src/config/load.ts";
import { runCheck } from "../../src/engine/run.ts";
import type { RunResult } from "../../src/types/finding.ts";
import type { RuleDescriptor, RuleExample } from "../../src/types/rule.ts";
import type { Workspace } from "../../src/types/workspace.ts";
import { type MemoryFile, memoryWorkspace } from "../../src/workspace/memory.ts";
import { ignoring } from "../../src/workspace/open.ts";
import { withRepository } from "./repository.ts";

/** Runs one rule over an example, in memory or in a real git repository where it has a history. `named` run too, but only the rule's findings are given. */
export async function runRule(
  rule: RuleDescriptor,
  example: RuleExample,
  named: readonly RuleDescriptor[] = [],
): Promise<RunResult> {
  if (example.history) return withRepository(example, (workspace) => run(rule, workspace, named));
  const files: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries(example.files))
    files[path] = { content, kind: example.executable?.includes(path) ? "executable" : "file" };
  return run(rule, memoryWorkspace(files), named);
}

async function run(rule: RuleDescriptor, opened: Workspace, named: readonly RuleDescriptor[]): Promise<RunResult> {
  const config = await loadConfig(opened, null);
  const workspace = ignoring(opened, config.config.ignore);
  const rules = [rule, ...named].map((descriptor) => ({
    descriptor,
    severity: descriptor.severity === "off" ? ("warning" as const) : descriptor.severity,
    fixedSeverity: null,
    options: Object.fromEntries(Object.entries(descriptor.options).map(([name, one]) => [name, one.default])),
  }));
  const result = await runCheck({
    workspace,
    config,
    rules,
    options: {
      environment: null,
      online: false,
      present: new Map(),
      deployed: null,
      head: null,
      now: Date.parse("2027-01-01T00:00:00Z"),
    },
    baseline: null,
    failOn: "error",
    allowUndecided: true,
    environment: process.env,
    trace: (text) => process.stderr.write(`${text}\n`),
  });
  const own = <T extends { rule: string }>(all: readonly T[]) => all.filter((one) => one.rule === rule.id);
  return { ...result, findings: own(result.findings), undecided: own(result.undecided) };
}
