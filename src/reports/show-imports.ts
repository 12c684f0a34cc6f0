import type { ClosureModel, ImportLevel, ImportModel } from "../types/imports.ts";
import type { RepoPath } from "../types/text.ts";
import { terminal } from "./escape.ts";

/** `show imports --format json`. */
export interface ShownImports {
  files: { path: RepoPath; imports: ShownImport[] }[];
}

export interface ShownImport {
  line: number;
  specifier: string;
  level: ImportLevel;
  resolved: RepoPath | null;
}

const ranks: Readonly<Record<ImportLevel, number>> = { type: 0, guarded: 1, call: 2, "start-up": 3 };

/**
 * What each file imports. The level is the strongest that a process's start gives the import (a function that start-up calls counts as
 * start-up); where no process reaches the file, what the text alone says.
 */
export function importsJson(imports: ImportModel, closures: ClosureModel): ShownImports {
  const reached = reachedLevels(closures);
  const files: ShownImports["files"] = [];
  for (const path of imports.paths) {
    const rows = new Map<string, ShownImport>();
    for (const one of imports.of(path)) {
      const { line } = one.at.start;
      const met =
        reached.get(placeKey(path, one.at.end.line, one.specifier)) ?? reached.get(placeKey(path, line, one.specifier));
      const level = strongest(one.level, met?.level);
      const resolved = one.resolved ?? met?.resolved ?? null;
      const key = `${line} ${one.specifier} ${resolved}`;
      const known = rows.get(key);
      if (!known || ranks[level] > ranks[known.level])
        rows.set(key, { line, specifier: one.specifier, level, resolved });
    }
    if (rows.size > 0) files.push({ path, imports: [...rows.values()] });
  }
  return { files };
}

function placeKey(path: RepoPath, line: number, specifier: string): string {
  return `${path}:${line} ${specifier}`;
}

function strongest(own: ImportLevel, reached: ImportLevel | undefined): ImportLevel {
  if (reached === undefined) return own;
  // A guard in the text stays a guard, and types are never imported, whatever leads to the file.
  return own === "type" || own === "guarded" ? own : reached;
}

interface Met {
  level: ImportLevel;
  resolved: RepoPath | null;
}

function reachedLevels(closures: ClosureModel): Map<string, Met> {
  const levels = new Map<string, Met>();
  for (const entry of closures.entries) {
    for (const one of closures.of(entry).imports) {
      const key = placeKey(one.at.path, one.at.start.line, one.specifier);
      const known = levels.get(key);
      if (known === undefined || ranks[one.level] > ranks[known.level]) {
        levels.set(key, { level: one.level, resolved: one.miss ? null : (one.resolved.at(-1) ?? null) });
      }
    }
  }
  return levels;
}

/** `show imports` for a terminal: one block per file, modules of the repository only. */
export function importsText(imports: ImportModel, closures: ClosureModel): string {
  const lines: string[] = [];
  for (const { path, imports: rows } of importsJson(imports, closures).files) {
    const own = rows.filter((row) => row.resolved !== null);
    if (own.length === 0) continue;
    lines.push(terminal(path));
    for (const { line, specifier, level, resolved } of own) {
      lines.push(
        `  ${String(line).padStart(4)}  ${level.padEnd(8)}  ${terminal(specifier)} -> ${terminal(resolved ?? "")}`,
      );
    }
  }
  return lines.length > 0 ? `${lines.join("\n")}\n` : "no imports between files of this repository\n";
}
