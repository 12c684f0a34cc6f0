import type { LoadedCommit } from "./commits.ts";

const REVERTS = /This reverts commit ([0-9a-f]{7,64})\b(?:,\s+reversing\s+changes\s+made\s+to\s+([0-9a-f]{7,64})\b)?/g;
const PICKED = /\(cherry picked from commit ([0-9a-f]{7,64})\)/g;

/** Full or shortened names of the commits that this one says it was picked from. */
export const pickedFrom = (commit: LoadedCommit): string[] =>
  [...commit.body.matchAll(PICKED)].map((match) => match[1]!);

/** Full or shortened names of the commits that this one says it reverts. */
export const revertedBy = (commit: LoadedCommit): string[] =>
  [...commit.body.matchAll(REVERTS)].map((match) => match[1]!);

/** Finds commits by full name or unique prefix. */
export function commitFinder(commits: readonly LoadedCommit[]): (name: string) => LoadedCommit | undefined {
  const byName = new Map(commits.map((commit) => [commit.sha, commit]));
  return (name) => {
    const exact = byName.get(name);
    if (exact || name.length >= 40) return exact;
    const matching = commits.filter((commit) => commit.sha.startsWith(name));
    return matching.length === 1 ? matching[0] : undefined;
  };
}

export interface Cancelled {
  commits: ReadonlySet<string>;
  /** Each revert with what it takes out. */
  groups: readonly (readonly string[])[];
}

interface Elsewhere {
  /** The commit of this side that carries the change of a commit of the other side, for a revert that names the latter. */
  standIn(name: string, before: LoadedCommit): LoadedCommit | undefined;
  /** Whether the target's change had come to both sides a second time when it was reverted: then the revert is a change of its own. */
  outlives(target: LoadedCommit, revert: LoadedCommit): boolean;
}

/**
 * The commits of one side that take each other out: a commit and its revert, newest revert first, so that the revert of a revert
 * leaves the original standing. A reverted merge takes out everything that it had brought.
 * @param commits one side, oldest first
 */
export function cancelReverts(
  commits: readonly LoadedCommit[],
  { standIn, outlives }: Elsewhere = { standIn: () => undefined, outlives: () => false },
): Cancelled {
  const cancelled = new Set<string>();
  const groups: string[][] = [];
  const find = commitFinder(commits);
  const position = new Map(commits.map((commit, index) => [commit.sha, index]));
  for (const revert of [...commits].reverse()) {
    if (cancelled.has(revert.sha)) continue;
    const group = [revert.sha];
    for (const [, name = "", mainline] of revert.body.matchAll(REVERTS)) {
      const target = find(name) ?? standIn(name, revert);
      if (!target || target === revert || cancelled.has(target.sha)) continue;
      if (position.get(target.sha)! > position.get(revert.sha)! || outlives(target, revert)) continue;
      group.push(target.sha, ...(mainline ? broughtBy(target, mainline, find) : []));
      for (const sha of group) cancelled.add(sha);
    }
    if (group.length > 1) groups.push(group);
  }
  return { commits: cancelled, groups };
}

/** The commits of this side that a merge brought to its mainline parent, named in full or in short. */
export function broughtBy(
  merge: LoadedCommit,
  mainline: string,
  find: (name: string) => LoadedCommit | undefined,
): Set<string> {
  const reach = (starts: readonly string[], stop: ReadonlySet<string>): Set<string> => {
    const seen = new Set<string>();
    const open = [...starts];
    for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
      const commit = stop.has(sha) || seen.has(sha) ? undefined : find(sha);
      if (!commit) continue;
      seen.add(commit.sha);
      open.push(...commit.parents);
    }
    return seen;
  };
  const kept = merge.parents.find((parent) => parent.startsWith(mainline));
  if (kept === undefined) return new Set();
  return reach(
    merge.parents.filter((parent) => parent !== kept),
    reach([kept], new Set()),
  );
}
