import { essenceOf } from "../../sources/essence.ts";
import { parseIni } from "../../sources/ini.ts";
import { parsePython } from "../../sources/python.ts";
import { readPythonMigration } from "../../sources/python-migration.ts";
import { readScriptMigration } from "../../sources/script-migration.ts";
import { readSql } from "../../sources/sql.ts";
import { readRubyMigration, readSqlMigration } from "../../sources/text-migration.ts";
import { directoryOf } from "../../text/paths.ts";
import type { MigrationGraph, PythonMigration } from "../../types/migrations.ts";
import type { RepoPath } from "../../types/text.ts";
import { migrationGraphs } from "./build.ts";
import { isBelow } from "./tree.ts";

/**
 * Paths whose content the graphs of another tree may need; judged by the path alone.
 * @param sqlDirectories directories of plain SQL that the config names
 */
export const isMigrationPath = (path: RepoPath, sqlDirectories: readonly RepoPath[]): boolean =>
  (path.endsWith(".sql") && isBelow(path, sqlDirectories)) ||
  /(?:^|\/)(?:[\w.-]*alembic[\w.-]*\.ini|pyproject\.toml|apps\.py|migration_lock\.toml|script\.py\.mako|env\.py|schema\.prisma)$/i.test(
    path,
  ) ||
  /(?:^|\/)(?:versions|migrations?|migrate|drizzle|alembic|revisions)\/.*\.(?:py|sql|[cm]?[jt]s|rb)$/.test(path) ||
  /(?:^|\/)[VR][\d._]*__[^/]+\.sql$/.test(path) ||
  /(?:^|\/)\d{13,17}[-_]?\w[^/]*\.[cm]?[jt]s$/.test(path);

/** What was read of texts before, by reader and text: two trees of one history hold mostly the same files. */
export type KnownTexts = Map<(text: string) => unknown, Map<string, unknown>>;

const linesOf = (text: string): string[] => text.split(/\r?\n/);

const BODY = /^(?:[ \t]+operations[ \t]*[:=]|(?:async[ \t]+)?def[ \t])/m;
const MORE_HEADER = /^(?:\w+[ \t]*(?::[^=\n]+)?=(?!=)|(?:from|import|class)[ \t]|[ \t]+(?:replaces|dependencies)\b)/m;

/** A Python migration by what it is alone: what it does is asked of no other tree, and is most of the text. */
function readPythonHeader(text: string): PythonMigration {
  const at = text.search(BODY);
  return readPythonMigration(at === -1 || MORE_HEADER.test(text.slice(at)) ? text : text.slice(0, at));
}

/**
 * The migration graphs of a tree that is not in the workspace: which files there are, with their ids and parents. What Python files do
 * is left out.
 * @param paths every path of the tree, sorted
 * @param texts content of those for which `isMigrationPath` holds
 * @param known shared between the calls for trees that have files in common
 */
export function graphsFromTexts(
  paths: readonly RepoPath[],
  texts: ReadonlyMap<RepoPath, string>,
  sqlDirectories: readonly RepoPath[],
  known: KnownTexts = new Map(),
): MigrationGraph[] {
  const children = new Map<RepoPath, Set<string>>();
  for (const path of paths) {
    for (let at = path; at !== ""; at = directoryOf(at)) {
      const parent = directoryOf(at);
      const names = children.get(parent) ?? new Set();
      children.set(parent, names.add(at.slice(parent === "" ? 0 : parent.length + 1)));
    }
  }
  const listed = new Set(paths);
  const read = <T>(reader: (text: string) => T): ((path: RepoPath) => T | null) => {
    const ofReader = (known.get(reader) ?? new Map()) as Map<string, T>;
    known.set(reader, ofReader);
    return (path) => {
      const text = texts.get(path);
      if (text === undefined) return null;
      if (!ofReader.has(text)) ofReader.set(text, reader(text));
      return ofReader.get(text)!;
    };
  };
  return migrationGraphs({
    paths,
    sqlDirectories,
    has: (path) => listed.has(path),
    hasDirectory: (path) => path === "" || children.has(path),
    children: (directory) => [...(children.get(directory) ?? [])].sort(),
    python: read(readPythonHeader),
    sql: read(readSqlMigration),
    script: read(readScriptMigration),
    ruby: read(readRubyMigration),
    ini: read(parseIni),
    lines: read(linesOf),
  });
}

/** What a migration file says, without comments and without the ways in which a formatter may write the same. */
export function essenceOfFile(path: RepoPath, text: string): string {
  if (path.endsWith(".sql")) return readSql(text).essence;
  if (!path.endsWith(".py")) return essenceOf(text, path.endsWith(".rb") ? "#" : "//");
  const file = parsePython(text);
  if (file.damaged.length > 0 || file.truncated !== null) return essenceOf(text, "#");
  const [first, ...rest] = file.body;
  const documented = first?.kind === "expression" && first.value.kind === "string";
  // White space inside strings is SQL's, which does not care for it.
  return JSON.stringify(documented ? rest : file.body, (key, value: unknown) => {
    if (key === "start" || key === "end") return undefined;
    return typeof value === "string" ? value.replace(/\s+/g, " ").trim() : value;
  });
}
