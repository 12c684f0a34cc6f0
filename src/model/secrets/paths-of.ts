import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";

const answers = new WeakMap<FileTree, Map<(path: RepoPath) => boolean, readonly RepoPath[]>>();

/** The paths of a tree, ignored ones left out, that a test by name takes. Several readers ask for the same: each test runs once over a tree. */
export function pathsOf(files: FileTree, test: (path: RepoPath) => boolean): readonly RepoPath[] {
  const known = answers.get(files) ?? new Map<(path: RepoPath) => boolean, readonly RepoPath[]>();
  answers.set(files, known);
  let paths = known.get(test);
  if (paths === undefined) {
    paths = files.entries.filter((one) => !one.ignored && test(one.path)).map((one) => one.path);
    known.set(test, paths);
  }
  return paths;
}
