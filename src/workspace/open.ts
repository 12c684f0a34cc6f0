import { lstatSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../config/usage-error.ts";
import type { Entry, EntryKind, Workspace } from "../types/workspace.ts";
import { diskWorkspace, kindOf, MAX_FILE_BYTES, type SparseFiles } from "./disk.ts";
import { type GitPlace, runGitSync, splitNul, whyGitFailed } from "./git.ts";
import { globMatcher, withFolders } from "./glob.ts";
import { makeFileTree } from "./tree.ts";

/**
 * Copies that people leave beside the live file; never read, whatever the config says: `*.bak`, `*.bak.*`, `*.backup*`, `*.orig`, `*~` and
 * what lies in a folder `backups`, but for code below the top: there it is a package of that name. One expression, since every path is held
 * against it.
 */
const BACKUP =
  /^backups\/|\/backups\/(?!.*\.(?:py|[cm]?[jt]sx?|go|rb|php|java|kt|cs)$)|(?:^|\/)[^/]*(?:\.bak(?:\.[^/]*)?|\.backup[^/]*|\.orig|~)$/;

/** Files that are read by a process each, since a sparse checkout leaves them out: a few seconds. */
const MOST_LEFT_OUT = 2000;

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
 * A bare repository holds no files of its own: the tree of its HEAD is read.
 * Throws UsageError where there is no such folder, or a bare repository without a commit.
 */
export async function openWorkspace(path: string, options: OpenOptions): Promise<Workspace> {
  let root: string;
  try {
    root = realpathSync.native(path);
    if (!statSync(root).isDirectory()) throw new UsageError(`${path}: not a directory; name the repository's folder.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: no such directory.`);
  }
  const place: GitPlace = { directory: root, environment: options.environment };
  // One process lists what is tracked, what is not, and with -m -d what differs from the index: each process costs milliseconds.
  const differing = options.verifyFiles ? ["-m", "-d"] : [];
  const listing = runGitSync(place, ["ls-files", "-t", "-s", "-o", "--exclude-standard", ...differing, "-z"]);
  if (/must be run in a work tree/.test(listing.stderr)) return openBare(path, place);
  if (listing.code === 0) {
    const records = splitNul(listing.stdout);
    return diskWorkspace("git", root, gitEntries(records, root), sparseFiles(records, place));
  }
  if (listing.stopped || !/not a git repository/.test(listing.stderr))
    options.notice(`${whyGitFailed(listing)}; the folder is read without git.`);
  const { listDirectory } = await import("./directory.ts");
  return diskWorkspace("directory", root, await listDirectory(root));
}

async function openBare(path: string, place: GitPlace): Promise<Workspace> {
  const head = runGitSync(place, ["rev-parse", "-q", "--verify", "HEAD^{commit}"]);
  if (head.code !== 0)
    throw new UsageError(`${path}: a bare git repository whose HEAD names no commit holds no files to check.`);
  const { openTreeAt } = await import("./git-tree.ts");
  const empty = diskWorkspace("git", place.directory, []);
  const commit = head.stdout.toString("latin1").trim();
  return openTreeAt({ commit, tree: commit, directory: place.directory }, empty, place.environment);
}

/** A view of a workspace in which the config's `ignore:` and backup copies are marked as never read. */
export function ignoring(workspace: Workspace, globs: readonly string[]): Workspace {
  const isListed = globMatcher(withFolders(globs));
  const isIgnored = ({ path, ignored }: Entry) => !ignored && (BACKUP.test(path) || isListed(path));
  const { entries } = workspace.files;
  if (!entries.some(isIgnored)) return workspace;
  const marked = entries.map((entry) => (isIgnored(entry) ? { ...entry, ignored: true } : entry));
  const files = makeFileTree(marked, workspace.linkTarget);
  return { ...workspace, files };
}

const KINDS: Readonly<Record<string, EntryKind>> = {
  "100755": "executable",
  "120000": "symlink",
  "160000": "submodule",
};

/** Entries from records of `ls-files -t -s`: "? <path>" is untracked, the others are "<letter> 100644 <object id> <stage>\t<path>". */
function gitEntries(records: readonly string[], root: string): Entry[] {
  const entries: Entry[] = [];
  const differing = new Map<string, "C" | "R">();
  for (const record of records) {
    const letter = record[0];
    // A file that is gone has both.
    if ((letter === "C" || letter === "R") && differing.get(pathIn(record)) !== "R")
      differing.set(pathIn(record), letter);
  }
  for (const record of records) {
    const letter = record[0];
    if (letter === "C" || letter === "R") continue;
    if (letter === "?") {
      const path = record.slice(2);
      if (path.endsWith("/")) continue;
      const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
      entries.push({ path, kind: stats ? kindOf(stats) : "file", blob: null, tracked: false, ignored: false });
      continue;
    }
    const path = pathIn(record);
    const change = differing.get(path);
    if (change === "R") continue;
    const blob = change === undefined ? record.slice(9, record.indexOf(" ", 9)) : null;
    const known = KINDS[record.slice(2, 8)] ?? "file";
    const kind = change === undefined ? known : kindOnDisk(known, join(root, path));
    entries.push({ path, kind, blob, tracked: true, ignored: false });
  }
  // Before the first `git add`, what is there is what will be committed.
  const begun = entries.some(({ tracked }) => tracked);
  return begun ? entries : entries.map((entry) => ({ ...entry, tracked: true }));
}

/** The kind of a file that differs from the index: a link may stand for a file now, or a file for a link. */
function kindOnDisk(known: EntryKind, file: string): EntryKind {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats || known === "submodule") return known;
  if (stats.isSymbolicLink()) return "symlink";
  return known === "symlink" ? kindOf(stats) : known;
}

/** What a sparse checkout leaves out, "S <mode> <object id> …"; null where it leaves out nothing. */
function sparseFiles(records: readonly string[], place: GitPlace): SparseFiles | null {
  const paths = new Set(records.filter((record) => record.startsWith("S ")).map(pathIn));
  if (paths.size === 0) return null;
  let left = MOST_LEFT_OUT;
  return {
    paths,
    content(blob) {
      if (left-- <= 0) return null;
      const { code, stdout } = runGitSync(place, ["cat-file", "blob", blob], "", { maxOutput: MAX_FILE_BYTES });
      return code === 0 ? stdout : null;
    },
  };
}

const pathIn = (record: string): string => record.slice(record.indexOf("\t") + 1);
