import { makeFactReader } from "../../src/engine/facts.ts";
import { importFacts } from "../../src/model/import-fronts.ts";
import { pythonClosure } from "../../src/model/python/closure.ts";
import type { EntryClosure, StartupEntry } from "../../src/types/imports.ts";
import { type MemoryFile, memoryWorkspace } from "../../src/workspace/memory.ts";

/** The closure of a small tree, started as `entry` says; by default `uvicorn main:app` at the root. */
export async function closureOf(
  files: Record<string, string | MemoryFile>,
  entry: Partial<StartupEntry> = {},
): Promise<EntryClosure> {
  const workspace = memoryWorkspace(files);
  const facts = makeFactReader(workspace);
  await facts.load(importFacts);
  const at = { path: "Dockerfile", start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const start: StartupEntry = {
    language: "python",
    image: null,
    build: null,
    point: "web",
    written: "main:app",
    at,
    path: "main.py",
    kind: "module",
    module: "main",
    attribute: "app",
    factory: false,
    searchPath: [""],
    imageRoots: [],
    imagePath: null,
    presence: "present",
    workingDirectory: "",
    searchPathOpen: false,
    deployed: true,
    settingsGiven: false,
    ...entry,
  };
  return pythonClosure(start, workspace.files, facts);
}

/** `path level`, the entry left out. */
export function levelsOf(closure: EntryClosure): Record<string, string> {
  const levels: Record<string, string> = {};
  for (const module of closure.modules) if (module.path !== closure.entry.path) levels[module.path] = module.level;
  return levels;
}

/** `wanted kind` of what was not found. */
export function missesOf(closure: EntryClosure): string[] {
  return closure.imports.flatMap((one) =>
    one.miss ? [`${one.at.path}:${one.at.start.line} ${one.miss.wanted} ${one.miss.kind} ${one.level}`] : [],
  );
}
