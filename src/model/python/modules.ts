import { directoryOf } from "../../text/paths.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";

/** What a dotted name leads to on a search path, after CPython's path finder: package before module, namespace portions last. */
export interface ModuleSearch {
  /** `native`: what is there cannot be read: compiled or generated (`.pyx`, `.so`), in a submodule, behind a link out of the tree. `missing`: the first segment is there, the rest is not. */
  status: "module" | "package" | "namespace" | "native" | "missing" | "external";
  /** The file that defines it: the module, or the package's `__init__.py`. */
  path: RepoPath | null;
  /** Every file that runs for it: each parent's `__init__.py`, then its own. */
  files: RepoPath[];
  /** Where submodules are looked for. */
  directories: RepoPath[];
  /** The longest leading part that was found, dotted; "" for none. */
  found: string;
  /** True when the part that was found consists of namespace packages only: another distribution may own the name. */
  namespaceOnly: boolean;
}

const nativeEnding = /^[^.]+(?:\.[\w-]+)*\.(?:so|pyd|pyx|pyi)$/;

export function joinRepository(directory: RepoPath, name: string): RepoPath {
  return directory === "" ? name : `${directory}/${name}`;
}

/** Finds `dotted` below `roots`, first to last. Only paths are looked at. */
export function findModule(files: FileTree, dotted: string, roots: readonly RepoPath[]): ModuleSearch {
  return findBelow(files, dotted === "" ? [] : dotted.split("."), roots);
}

/** As `findModule` for segments, below directories that are already known to be a package's. */
export function findBelow(files: FileTree, segments: readonly string[], start: readonly RepoPath[]): ModuleSearch {
  let directories: RepoPath[] = [...start];
  const ran: RepoPath[] = [];
  const result: ModuleSearch = {
    status: "namespace",
    path: null,
    files: ran,
    directories,
    found: "",
    namespaceOnly: true,
  };
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at]!;
    const step = segment === "" ? null : stepInto(files, segment, directories);
    if (!step) {
      return {
        ...result,
        status: at === 0 ? "external" : "missing",
        directories,
        found: segments.slice(0, at).join("."),
      };
    }
    if (step.status !== "namespace") result.namespaceOnly = false;
    if (step.path) ran.push(step.path);
    result.status = step.status;
    result.path = step.path;
    result.directories = directories = step.directories;
    result.found = segments.slice(0, at + 1).join(".");
    if (step.status === "native") return result;
    if (step.status === "module" && at + 1 < segments.length) return { ...result, status: "missing", directories: [] };
  }
  return result;
}

interface Step {
  status: "module" | "package" | "namespace" | "native";
  path: RepoPath | null;
  directories: RepoPath[];
}

function stepInto(files: FileTree, segment: string, directories: readonly RepoPath[]): Step | null {
  const portions: RepoPath[] = [];
  for (const directory of directories) {
    const named = joinRepository(directory, segment);
    const kind = files.get(named)?.kind;
    // What a link out of the tree, or a submodule, brings is not known.
    const base = kind === "symlink" ? files.real(named) : kind === "submodule" ? null : named;
    if (base === null) return { status: "native", path: null, directories: [] };
    const init = `${base}/__init__.py`;
    if (files.has(init)) return { status: "package", path: init, directories: [base] };
    if (files.has(`${base}.py`)) return { status: "module", path: `${base}.py`, directories: [] };
    if (files.children(directory).some((name) => name.startsWith(`${segment}.`) && nativeEnding.test(name))) {
      return { status: "native", path: null, directories: [] };
    }
    if (files.hasDirectory(base)) portions.push(base);
  }
  return portions.length > 0 ? { status: "namespace", path: null, directories: portions } : null;
}

const linked = new WeakMap<FileTree, ReadonlySet<RepoPath>>();

/** The folders that symbolic links of a tree lead to. */
export function linkedFolders(files: FileTree): ReadonlySet<RepoPath> {
  let folders = linked.get(files);
  if (!folders) {
    const targets = files.entries.flatMap(({ path, kind }) => (kind === "symlink" ? (files.real(path) ?? []) : []));
    folders = new Set(targets.filter((path) => path !== "" && files.hasDirectory(path)));
    linked.set(files, folders);
  }
  return folders;
}

/** The directory that a relative import of `level` dots starts from, or null above the root. */
export function packageDirectory(path: RepoPath, level: number): RepoPath | null {
  let directory = directoryOf(path);
  for (let up = 1; up < level; up++) {
    if (directory === "") return null;
    directory = directoryOf(directory);
  }
  return directory;
}

/** The dotted name of a file below a root, or null where it lies elsewhere. */
export function moduleName(path: RepoPath, roots: readonly RepoPath[]): string | null {
  let best: string | null = null;
  for (const root of roots) {
    if (root !== "" && !path.startsWith(`${root}/`)) continue;
    const below = root === "" ? path : path.slice(root.length + 1);
    const name = below
      .replace(/\.py$/, "")
      .replace(/(?:^|\/)__init__$/, "")
      .replaceAll("/", ".");
    if (name !== "" && (best === null || name.length < best.length)) best = name;
  }
  return best;
}

/** The import root of a file by its `__init__.py` parents: the first directory upwards that is no package. */
export function packageRoot(files: FileTree, path: RepoPath): RepoPath {
  let directory = directoryOf(path);
  while (directory !== "" && files.has(`${directory}/__init__.py`)) directory = directoryOf(directory);
  return directory;
}

/** Modules that builds write: their absence from the repository says nothing. */
export function isGeneratedName(dotted: string): boolean {
  return dotted
    .split(".")
    .some((segment) => /_pb2(?:_grpc)?$|^_?_?version_?_?$|^_?generated$|_generated$|^gen$|^autogen$/.test(segment));
}
