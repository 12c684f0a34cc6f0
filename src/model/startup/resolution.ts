import { directoryOf, inRepository } from "../../text/paths.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";

const isWithin = (path: RepoPath, directory: RepoPath): boolean =>
  directory === "" || path === directory || path.startsWith(`${directory}/`);

/**
 * Finds the file of a Python module: relative ones from the importing package, absolute ones along the search path, then
 * from where the importing file's own top package stands. A package beats a module of the same name.
 * @param searchPath directories, "" for the root, of all that starts: for a file those above it come first, the nearest before the
 * others, for several services of a repository may each have a package `app`
 * @returns a file, a directory with a final `/` for a namespace package, or null
 */
export function makePythonResolver(files: FileTree, searchPath: readonly RepoPath[]) {
  const known = new Map<string, RepoPath | null>();
  const roots = searchPath.map((one) => inRepository("", one)).filter((path) => path !== null);

  /** @param path the module's dotted name with slashes; "" for the directory itself */
  function below(directory: RepoPath, path: string): RepoPath | null {
    const base = files.real(directory === "" ? path : path === "" ? directory : `${directory}/${path}`);
    if (base === null) return null;
    if (path === "" || base === "") {
      const init = base === "" ? "__init__.py" : `${base}/__init__.py`;
      if (files.has(init)) return init;
    } else {
      // Most names are no modules: a directory without Python needs no look at its files.
      const parent = directoryOf(base);
      if (parent !== "" && !hasPython(parent)) return null;
      if (hasPython(base) && files.has(`${base}/__init__.py`)) return `${base}/__init__.py`;
      if (files.has(`${base}.py`)) return `${base}.py`;
    }
    return base !== "" && hasPython(base) ? `${base}/` : null;
  }

  const directories = new Set<RepoPath>();
  for (const { path } of files.entries) {
    if (!path.endsWith(".py")) continue;
    for (let at = directoryOf(path); at !== "" && !directories.has(at); at = directoryOf(at)) directories.add(at);
  }
  const hasPython = (directory: RepoPath): boolean => directories.has(directory);

  const tops = new Map<RepoPath, RepoPath>();
  /** The directory in which the top package of a directory stands. */
  function topOf(directory: RepoPath): RepoPath {
    const before = tops.get(directory);
    if (before !== undefined) return before;
    const isPackage = directory !== "" && files.has(`${directory}/__init__.py`);
    const top = isPackage ? topOf(directoryOf(directory)) : directory;
    tops.set(directory, top);
    return top;
  }

  return (from: RepoPath, module: string, level: number): RepoPath | null => {
    const key = `${directoryOf(from)} ${level} ${module}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const path = module
      .split(".")
      .filter((part) => part !== "")
      .join("/");
    let found: RepoPath | null = null;
    if (level > 0) {
      let directory: RepoPath | null = directoryOf(from);
      for (let up = 1; up < level && directory !== null; up++)
        directory = directory === "" ? null : directoryOf(directory);
      found = directory === null ? null : below(directory, path);
    } else if (path !== "") {
      // A namespace package counts only where no directory of the search path has a real module of that name.
      let namespace: RepoPath | null = null;
      const top = topOf(directoryOf(from));
      const first = path.split("/", 1)[0] as string;
      // What a package imports of itself is found where it was found.
      const own = from.startsWith(top === "" ? `${first}/` : `${top}/${first}/`) ? [top] : [];
      const above = roots.filter((root) => isWithin(top, root)).sort((a, b) => b.length - a.length);
      const others = roots.filter((root) => !isWithin(top, root));
      for (const directory of [...own, ...above, ...others, top, directoryOf(from), "", "src"]) {
        const here = below(directory, path);
        if (here !== null && !here.endsWith("/")) {
          found = here;
          break;
        }
        namespace ??= here;
      }
      found ??= namespace;
    }
    known.set(key, found);
    return found;
  };
}
