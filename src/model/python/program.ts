import { gitignoreMatcher } from "../../sources/gitignore.ts";
import { directoryOf } from "../../text/paths.ts";
import type { FactReader } from "../../types/facts.ts";
import type { PyClass, PyFromImport, PyFunction, PyImported, PyLambda } from "../../types/python.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { findBelow, findModule, linkedFolders, type ModuleSearch, packageDirectory } from "./modules.ts";
import { type ModuleInfo, moduleOf, type Scope } from "./scopes.ts";

/** A function with the place where it is defined. */
export interface FunctionInfo {
  node: PyFunction | PyLambda;
  /** Where it is defined: names are looked up from its own scope through this one. */
  scope: Scope;
  /** The class whose body defines it. */
  owner: ClassInfo | null;
  /** `Class.method`, `outer.inner`. */
  qualified: string;
}

export interface ClassInfo {
  node: PyClass;
  scope: Scope;
  qualified: string;
}

/** What an expression stands for, as far as text alone tells. Null stands for anything else. */
export type Value =
  | { kind: "module"; search: ModuleSearch; dotted: string }
  | { kind: "function"; of: FunctionInfo; self: ClassInfo | null }
  | { kind: "class"; of: ClassInfo }
  | { kind: "instance"; of: ClassInfo }
  /** `super()` in a method of a class. */
  | { kind: "super"; of: ClassInfo }
  /** Something of another distribution, by its dotted name: `fastapi.FastAPI`; a call's result ends in `()`. */
  | { kind: "external"; name: string };

/** The files of one program, loaded and resolved on demand. */
export interface PythonProgram {
  files: FileTree;
  /** sys.path as repository directories; may grow while `sys.path.insert` calls are met. */
  roots: RepoPath[];
  /** Parsed, once; null for a file that is absent or unread. */
  load(path: RepoPath): ModuleInfo | null;
  /** The module that an absolute or relative import names, as seen from a file. */
  find(from: RepoPath, level: number, dotted: string): ModuleSearch;
  /** Whether git leaves a path out of the repository on purpose: what is not there may then be made elsewhere. */
  ignoredByGit(path: RepoPath): boolean;
  /** Members of functions and classes, made once per node. */
  functionOf(node: PyFunction | PyLambda, scope: Scope, owner: ClassInfo | null): FunctionInfo;
  classOf(node: PyClass, scope: Scope): ClassInfo;
}

export function makeProgram(files: FileTree, facts: FactReader, roots: readonly RepoPath[]): PythonProgram {
  const modules = new Map<RepoPath, ModuleInfo | null>();
  const functions = new WeakMap<Scope, Map<object, FunctionInfo>>();
  const classes = new WeakMap<Scope, Map<object, ClassInfo>>();
  const searches = new Map<string, ModuleSearch>();
  const gitignores = new Map<RepoPath, ReturnType<typeof gitignoreMatcher> | null>();
  const gitignoreOf = (directory: RepoPath) => {
    let matcher = gitignores.get(directory);
    if (matcher === undefined) {
      const file = directory === "" ? ".gitignore" : `${directory}/.gitignore`;
      const lines = files.has(file) ? facts.get("lines", file)?.lines : undefined;
      matcher = lines ? gitignoreMatcher(lines) : null;
      gitignores.set(directory, matcher);
    }
    return matcher;
  };
  /** Whether a relative import leads out of a folder that a link leads to: above it stands the link's package, not the folder's. */
  const leavesLink = (from: RepoPath, directory: RepoPath): boolean => {
    const targets = linkedFolders(files);
    for (let above = targets.size === 0 ? "" : directoryOf(from); above !== ""; above = directoryOf(above))
      if (targets.has(above) && !`${directory}/`.startsWith(`${above}/`)) return true;
    return false;
  };
  const program: PythonProgram = {
    files,
    roots: [...roots],
    ignoredByGit(path) {
      const segments = path.split("/");
      return segments.some((_, depth) => {
        const below = segments.slice(depth).join("/");
        return gitignoreOf(segments.slice(0, depth).join("/"))?.(below) != null;
      });
    },
    load(path) {
      const known = modules.get(path);
      if (known !== undefined) return known;
      // A COPY may give any file the name of a module.
      const syntax = files.has(path) && /\.pyi?$/.test(path) ? facts.get("python-syntax", path) : null;
      const module = syntax ? moduleOf(path, syntax) : null;
      modules.set(path, module);
      return module;
    },
    find(from, level, dotted) {
      if (level === 0) {
        const key = `${program.roots.length} ${dotted}`;
        let search = searches.get(key);
        if (!search) {
          search = findModule(files, dotted, program.roots);
          searches.set(key, search);
        }
        return search;
      }
      const directory = packageDirectory(from, level);
      const segments = dotted === "" ? [] : dotted.split(".");
      if (directory === null) return { ...findBelow(files, ["?"], []), status: "missing" };
      const search = findBelow(files, segments, [directory]);
      if (leavesLink(from, directory)) return { ...search, status: "native", path: null, files: [], directories: [] };
      if (segments.length > 0) return { ...search, status: search.status === "external" ? "missing" : search.status };
      const init = directory === "" ? "__init__.py" : `${directory}/__init__.py`;
      return files.has(init)
        ? { ...search, status: "package", path: init, files: [init], directories: [directory], namespaceOnly: false }
        : search;
    },
    functionOf(node, scope, owner) {
      const known = mapOf(functions, scope);
      let info = known.get(node);
      if (!info) {
        const own = node.kind === "lambda" ? "<lambda>" : node.name.text;
        const outer = owner ? owner.qualified : qualifiedScope(scope);
        info = { node, scope, owner, qualified: outer ? `${outer}.${own}` : own };
        known.set(node, info);
      }
      return info;
    },
    classOf(node, scope) {
      const known = mapOf(classes, scope);
      let info = known.get(node);
      if (!info) {
        const outer = qualifiedScope(scope);
        info = { node, scope, qualified: outer ? `${outer}.${node.name.text}` : node.name.text };
        known.set(node, info);
      }
      return info;
    },
  };
  return program;
}

/** The inner map of a map of maps. */
export function mapOf<K extends object, L, V>(maps: WeakMap<K, Map<L, V>>, key: K): Map<L, V> {
  let map = maps.get(key);
  if (!map) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

function qualifiedScope(scope: Scope): string {
  const names: string[] = [];
  for (let at: Scope | null = scope; at && at.kind !== "module"; at = at.parent) {
    if (at.node && at.node.kind !== "lambda") names.unshift(at.node.name.text);
  }
  return names.join(".");
}

/** The module behind `from m import …`, and the submodule that a name of it may be. */
export function searchesOf(
  program: PythonProgram,
  from: RepoPath,
  statement: PyFromImport,
  imported: PyImported,
): { module: ModuleSearch; submodule: ModuleSearch | null } {
  const module = program.find(from, statement.level, statement.module);
  const submodule =
    module.directories.length > 0 && (module.status === "package" || module.status === "namespace")
      ? findBelow(program.files, [imported.name], module.directories)
      : null;
  return { module, submodule: submodule && submodule.status !== "external" ? submodule : null };
}
