import { inRepository } from "../../text/paths.ts";
import type { PythonMigration, TextMigration } from "../../types/migrations.ts";
import type { IniFile } from "../../types/start-files.ts";
import type { RepoPath } from "../../types/text.ts";

/** The files that migrations are read from: of the workspace, or of a commit. Null: the file is absent or unread. */
export interface MigrationTree {
  /** Every path, sorted. */
  paths: readonly RepoPath[];
  /** Directories of plain SQL that the config names. */
  sqlDirectories: readonly RepoPath[];
  has(path: RepoPath): boolean;
  hasDirectory(path: RepoPath): boolean;
  /** Names directly below a directory. */
  children(directory: RepoPath): readonly string[];
  python(path: RepoPath): PythonMigration | null;
  sql(path: RepoPath): TextMigration | null;
  script(path: RepoPath): TextMigration | null;
  ruby(path: RepoPath): TextMigration | null;
  ini(path: RepoPath): IniFile | null;
  lines(path: RepoPath): string[] | null;
}

/** Directories as a config may write them: `./db/changes/`. */
export const plainDirectories = (written: readonly string[]): RepoPath[] =>
  written.map((one) => one.trim().replace(/^(?:\.?\/)+|\/+$/g, ""));

/** Whether a path lies below one of the directories. */
export const isBelow = (path: RepoPath, directories: readonly RepoPath[]): boolean =>
  directories.some((one) => one === "" || path.startsWith(`${one}/`));

/** Joins and normalises; null for what leaves the repository or is absolute. */
export function joinPath(directory: RepoPath, relative: string): RepoPath | null {
  if (relative.startsWith("/") || /^[A-Za-z]:/.test(relative)) return null;
  return inRepository(directory, relative.replaceAll("\\", "/"));
}
