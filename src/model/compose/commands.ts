import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isCompose, isRecipeFile, isShellScript, isWorkflow } from "../path-class.ts";
import { resolvePath } from "./paths.ts";

/** The files that one command in the repository gives to compose, in its order. */
export interface ComposeCommandLine {
  /** Those that the repository holds. */
  files: RepoPath[];
  /** False where the repository lacks the first one, which the others change: something makes it before. */
  based: boolean;
  /** The folder of the first one, from which paths in all of them start. */
  directory: RepoPath;
  /** `--project-directory`; null without one. */
  projectDirectory: string | null;
}

/** `docker compose`, or the variable of a Makefile or script that holds it. */
const COMPOSE = /docker[ -]compose\b|\$[({]?(?:DOCKER_?COMPOSE|COMPOSE|DC)(?:_?(?:CMD|COMMAND|BIN|EXEC))?\b[)}]?/;
const COMMAND = new RegExp(`(?:${COMPOSE.source})[^|;&]*`, "g");

/** Files that may run compose: scripts, workflows, Makefiles, package.json, and the like; a README and a compose file's comments say how people do. */
function mayRunCompose(path: RepoPath): boolean {
  return (
    isWorkflow(path) ||
    isShellScript(path) ||
    isCompose(path) ||
    isDevcontainer(path) ||
    /(?:^|\/)README(?:\.(?:md|rst|txt))?$/i.test(path) ||
    isRecipeFile(path) ||
    /(?:^|\/)(?:Taskfile\.ya?ml|package\.json|composer\.json|\.gitlab-ci\.yml|Vagrantfile|\.env)$|^\.circleci\/config\.yml$/.test(
      path,
    )
  );
}

/** Whether a file that machines run, rather than people or editors read, has a command of compose. */
export function runsCompose(path: RepoPath, lines: (path: RepoPath) => readonly string[]): boolean {
  if (!mayRunCompose(path) || isCompose(path) || isDevcontainer(path) || /\/?(?:README[^/]*|\.env)$/i.test(path))
    return false;
  return lines(path).some((line) => COMPOSE.test(line));
}

/** What an editor starts a development container from (https://containers.dev/implementors/json_reference/#compose-specific). */
const isDevcontainer = (path: RepoPath): boolean => /(?:^|\/)\.?devcontainer\.json$/.test(path);

/** Every set of files that a command names with `-f`, COMPOSE_FILE in an env file, or `dockerComposeFile` of a development container. */
export function composeCommandLines(tree: FileTree, facts: FactReader): ComposeCommandLine[] {
  const found = new Map<string, ComposeCommandLine>();
  for (const entry of tree.entries) {
    if (entry.ignored || (entry.kind !== "file" && entry.kind !== "executable") || !mayRunCompose(entry.path)) continue;
    const lines = facts.get("lines", entry.path)?.lines;
    if (
      !lines?.some(
        (line) =>
          /compose|COMPOSE|DC/.test(line) && (/COMPOSE_FILE|dockerComposeFile/.test(line) || COMPOSE.test(line)),
      )
    )
      continue;
    for (const { written, projectDirectory } of namesIn(lines)) {
      const named = filesOf(written, entry.path, tree);
      if (named === null) continue;
      const command = { ...named, projectDirectory };
      found.set(JSON.stringify(command), command);
    }
  }
  return [...found.values()];
}

function* namesIn(lines: readonly string[]): Generator<{ written: string[]; projectDirectory: string | null }> {
  const container = /"dockerComposeFile"\s*:\s*(\[[^\]]*\]|"[^"\n]*")/.exec(
    lines.filter((line) => !/^\s*\/\//.test(line)).join("\n"),
  )?.[1];
  if (container !== undefined) {
    yield { written: [...container.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ""), projectDirectory: null };
    return;
  }
  for (let at = 0; at < lines.length; at++) {
    let line = (lines[at] ?? "").slice(0, 2000);
    while (/\\\s*$/.test(line) && at + 1 < lines.length && line.length < 4000)
      line = `${line.replace(/\\\s*$/, " ")}${(lines[++at] ?? "").slice(0, 2000).replace(/^\s*#/, "")}`;
    const variable = /^\s*(?:export\s+)?COMPOSE_FILE\s*[=:]\s*["']?([^\s"'#]+)/.exec(line);
    if (variable) yield { written: (variable[1] ?? "").split(/[:;]/), projectDirectory: null };
    for (const [command] of line.matchAll(COMMAND)) {
      const written = [...command.matchAll(/\s(?:-f|--file)[\s=]\s*["']?([^\s"']+)/g)].map((match) => match[1] ?? "");
      const directory = /\s--project-directory[\s=]\s*["']?([^\s"']+)/.exec(command);
      if (written.length > 0 || directory) yield { written, projectDirectory: directory?.[1] ?? null };
    }
  }
}

/** Paths count from the repository's root (workflows, most scripts) or from the script's own folder: whichever holds all of them, else some. */
function filesOf(
  written: readonly string[],
  by: RepoPath,
  tree: FileTree,
): Pick<ComposeCommandLine, "files" | "based" | "directory"> | null {
  const own = directoryOf(by);
  const candidates = isDevcontainer(by)
    ? [own]
    : isWorkflow(by)
      ? [""]
      : own.includes("/")
        ? ["", own, directoryOf(own)]
        : ["", own];
  const sets = candidates.map((directory) => {
    const paths = written.map((path) => resolvePath(directory, path));
    const files = paths.filter((path): path is RepoPath => path !== null && tree.has(path));
    return { files, based: files[0] === paths[0], directory: directoryOf(paths[0] ?? "") };
  });
  const some = sets.filter(({ files }) => files.length > 0);
  return some.find(({ files }) => files.length === written.length) ?? some.find(({ based }) => !based) ?? null;
}
