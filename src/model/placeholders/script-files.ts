import { baseName, directoryOf, inRepository } from "../../text/paths.ts";
import type { DeployAction, DeployCommand, DeployScript, DeployScripts } from "../../types/deploy-script.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isActionMetadata, isCloudBuild, isCompose, isRecipeFile, isShellScript, isWorkflow } from "../path-class.ts";

export interface PlacedScript extends DeployScript {
  file: RepoPath;
  /** `working-directory` of the workflow's step, or of its job's or file's defaults; may hold an expression. Null where none is written. */
  directory: string | null;
  /** `environment:` of the workflow's job, as written; null where none is. */
  environment: string | null;
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
  const name = baseName(path);
  if (isRecipeFile(path)) return "deploy-make";
  if (isWorkflow(path) || isActionMetadata(path) || isCloudBuild(path) || isCompose(path)) return "deploy-data";
  if (/\.(?:ya?ml|json)$/i.test(name) && pipelines.test(path)) return "deploy-data";
  if (isShellScript(path) || (executable && !name.includes("."))) return "deploy-shell";
  return null;
}

/** Every script of the repository that may deploy or render something. */
export function readScripts(files: FileTree, facts: FactReader): { scripts: PlacedScript[]; actions: PlacedAction[] } {
  const scripts: PlacedScript[] = [];
  const actions: PlacedAction[] = [];
  for (const entry of files.entries) {
    if (entry.ignored || (entry.kind !== "file" && entry.kind !== "executable")) continue;
    const kind = kindOf(entry.path, entry.kind === "executable");
    if (!kind || elsewhere.test(entry.path)) continue;
    const found: DeployScripts | null = facts.get(kind, entry.path);
    if (!found) continue;
    const own = directoryOf(entry.path);
    const inRoot = kind === "deploy-data" && !/package\.json$/.test(entry.path);
    const bases = inRoot ? ["", own] : [own, "", directoryOf(own)];
    for (const script of found.scripts) {
      const directory = directoryOfStep(script, entry.path, files, facts);
      const all = directory === null ? bases : [directory, ...bases];
      const environment = environmentOfJob(script, entry.path, facts);
      scripts.push({ ...script, file: entry.path, directory, environment, bases: [...new Set(all)] });
    }
    for (const action of found.actions) actions.push({ ...action, file: entry.path });
  }
  return { scripts, actions };
}

/** The name of a command without its folder. */
export function programOf(command: DeployCommand): string {
  const word = command.words[0] ?? "";
  return baseName(word);
}

/** Directories that relative paths may count from once the command has run: `cd` adds those below each of the script's own. */
export function basesAfter({ words: [name, to] }: DeployCommand, script: PlacedScript, bases: RepoPath[]): RepoPath[] {
  if (name !== "cd" || !to || /[$~]/.test(to)) return bases;
  return [...script.bases.map((base) => (base === "" ? to : `${base}/${to}`)), ...script.bases];
}

function environmentOfJob({ path: [top, name] }: DeployScript, path: RepoPath, facts: FactReader): string | null {
  if (top !== "jobs" || !isWorkflow(path)) return null;
  return facts.get("workflow", path)?.jobs.find((one) => one.id === name)?.environment?.text ?? null;
}

/** Where a workflow's step says that it runs, counted from the repository's root. */
function directoryOfStep(script: DeployScript, path: RepoPath, files: FileTree, facts: FactReader): string | null {
  const [top, name, , index] = script.path;
  if (top !== "jobs" && top !== "runs") return null;
  if (!isWorkflow(path) && !isActionMetadata(path)) return null;
  const workflow = facts.get("workflow", path);
  const job = top === "jobs" ? workflow?.jobs.find((one) => one.id === name) : undefined;
  const step =
    top === "jobs"
      ? job?.steps.find((one) => one.index === index)
      : workflow?.steps.find((one) => one.index === script.path[2]);
  const written = step?.workingDirectory ?? job?.defaults.workingDirectory ?? workflow?.defaults.workingDirectory;
  if (!written) return null;
  const directory = inRepository("", written.text.replace(/^\$\{\{ *github\.workspace *\}\}/, ""));
  if (directory === null || directory.includes("$") || files.hasDirectory(directory)) return directory;
  // `path:` of the checkout: the repository lies in a folder of the workspace.
  const inside = directory.slice(directory.indexOf("/") + 1);
  return files.hasDirectory(inside) ? inside : directory;
}
