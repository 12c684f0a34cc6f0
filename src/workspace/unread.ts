import type { Unread } from "../types/finding.ts";
import type { RepoPath } from "../types/text.ts";

/** Collects files that could not be read: one reason a path, the first one said. */
export function makeUnreadList(): { note(path: RepoPath, reason: string): void; list(): Unread[] } {
  const reasons = new Map<RepoPath, string>();
  return {
    note(path, reason) {
      if (!reasons.has(path)) reasons.set(path, reason);
    },
    list: () =>
      [...reasons]
        .map(([path, reason]) => ({ path, reason }))
        .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
  };
}
