import { posix } from "node:path";
import type { RepoPath } from "../types/text.ts";
import type { Entry, FileTree } from "../types/workspace.ts";
import { globMatcher, withFolders } from "./glob.ts";

const MAX_LINKS = 16;

/**
 * A file tree over entries in any order; of two entries with one path the first stays.
 * `targetOf` gives the text of a symbolic link of the tree, null where it cannot be read.
 */
export function makeFileTree(
  unsorted: readonly Entry[],
  targetOf: (path: RepoPath) => string | null = () => null,
): FileTree {
  const byPath = new Map<RepoPath, Entry>();
  for (const entry of unsorted) if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  const entries = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const childNames = new Map<RepoPath, readonly string[]>();

  /** Index of the first entry whose path is not before `path`. */
  function lowerBound(path: string): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle]!.path < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // "0" is the code unit after "/", so [dir + "/", dir + "0") holds exactly what lies below dir.
  const below = (directory: RepoPath): readonly [number, number] =>
    directory === "" ? [0, entries.length] : [lowerBound(`${directory}/`), lowerBound(`${directory}0`)];

  let hasLinks: boolean | null = null;

  function real(path: RepoPath): RepoPath | null {
    hasLinks ??= entries.some((entry) => entry.kind === "symlink");
    if (!hasLinks) return path;
    const pending = path.split("/");
    let found = "";
    for (let links = 0; pending.length > 0; ) {
      const segment = pending.shift()!;
      const next = found === "" ? segment : `${found}/${segment}`;
      if (byPath.get(next)?.kind !== "symlink") {
        found = next;
        continue;
      }
      const target = targetOf(next);
      if (target === null || posix.isAbsolute(target) || ++links > MAX_LINKS) return null;
      const inside = posix.join(found, target).replace(/\/$/, "");
      if (/^\.\.(?:\/|$)/.test(inside)) return null;
      if (inside !== ".") pending.unshift(...inside.split("/"));
      found = "";
    }
    return found;
  }

  const matching = (globs: readonly string[]): Entry[] => {
    const matches = globMatcher(globs);
    return entries.filter((entry) => matches(entry.path));
  };

  return {
    entries,
    get: (path) => byPath.get(path),
    has: (path) => byPath.has(path),
    hasDirectory(directory) {
      const [from, to] = below(directory);
      return from < to;
    },
    under: (directory) => entries.slice(...below(directory)),
    children(directory) {
      const known = childNames.get(directory);
      if (known) return known;
      const prefix = directory === "" ? 0 : directory.length + 1;
      const names = new Set<string>();
      const [from, to] = below(directory);
      for (let at = from; at < to; at++) {
        const path = entries[at]!.path;
        const slash = path.indexOf("/", prefix);
        names.add(slash === -1 ? path.slice(prefix) : path.slice(prefix, slash));
      }
      const list = [...names].sort();
      childNames.set(directory, list);
      return list;
    },
    real,
    matching,
    named: (globs) => matching(withFolders(globs)),
  };
}
