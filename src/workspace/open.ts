import { realpathSync, statSync } from "node:fs";
import { UsageError } from "../config/usage-error.ts";
import type { Entry, EntryKind, Workspace } from "../types/workspace.ts";
import { diskWorkspace } from "./disk.ts";
import { type GitPlace, type GitResult, runGit, splitNul, whyGitFailed } from "./git.ts";
import { globMatcher } from "./glob.ts";
import { makeFileTree } from "./tree.ts";

/** Copies that people leave beside the live file; never read, whatever the config says. */
const BACKUPS = ["**/*.bak", "**/*.bak.*", "**/*.backup", "**/*.backup*", "**/backups/**", "**/*.orig", "**/*~"];

export interface OpenOptions {
  environment: Readonly<Record<string, string | undefined>>;
  /** Compare the files on disk with git's index; false trusts the index, as a fresh checkout in CI may. */
  verifyFiles: boolean;
  /** Hears of what is done otherwise than asked for. */
  notice: (text: string) => void;
}

/**
 * Opens the repository at `path`: through git's index where git knows the folder, else as a plain directory.
 * Only what lies below `path` is listed, also where it is a folder inside a larger repository.
 * Throws UsageError where there is no such folder, or only a bare repository.
 */
export async function openWorkspace(path: string, options: OpenOptions): Promise<Workspace> {
  let root: string;
  try {
    root = realpathSync(path);
    if (!statSync(root).isDirectory()) throw new UsageError(`${path}: not a directory; name the repository's folder.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: no such directory.`);
  }
  const place: GitPlace = { directory: root, environment: options.environment };
  const [index, others, changed] = await Promise.all([
    runGit(place, ["ls-files", "-s", "-z"]),
    runGit(place, ["ls-files", "-o", "--exclude-standard", "-z"]),
    options.verifyFiles ? runGit(place, ["diff-files", "--relative", "--name-status", "--no-renames", "-z"]) : null,
  ]);
  if (/must be run in a work tree/.test(others.stderr))
    throw new UsageError(`${path}: a bare git repository holds no files to check; give a checkout of it.`);
  if (index.code === 0) {
    const changes = changed?.code === 0 ? changesOf(changed) : new Map<string, string>();
    return diskWorkspace("git", root, makeFileTree(gitEntries(index, others, changes)));
  }
  if (index.stopped || !/not a git repository/.test(index.stderr))
    options.notice(`${whyGitFailed(index)}; the folder is read without git.`);
  const { listDirectory } = await import("./directory.ts");
  return diskWorkspace("directory", root, makeFileTree(await listDirectory(root)));
}

/** What every path that a glob of BACKUPS matches holds: hardly any path does, and globs are slow to ask. */
const MAY_BE_BACKUP = /\.bak|backup|\.orig|~/;

/** A view of a workspace in which the config's `ignore:` and backup copies are marked as never read. */
export function ignoring(workspace: Workspace, globs: readonly string[]): Workspace {
  const matches = globMatcher([...BACKUPS, ...globs]);
  const isIgnored = globs.length > 0 ? matches : (path: string) => MAY_BE_BACKUP.test(path) && matches(path);
  let found = false;
  const entries = workspace.files.entries.map((entry) => {
    if (!isIgnored(entry.path)) return entry;
    found = true;
    return { ...entry, ignored: true };
  });
  return found ? { ...workspace, files: makeFileTree(entries) } : workspace;
}

const KINDS: Readonly<Record<string, EntryKind>> = {
  "100755": "executable",
  "120000": "symlink",
  "160000": "submodule",
};

function gitEntries(index: GitResult, others: GitResult, changes: ReadonlyMap<string, string>): Entry[] {
  const entries: Entry[] = [];
  for (const record of splitNul(index.stdout)) {
    // "100644 <object id> <stage>\t<path>"
    const tab = record.indexOf("\t");
    const path = record.slice(tab + 1);
    const change = changes.get(path);
    if (change === "D") continue;
    const space = record.indexOf(" ");
    const blob = record.slice(space + 1, record.indexOf(" ", space + 1));
    const kind = KINDS[record.slice(0, space)] ?? "file";
    entries.push({ path, kind, blob: change === undefined ? blob : null, tracked: true, ignored: false });
  }
  for (const path of splitNul(others.stdout))
    if (!path.endsWith("/")) entries.push({ path, kind: "file", blob: null, tracked: false, ignored: false });
  return entries;
}

/** Path → status letter of what differs between index and disk. */
function changesOf(result: GitResult): Map<string, string> {
  const fields = splitNul(result.stdout);
  const changes = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) changes.set(fields[at + 1]!, fields[at]!);
  return changes;
}
