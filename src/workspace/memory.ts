import { createHash } from "node:crypto";
import type { RepoPath } from "../types/text.ts";
import type { Entry, EntryKind, Source, Workspace } from "../types/workspace.ts";
import { makeFileTree } from "./tree.ts";
import { makeUnreadList } from "./unread.ts";

/** What may be said of one file in memory besides its text. */
export interface MemoryFile {
  content?: string | Uint8Array;
  kind?: EntryKind;
  tracked?: boolean;
  ignored?: boolean;
  /** Target of a symbolic link. */
  target?: string;
}

/** A workspace held in memory: path → text, bytes, or more; used by rule examples and tests. */
export function memoryWorkspace(files: Record<RepoPath, string | Uint8Array | MemoryFile>): Workspace {
  const contents = new Map<RepoPath, Buffer>();
  const targets = new Map<RepoPath, string>();
  const entries = Object.entries(files).map(([path, given]): Entry => {
    const file: MemoryFile = typeof given === "string" || given instanceof Uint8Array ? { content: given } : given;
    const bytes = Buffer.from(file.content ?? "");
    if (file.target !== undefined) targets.set(path, file.target);
    else contents.set(path, bytes);
    return {
      path,
      kind: file.target !== undefined ? "symlink" : (file.kind ?? "file"),
      blob: createHash("sha1").update(bytes).digest("hex"),
      tracked: file.tracked ?? true,
      ignored: file.ignored ?? false,
    };
  });
  const unread = makeUnreadList();
  const linkTarget = (path: RepoPath) => targets.get(path) ?? null;
  return {
    kind: "memory",
    root: null,
    files: makeFileTree(entries, linkTarget),
    linkTarget,
    read(path): Source | null {
      const bytes = contents.get(path);
      if (!bytes) {
        unread.note(path, "not a file in memory");
        return null;
      }
      return { bytes: () => bytes, text: () => bytes.toString("utf8") };
    },
    noteUnread: unread.note,
    unread: unread.list,
  };
}
