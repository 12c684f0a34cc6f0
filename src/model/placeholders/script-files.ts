import type { DeployAction, DeployScript, DeployScripts } from "../../types/deploy-script.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { directoryOf, isActionMetadata, isCloudBuild, isCompose, isShellScript, isWorkflow } from "../path-class.ts";

export interface PlacedScript extends DeployScript {
  file: RepoPath;
  /** Directories that its relative paths may count from, the likeliest first. */
  bases: RepoPath[];
}

export interface PlacedAction extends DeployAction {
  file: RepoPath;
}

/** Trees whose scripts deploy nothing of this repository. */
const elsewhere = /(?:^|\/)(?:node_modules|vendor|third_party|site-packages|testdata|fixtures?|examples?|samples?)\//i;
const pipelines =
  /(?:^|\/)(?:package\.json|Taskfile[\w.-]*\.ya?ml|skaffold\.ya?ml|\.gitlab-ci[\w.-]*\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|bitbucket-pipelines\.ya?ml|buildspec[\w.-]*\.ya?ml|\.travis\.ya?ml|appspec\.ya?ml|\.drone\.ya?ml|codefresh\.ya?ml|\.cloudbuild[\w.-]*\.ya?ml|render\.ya?ml|app\.json|mprocs\.ya?ml)$|^\.(?:circleci|azure-pipelines|pipelines|gitlab|buildkite|azuredevops)\/.*\.ya?ml$|(?:^|\/)(?:azure-)?pipelines?\/.*\.ya?ml$/i;

function kindOf(path: RepoPath, executable: boolean): "deploy-shell" | "deploy-make" | "deploy-data" | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/^(?:GNUm|M|m)akefile$|\.mk$|^[Jj]ustfile$/.test(name)) return "deploy-make";
  if (isWorkflow(path) || isActionMetadata(path) || isCloudBuild(path) || isCompose(path) || pipelines.test(path))
    return "deploy-data";
  if (isShellScript(path) || (executable && !name.includes("."))) return "deploy-shell";
  return null;
}

/** Every script of the repository that may deploy or render something. */
export function readScripts(files: FileTree, facts: FactReader): { scripts: PlacedScript[]; actions: PlacedAction[] } {
  const scripts: PlacedScript[] = [];
  const actions: PlacedAction[] = [];
  for (const entry of files.entries) {
    if (entry.ignored || (entry.kind !== "file" && entry.kind !== "executable") || elsewhere.test(entry.path)) continue;
    const kind = kindOf(entry.path, entry.kind === "executable");
    if (!kind) continue;
    const found: DeployScripts | null = facts.get(kind, entry.path);
    if (!found) continue;
    const own = directoryOf(entry.path);
    const inRoot = kind === "deploy-data" && !/package\.json$/.test(entry.path);
    const bases = inRoot ? ["", own] : [own, "", directoryOf(own)];
    for (const script of found.scripts) scripts.push({ ...script, file: entry.path, bases: [...new Set(bases)] });
    for (const action of found.actions) actions.push({ ...action, file: entry.path });
  }
  return { scripts, actions };
}
