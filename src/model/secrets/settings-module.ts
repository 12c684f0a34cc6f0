import type { ImportModel } from "../../types/imports.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";

/** The file of a dotted module, wherever the repository keeps it. */
export function moduleFile(module: string, files: FileTree): RepoPath | null {
  const path = module.replaceAll(".", "/");
  const found = files.entries
    .map((one) => one.path)
    .filter(
      (one) =>
        one === `${path}.py` ||
        one.endsWith(`/${path}.py`) ||
        one === `${path}/__init__.py` ||
        one.endsWith(`/${path}/__init__.py`),
    );
  return found.sort((a, b) => a.length - b.length)[0] ?? null;
}

/** The files that a settings module runs: itself and what it imports; nothing where it is not in the repository. */
export function settingsRun(module: string, files: FileTree, imports: ImportModel): Set<RepoPath> {
  const chosen = moduleFile(module, files);
  const reached = new Set(chosen === null ? [] : [chosen]);
  const queue = [...reached];
  for (let path = queue.pop(); path !== undefined; path = queue.pop())
    for (const { resolved } of imports.of(path))
      if (resolved !== null && !reached.has(resolved) && reached.size < 2_000) {
        reached.add(resolved);
        queue.push(resolved);
      }
  return reached;
}

/**
 * Settings modules that the chosen one leaves unread: those beside it that it does not import. Nothing where the chosen module
 * is not in the repository.
 */
export function settingsLeftOut(module: string, files: FileTree, imports: ImportModel): Set<RepoPath> {
  const chosen = moduleFile(module, files);
  if (chosen === null) return new Set();
  const directory = chosen.slice(0, chosen.lastIndexOf("/"));
  const isSettingsFolder = /(?:^|\/)settings$/.test(directory);
  const reached = settingsRun(module, files, imports);
  const siblings = files.entries
    .map((one) => one.path)
    .filter(
      (path) =>
        /\.py$/.test(path) &&
        path.slice(0, path.lastIndexOf("/")) === directory &&
        !path.endsWith("__init__.py") &&
        (isSettingsFolder || /(?:^|\/)settings[^/]*\.py$/.test(path)),
    );
  return new Set(siblings.filter((path) => !reached.has(path)));
}
