import type { FactReader } from "../../types/facts.ts";
import type { EntryClosure, FileImport, ImportLevel, LanguageFront, StartupEntry } from "../../types/imports.ts";
import type { JavascriptImport } from "../../types/javascript.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { scriptClosure } from "./closure.ts";
import { scriptPattern } from "./paths.ts";
import { ScriptProgram } from "./program.ts";
import { type ScriptResolver, scriptResolver } from "./resolve.ts";

/** JavaScript and TypeScript as the import models see them. */
export function javascriptFront(files: FileTree, facts: FactReader): LanguageFront {
  let resolver: ScriptResolver | null = null;
  const resolverOf = (): ScriptResolver => (resolver ??= scriptResolver(files, facts));
  let program: ScriptProgram | null = null;
  const closures = new Map<StartupEntry, EntryClosure>();
  return {
    language: "javascript",
    handles: (path) => scriptPattern.test(path),
    importsOf(path: RepoPath): FileImport[] {
      const fact = facts.get("javascript-imports", path);
      if (!fact) return [];
      return fact.imports.map((found) => ({
        at: locate(path, fact, { start: found.from, end: found.end }),
        specifier: found.specifier,
        name: null,
        level: levelOf(found),
        resolved: resolverOf().resolve(path, found.specifier).path,
      }));
    },
    closureOf(entry) {
      let closure = closures.get(entry);
      if (!closure) {
        program ??= new ScriptProgram(resolverOf(), facts);
        closure = scriptClosure(entry, program, files);
        closures.set(entry, closure);
      }
      return closure;
    },
  };
}

/** The level that an import has by its place in the text alone. */
function levelOf(found: JavascriptImport): ImportLevel {
  if (found.type) return "type";
  if (found.guarded) return "guarded";
  return found.inFunction ? "call" : "start-up";
}
