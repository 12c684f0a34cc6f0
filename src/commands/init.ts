import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { CONFIG_PATHS } from "../config/load.ts";
import type { BuildsModel } from "../types/image.ts";
import type { FileTree } from "../types/workspace.ts";

export const WORKFLOW_PATH = ".github/workflows/predeploy.yml";

/** The workflow that checks pull requests: no `paths:` filter, since a required check that is skipped stays pending for ever. */
export const WORKFLOW = `# Checks what a pull request would ship. Filter inside predeploy.yml, never with \`paths:\` here:
# a required check that a filter skips stays pending for ever.
name: predeploy
on:
  pull_request:
  merge_group:
permissions:
  contents: read
jobs:
  predeploy:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0 # branches are compared; 2 is enough when the drift rules are off
          persist-credentials: false
      - uses: predeploy/predeploy@v1
`;

/** What a look at the repository found that a config could say. */
export interface Findings {
  builds: BuildsModel;
  files: FileTree;
  /** The branch that work is merged to. */
  branch: string;
  /** Folder of the repository that is looked at; "" for its root, the only place where GitHub reads workflows. */
  folder: string;
}

/** A predeploy.yml that means what no file would mean: everything that was found stands in it as a comment to uncomment. */
export function renderConfig({ builds, files, branch }: Findings): string {
  const sections = [imagesSection(builds), environmentsSection(files, branch), checklistSection(files)].filter(
    (one) => one !== "",
  );
  return `# What predeploy cannot see by itself. Every key is optional; \`predeploy rules\` lists what is checked.
version: 1

# Files that are never read; backup copies (*.bak, backups/**) are left out anyway.
# ignore: [legacy/**]
${sections.join("")}
# Severity, options, or off, by rule or family.
# rules: { dockerignore/pattern-unmatched: off }
`;
}

function imagesSection({ builds }: BuildsModel): string {
  const images: Record<string, object> = {};
  for (const { name, dockerfile, context } of builds)
    if (dockerfile.kind === "file" && context.kind !== "unknown")
      images[name] ??= { dockerfile: dockerfile.path, context: context.path === "" ? "." : context.path, requires: [] };
  if (Object.keys(images).length === 0) return "";
  return `\n# Images as they were found. \`requires\`: paths that must be in the image, whatever the code imports.\n${commented({ images })}`;
}

const ENVIRONMENT = /(?:^|[/._-])(staging|stage|stg|production|prod|live)(?=[/._-]|$)/i;
const NAMES: Readonly<Record<string, string>> = {
  stage: "staging",
  stg: "staging",
  prod: "production",
  live: "production",
};

function environmentsSection(files: FileTree, branch: string): string {
  const environments: Record<string, { files: string[] }> = {};
  for (const { path, ignored } of files.entries) {
    const word = ENVIRONMENT.exec(path)?.[1]?.toLowerCase();
    if (word === undefined || ignored || !/(\.(env|ya?ml|json|tfvars|toml|properties)|(^|\/)\.env[\w.-]*)$/.test(path))
      continue;
    if (path.startsWith(".github/")) continue;
    const { files: list } = (environments[NAMES[word] ?? word] ??= { files: [] });
    if (list.length < 8) list.push(path);
  }
  if (Object.keys(environments).length === 0) environments["staging"] = { files: ["deploy/staging/**"] };
  return `\n# What is deployed where. \`files\`: deployed as they are; \`deployed\`: what runs there now; \`inventory\`: the secrets that exist there.\n${commented(
    {
      environments: Object.fromEntries(
        Object.entries(environments)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, one]) => [name, { branch, ...one }]),
      ),
    },
  )}`;
}

function checklistSection(files: FileTree): string {
  const found = files.entries
    .map((entry) => entry.path)
    .filter((path) => /(deploy[^/]*checklist|runbook|release[^/]*plan)[^/]*\.md$/i.test(path));
  if (found.length === 0) return "";
  return `\n# Checklists whose boxes must be ticked before a release.\n${commented({ checklist: found.slice(0, 5).map((file) => ({ file })) })}`;
}

const commented = (value: object) => stringify(value, { lineWidth: 120 }).replace(/^(?=.)/gm, "# ");

/** The files that `init` would write below `root`: path → text, those that are there already and stay, and why another is left out. */
export function planInit(
  root: string,
  found: Findings,
): { writes: Map<string, string>; kept: string[]; left: [path: string, why: string][] } {
  const writes = new Map<string, string>();
  const kept: string[] = [];
  const config = CONFIG_PATHS.find((path) => existsSync(join(root, path)));
  if (config === undefined) writes.set(CONFIG_PATHS[0]!, renderConfig(found));
  else kept.push(config);
  if (existsSync(join(root, WORKFLOW_PATH))) kept.push(WORKFLOW_PATH);
  else if (found.folder === "") writes.set(WORKFLOW_PATH, WORKFLOW);
  else {
    const why = `GitHub reads workflows at the root of the repository only; give the Action \`path: ${found.folder}\` there`;
    return { writes, kept, left: [[WORKFLOW_PATH, why]] };
  }
  return { writes, kept, left: [] };
}
