import type { LoadedCommit } from "./commits.ts";

/** Whether one commit is an ancestor of another. */
export type Ancestry = (ancestor: string, of: string) => boolean;

/** The ancestry within the given commits; a commit counts as its own ancestor. */
export function ancestryOf(commits: readonly LoadedCommit[]): Ancestry {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const known = new Map<string, Set<string>>();
  return (ancestor, of) => {
    let seen = known.get(of);
    if (!seen) {
      seen = new Set();
      const open = [of];
      for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
        const commit = seen.has(sha) ? undefined : bySha.get(sha);
        if (!commit) continue;
        seen.add(sha);
        open.push(...commit.parents);
      }
      known.set(of, seen);
    }
    return seen.has(ancestor);
  };
}
