import type { Unread } from "./finding.ts";
import type { RepoPath } from "./text.ts";

export type EntryKind = "file" | "executable" | "symlink" | "submodule";

/** One listed path. Directories are not listed: they exist as prefixes of paths. */
export interface Entry {
  path: RepoPath;
  kind: EntryKind;
  /** Identifies the content (git blob id, or a hash of the bytes); equal ids mean equal bytes. Null where nothing can be read. */
  blob: string | null;
  /** False for a file that exists on this machine only (untracked, not ignored by git). */
  tracked: boolean;
  /** True for paths that no rule reads (`ignore:` of the config, backup copies). They still exist, and can be copied into an image. */
  ignored: boolean;
}

/** The paths of a repository, sorted by code unit. Every look-up answers from memory. */
export interface FileTree {
  readonly entries: readonly Entry[];
  get(path: RepoPath): Entry | undefined;
  /** True for a listed path, not for a directory. */
  has(path: RepoPath): boolean;
  /** True when a listed path lies below `path`; the root is "". */
  hasDirectory(path: RepoPath): boolean;
  /** Every entry below a directory, sorted; "" gives all. */
  under(directory: RepoPath): readonly Entry[];
  /** Names directly below a directory, sorted: files and directories. */
  children(directory: RepoPath): readonly string[];
  /** The path with every symbolic link on its way followed; null where one leads out of the tree, or in a circle. Nothing need be there. */
  real(path: RepoPath): RepoPath | null;
  /** Entries that a list of globs selects (`**`, `*`, `{a,b}`, `!` takes out, the last match decides). */
  matching(globs: readonly string[]): readonly Entry[];
  /** Entries that globs of predeploy.yml name: a plain name at their end may be a folder's. */
  named(globs: readonly string[]): readonly Entry[];
}

/** One file's content, decoded on demand. */
export interface Source {
  bytes(): Buffer;
  /** UTF-8 text with a leading byte order mark kept; invalid sequences become U+FFFD. */
  text(): string;
}

/** Where files come from. Reads are lazy, capped in size and never leave the tree. */
export interface Workspace {
  readonly kind: "git" | "directory" | "memory";
  /** Absolute path, for evidence that runs git; null in memory. Never printed. */
  readonly root: string | null;
  readonly files: FileTree;
  /** The target text of a symbolic link, or null. */
  linkTarget(path: RepoPath): string | null;
  /** The content, or null after noting in `unread` why not. A symlink that stays inside the tree is followed. */
  read(path: RepoPath): Source | null;
  /** Only where the tree may be a stranger's: a file's text in the commit that is trusted, "" where that lacks it. */
  trustedText?(path: RepoPath): string;
  /** Notes that a file could not be understood. */
  noteUnread(path: RepoPath, reason: string): void;
  /** Every file that was asked for and could not be read, sorted by path. */
  unread(): Unread[];
}
