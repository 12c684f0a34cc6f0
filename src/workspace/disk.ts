import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { dirname, join, posix } from "node:path";
import type { RepoPath } from "../types/text.ts";
import type { Entry, EntryKind, Source, Workspace } from "../types/workspace.ts";
import { makeFileTree } from "./tree.ts";
import { makeUnreadList } from "./unread.ts";

/** Larger files are unread: no config, manifest or source that a person wrote is near this. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Why they are. */
export const TOO_LARGE = `larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`;
const MAX_LINKS = 16;

/** Why a file is unread that a sparse checkout leaves out and a partial clone has no content of. */
export const LEFT_OUT = "left out of this checkout, and its content is not here";
/** Why a file of another commit, or of a bare repository, is unread: a partial clone, or too many contents. */
export const CONTENT_MISSING = "its content at that commit is not here";

/** Files that a sparse checkout leaves out of the disk, and what gives the content of a blob; null where it is not here. */
export interface SparseFiles {
  paths: ReadonlySet<RepoPath>;
  content(blob: string): Buffer | null;
}

/** What a file on disk would be in git. */
export function kindOf(stats: Pick<Stats, "isSymbolicLink" | "mode">): EntryKind {
  if (stats.isSymbolicLink()) return "symlink";
  return (stats.mode & 0o111) === 0 ? "file" : "executable";
}

/** A workspace over files on disk that are listed already. `root` is absolute. */
export function diskWorkspace(
  kind: "git" | "directory",
  root: string,
  entries: readonly Entry[],
  sparse: SparseFiles | null = null,
): Workspace {
  const files = makeFileTree(entries, linkTarget);
  const unread = makeUnreadList();
  const realRoot = realpathSync.native(root);
  const insideByDirectory = new Map<string, boolean>();

  /** Whether a directory of the tree is really there, not a link to elsewhere that replaced it. */
  function isInside(directory: string): boolean {
    let inside = insideByDirectory.get(directory);
    if (inside === undefined) {
      try {
        inside = realpathSync.native(join(root, directory)) === join(realRoot, directory);
      } catch {
        inside = false;
      }
      insideByDirectory.set(directory, inside);
    }
    return inside;
  }

  function linkTarget(path: RepoPath): string | null {
    if (files.get(path)?.kind !== "symlink") return null;
    try {
      return readlinkSync(join(root, path));
    } catch {
      return leftOut(path)?.toString("utf8") ?? null;
    }
  }

  /** What git holds of a file that a sparse checkout leaves out; null for any other file, and where it is not here. */
  function leftOut(path: RepoPath): Buffer | null {
    const blob = sparse?.paths.has(path) ? files.get(path)?.blob : null;
    return blob ? sparse!.content(blob) : null;
  }

  /** The listed file that a path stands for after following links inside the tree, or why there is none. */
  function follow(path: RepoPath): { entry: Entry } | { reason: string } {
    let current = path;
    for (let links = 0; links <= MAX_LINKS; links++) {
      const entry = files.get(current);
      if (!entry)
        return {
          reason: current === path ? "not in the tree" : `symbolic link to ${current}, which is not a file of the tree`,
        };
      if (entry.kind === "submodule") return { reason: "submodule: its content is not here" };
      if (entry.kind !== "symlink") return { entry };
      const target = linkTarget(current);
      if (target === null) return { reason: "symbolic link that cannot be read" };
      const next = posix.normalize(posix.join(posix.dirname(current), target));
      if (posix.isAbsolute(target) || next.startsWith("../"))
        return { reason: "symbolic link that leaves the repository" };
      current = next;
    }
    return { reason: "symbolic links that lead in a circle" };
  }

  return {
    kind,
    root,
    files,
    linkTarget,
    read(path): Source | null {
      const followed = follow(path);
      if ("reason" in followed) {
        unread.note(path, followed.reason);
        return null;
      }
      const { entry } = followed;
      const sourceOf = (bytes: Buffer): Source => ({ bytes: () => bytes, text: () => bytes.toString("utf8") });
      const isAbsent = sparse?.paths.has(entry.path) && !existsSync(join(root, entry.path));
      if (isAbsent) {
        const bytes = leftOut(entry.path);
        if (bytes !== null) return sourceOf(bytes);
        unread.note(path, LEFT_OUT);
        return null;
      }
      if (!isInside(dirname(entry.path))) {
        unread.note(path, "its folder is a symbolic link");
        return null;
      }
      try {
        const bytes = readWhole(join(root, entry.path));
        if (bytes !== null) return sourceOf(bytes);
        unread.note(path, TOO_LARGE);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        unread.note(
          path,
          code === "ENOENT" ? "listed by git but not on disk" : `cannot be read (${code ?? "unknown error"})`,
        );
      }
      return null;
    },
    noteUnread: unread.note,
    unread: unread.list,
  };
}

/** The bytes of a regular file, never through a link; null above the size limit. Throws what the system says. */
function readWhole(file: string): Buffer | null {
  // Without O_NONBLOCK, opening a named pipe would wait for ever.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw Object.assign(new Error(), { code: "no regular file" });
    const { size } = stats;
    if (size > MAX_FILE_BYTES) return null;
    const buffer = Buffer.allocUnsafe(size);
    let at = 0;
    while (at < size) {
      const count = readSync(descriptor, buffer, at, size - at, at);
      if (count === 0) break;
      at += count;
    }
    return buffer.subarray(0, at);
  } finally {
    closeSync(descriptor);
  }
}
