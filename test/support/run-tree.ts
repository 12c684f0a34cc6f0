import { join } from "node:path";
import { readRules } from "../../src/catalog/generated-files.ts";
import { loadConfig } from "../../src/config/load.ts";
import { runCheck } from "../../src/engine/run.ts";
import { selectRules } from "../../src/engine/select.ts";
import type { RunResult } from "../../src/types/finding.ts";
import type { ExampleCommit } from "../../src/types/rule.ts";
import type { Workspace } from "../../src/types/workspace.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";
import { ignoring, openWorkspace } from "../../src/workspace/open.ts";
import { withRepository } from "./repository.ts";

const all = readRules(join(import.meta.dirname, "..", ".."));

const REQUEST = {
  options: {
    environment: null,
    online: false,
    present: new Map<string, boolean>(),
    deployed: null,
    head: null,
    now: Date.parse("2027-01-01T00:00:00Z"),
  },
  baseline: null,
  failOn: "error",
  allowUndecided: true,
} as const;

/** Runs families or rules over a tree as `predeploy check --only …` does, the tree's own rules included. */
export async function runTree(
  files: Record<string, string>,
  only: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  return runOpened(memoryWorkspace(files), only, environment);
}

/** The same over a folder on disk that git need not know. */
export async function runFolder(directory: string, only: readonly string[]): Promise<RunResult> {
  const opened = await openWorkspace(directory, { environment: {}, verifyFiles: false, notice: () => {} });
  return runOpened(opened, only, {});
}

async function runOpened(
  opened: Workspace,
  only: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<RunResult> {
  const config = await loadConfig(opened, null);
  const workspace = ignoring(opened, config.config.ignore);
  return runCheck({
    workspace,
    config,
    rules: await selectRules(all, workspace, config, { only, skip: [] }),
    ...REQUEST,
    environment,
  });
}

/** `rule path:line subject` of each finding at warning or above. */
export function told(result: RunResult): string[] {
  return result.findings
    .filter((one) => one.severity !== "note")
    .map((one) => `${one.rule} ${one.at.path}:${one.at.start.line} ${one.subject}`);
}

/** The same over a real git repository: `history` in order, then `files` as one more commit. */
export async function runHistory(
  history: ExampleCommit[],
  files: Record<string, string>,
  only: readonly string[],
): Promise<RunResult> {
  return withRepository({ title: "", history, files, findings: [] }, async (opened) => {
    const config = await loadConfig(opened, null);
    const workspace = ignoring(opened, config.config.ignore);
    const rules = await selectRules(all, workspace, config, { only, skip: [] });
    return runCheck({ workspace, config, rules, ...REQUEST, environment: process.env });
  });
}
