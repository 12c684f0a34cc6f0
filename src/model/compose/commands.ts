import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { directoryOf, isCompose, isShellScript, isWorkflow } from "../path-class.ts";
import { resolvePath } from "./paths.ts";

/** The files that one command in the repository gives to compose, in its order. */
export interface ComposeCommandLine {
  files: RepoPath[];
  /** `--project-directory`; null without one. */
  projectDirectory: string | null;
}

/** Files that may run compose: scripts, workflows, Makefiles, package.json, and the like; a README and a compose file's comments say how people do. */
function mayRunCompose(path: RepoPath): boolean {
  return (
    isWorkflow(path) ||
    isShellScript(path) ||
    isCompose(path) ||
    /(?:^|\/)README(?:\.(?:md|rst|txt))?$/i.test(path) ||
    /(?:^|\/)(?:GNU)?Makefile$|\.mk$|(?:^|\/)(?:[Jj]ustfile|Taskfile\.ya?ml|package\.json|composer\.json|\.gitlab-ci\.yml|Vagrantfile|\.env)$|^\.circleci\/config\.yml$/.test(
      path,
    )
  );
}

/** Every set of files that a command names with `-f`, or COMPOSE_FILE in an env file. Files that do not exist are left out of a set. */
export function composeCommandLines(tree: FileTree, facts: FactReader): ComposeCommandLine[] {
  const found = new Map<string, ComposeCommandLine>();
  for (const entry of tree.entries) {
    if (entry.ignored || (entry.kind !== "file" && entry.kind !== "executable") || !mayRunCompose(entry.path)) continue;
    const lines = facts.get("lines", entry.path)?.lines;
    if (!lines?.some((line) => /docker[ -]compose|COMPOSE_FILE/.test(line))) continue;
    for (const { written, projectDirectory } of namesIn(lines)) {
      const files = filesOf(written, entry.path, tree);
      if (files.length > 0) found.set(JSON.stringify([files, projectDirectory]), { files, projectDirectory });
    }
  }
  return [...found.values()];
}

function* namesIn(lines: readonly string[]): Generator<{ written: string[]; projectDirectory: string | null }> {
  for (let at = 0; at < lines.length; at++) {
    let line = (lines[at] ?? "").slice(0, 2000);
    while (/\\\s*$/.test(line) && at + 1 < lines.length && line.length < 4000)
      line = `${line.replace(/\\\s*$/, " ")}${(lines[++at] ?? "").slice(0, 2000).replace(/^\s*#/, "")}`;
    const variable = /^\s*(?:export\s+)?COMPOSE_FILE\s*[=:]\s*["']?([^\s"'#]+)/.exec(line);
    if (variable) yield { written: (variable[1] ?? "").split(/[:;]/), projectDirectory: null };
    for (const [command] of line.matchAll(/docker[ -]compose\b[^|;&]*/g)) {
      const written = [...command.matchAll(/\s(?:-f|--file)[\s=]\s*["']?([^\s"']+)/g)].map((match) => match[1] ?? "");
      const directory = /\s--project-directory[\s=]\s*["']?([^\s"']+)/.exec(command);
      if (written.length > 0 || directory) yield { written, projectDirectory: directory?.[1] ?? null };
    }
  }
}

/** Paths count from the repository's root (workflows, most scripts) or from the script's own folder: whichever holds all of them. */
function filesOf(written: readonly string[], by: RepoPath, tree: FileTree): RepoPath[] {
  const own = directoryOf(by);
  const candidates = isWorkflow(by) ? [""] : own.includes("/") ? ["", own, directoryOf(own)] : ["", own];
  const sets = candidates.map((directory) =>
    written
      .map((path) => resolvePath(directory, path))
      .filter((path): path is RepoPath => path !== null && tree.has(path)),
  );
  return sets.find((set) => set.length === written.length) ?? [];
}
