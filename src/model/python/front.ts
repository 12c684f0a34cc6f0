import type { FactReader } from "../../types/facts.ts";
import type { EntryClosure, FileImport, ImportLevel, LanguageFront, StartupEntry } from "../../types/imports.ts";
import type { PythonImport } from "../../types/python.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { pythonClosure } from "./closure.ts";
import { findBelow, findModule, type ModuleSearch, packageDirectory, packageRoot } from "./modules.ts";

/** Python as the import models see it. */
export function pythonFront(files: FileTree, facts: FactReader): LanguageFront {
  const closures = new Map<StartupEntry, EntryClosure>();
  return {
    language: "python",
    handles: (path) => path.endsWith(".py"),
    importsOf: (path) => importsOf(path, files, facts),
    closureOf(entry) {
      let closure = closures.get(entry);
      if (!closure) {
        closure = pythonClosure(entry, files, facts);
        closures.set(entry, closure);
      }
      return closure;
    },
  };
}

/** The level that an import has by its place in the text alone. */
function levelOf(found: PythonImport): ImportLevel {
  if (found.typeOnly) return "type";
  if (found.guard && !found.guard.raises) return "guarded";
  return found.scope === null ? "start-up" : "call";
}

function importsOf(path: RepoPath, files: FileTree, facts: FactReader): FileImport[] {
  const fact = facts.get("python-imports", path);
  if (!fact) return [];
  // Without an entry, the search path is what the file's own package says, then the usual roots of a repository.
  const roots = [...new Set([packageRoot(files, path), "", "src"])];
  return fact.imports.flatMap((found): FileImport[] => {
    const level = levelOf(found);
    const search = (dotted: string): ModuleSearch => {
      if (found.level === 0 || found.kind === "import") return findModule(files, dotted, roots);
      const directory = packageDirectory(path, found.level);
      const below = findBelow(files, dotted === "" ? [] : dotted.split("."), directory === null ? [] : [directory]);
      const init = `${directory === "" ? "" : `${directory}/`}__init__.py`;
      return dotted === "" && files.has(init) ? { ...below, status: "package", path: init } : below;
    };
    const dots = ".".repeat(found.level);
    if (found.kind === "dynamic") {
      const at = place(path, found.line, found.column, found.module.length + 2);
      return [{ at, specifier: dots + found.module, name: null, level, resolved: search(found.module).path }];
    }
    if (found.kind === "import") {
      return found.names.map(({ name, line, column }) => {
        const at = { ...place(path, line, column, name.length), start: { line: found.line, column: found.column } };
        return { at, specifier: name, name: null, level, resolved: search(name).path };
      });
    }
    const module = search(found.module);
    return found.names.map(({ name, line, column }) => {
      const at = { ...place(path, line, column, name.length), start: { line: found.line, column: found.column } };
      const submodule = module.directories.length > 0 ? findBelow(files, [name], module.directories).path : null;
      return { at, specifier: dots + found.module, name, level, resolved: submodule ?? module.path };
    });
  });
}

function place(path: RepoPath, line: number, column: number, length: number): Location {
  return { path, start: { line, column }, end: { line, column: column + length } };
}
