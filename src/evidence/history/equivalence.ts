import type { GitPlace } from "../../workspace/git.ts";
import { ask, linesOf } from "./ask.ts";
import {
  byParents,
  type Change,
  loadChanges,
  loadMergeChanges,
  loadMergePatchIds,
  loadOctopusChanges,
  loadPatchIds,
  type Pair,
  pairOf,
} from "./changes.ts";
import { type LoadedCommit, loadCommits } from "./commits.ts";
import { matchSquashes } from "./match-squashes.ts";
import { broughtBy, type Cancelled, cancelReverts, commitFinder, pickedFrom } from "./reverts.ts";
import { pathKeyOf } from "./squash.ts";

/** Above this the extra search is left out: it only ever removes commits from the lists. */
const MAX_COMMON = 20_000;

export interface Side {
  tip: string;
  commits: LoadedCommit[];
  bySha: ReadonlyMap<string, LoadedCommit>;
  cancelled: Cancelled;
  /** Commits that live on over there. */
  matched: Set<string>;
}

/** Both sides' commits that hold a change and have no equivalent on the other side, oldest first. */
export interface Unmatched {
  waiting: LoadedCommit[];
  lost: LoadedCommit[];
}

/**
 * Takes out, in this order: everything where both trees are equal, merges and commits without a change of their own, commits and their
 * reverts, equal patches and picks, squashes. Throws GitFailure where git cannot answer (objects of a partial clone).
 */
export async function findUnmatched(
  place: GitPlace,
  head: string,
  base: string,
  mergeBases: readonly string[],
  shallow: ReadonlySet<string>,
): Promise<Unmatched | "cut"> {
  const [treeOutput, ahead, behind] = await Promise.all([
    ask(place, ["rev-parse", `${head}^{tree}`, `${base}^{tree}`]),
    loadCommits(place, [head], [base]),
    loadCommits(place, [base], [head]),
  ]);
  const trees = linesOf(treeOutput);
  if (head === base || (trees[0] !== undefined && trees[0] === trees[1])) return { waiting: [], lost: [] };
  const common = await loadCommon(place, ahead, behind, mergeBases, shallow);
  if (common === "cut") return "cut";

  const all = [...ahead, ...behind, ...common];
  // Merging again is what costs most; a common merge is never counted, and its own change is nobody's equivalent.
  const changes = await loadOwnChanges(place, [...ahead, ...behind, ...common.filter((one) => one.parents.length < 2)]);
  const patchIds = await loadComparablePatchIds(place, ahead, behind, common, changes);
  const one = sideOf(head, ahead, [...behind, ...common], patchIds);
  const other = sideOf(base, behind, [...ahead, ...common], patchIds);
  matchCommits(one, other, common, patchIds);
  matchCommits(other, one, common, patchIds);
  if (mergeBases.length === 1) {
    const isAncestor = ancestry([...all]);
    for (const [side, opposite] of [
      [one, other],
      [other, one],
    ] as const) {
      const pool = candidatePool(opposite, common);
      await matchSquashes({ place, side, other: opposite, pool, mergeBase: mergeBases[0]!, changes, isAncestor });
    }
  }
  const rest = (side: Side): LoadedCommit[] =>
    side.commits.filter(({ sha }) => changes.has(sha) && !side.cancelled.commits.has(sha) && !side.matched.has(sha));
  return { waiting: rest(one), lost: rest(other) };
}

/**
 * Commits of both sides that some commit of one side does not descend from: after a merge back, an equivalent of a waiting commit
 * (a pick, a squash) is an ancestor of both tips and no longer in D...H.
 */
async function loadCommon(
  place: GitPlace,
  ahead: readonly LoadedCommit[],
  behind: readonly LoadedCommit[],
  mergeBases: readonly string[],
  shallow: ReadonlySet<string>,
): Promise<LoadedCommit[] | "cut"> {
  const forks = new Set<string>();
  for (const side of [ahead, behind]) {
    const own = new Set(side.map((commit) => commit.sha));
    for (const commit of side) for (const parent of commit.parents) if (!own.has(parent)) forks.add(parent);
  }
  if (forks.size === 0 || (forks.size === 1 && forks.has(mergeBases[0]!))) return [];
  if (forks.size > 1000) return shallow.size > 0 ? "cut" : [];
  const [oldest] = linesOf(await ask(place, ["merge-base", "--octopus", ...forks], "", [0, 1]));
  if (oldest === undefined) return shallow.size > 0 ? "cut" : [];
  const range = [...mergeBases, `^${oldest}`];
  const count = Number((await ask(place, ["rev-list", "--count", ...range])).toString("latin1"));
  if (count > MAX_COMMON) return shallow.size > 0 ? "cut" : [];
  const common = await loadCommits(place, mergeBases, [oldest]);
  return common.some((commit) => shallow.has(commit.sha)) ? "cut" : common;
}

async function loadOwnChanges(place: GitPlace, commits: readonly LoadedCommit[]): Promise<Map<string, Change[]>> {
  const [plain, merges, octopuses] = byParents(commits);
  const parts = await Promise.all([
    loadChanges(place, plain.map(pairOf)),
    loadMergeChanges(
      place,
      merges.map((merge) => merge.sha),
    ),
    loadOctopusChanges(
      place,
      octopuses.map((merge): Pair => [merge.sha, ...merge.parents]),
    ),
  ]);
  return new Map(parts.flatMap((part) => [...part]).filter(([, list]) => list.length > 0));
}

/** Patch ids of those commits alone whose paths some commit of another group touches as well. */
async function loadComparablePatchIds(
  place: GitPlace,
  ahead: readonly LoadedCommit[],
  behind: readonly LoadedCommit[],
  common: readonly LoadedCommit[],
  changes: ReadonlyMap<string, Change[]>,
): Promise<Map<string, string>> {
  const groups = new Map<string, Set<number>>();
  const keys = new Map<string, string>();
  [ahead, behind, common].forEach((commits, group) => {
    for (const { sha } of commits) {
      const list = changes.get(sha);
      if (!list) continue;
      const key = pathKeyOf(list.map((change) => change.path));
      keys.set(sha, key);
      groups.set(key, (groups.get(key) ?? new Set()).add(group));
    }
  });
  const comparable = (commit: LoadedCommit): boolean => (groups.get(keys.get(commit.sha) ?? "")?.size ?? 0) > 1;
  const [plain, merges] = byParents([...common, ...ahead, ...behind].filter(comparable));
  const mergeIds = await loadMergePatchIds(
    place,
    merges.map((merge) => merge.sha),
  );
  return new Map([...(await loadPatchIds(place, plain.map(pairOf))), ...mergeIds]);
}

function sideOf(
  tip: string,
  commits: LoadedCommit[],
  elsewhere: readonly LoadedCommit[],
  patchIds: ReadonlyMap<string, string>,
): Side {
  const cancelled = cancelReverts(commits, standInFinder(commits, elsewhere, patchIds));
  return {
    tip,
    commits,
    bySha: new Map(commits.map((commit) => [commit.sha, commit])),
    cancelled,
    matched: new Set(),
  };
}

/** For a revert on this side that names a commit of the other: the newest older commit here that was picked from it or has its patch. */
function standInFinder(
  commits: readonly LoadedCommit[],
  elsewhere: readonly LoadedCommit[],
  patchIds: ReadonlyMap<string, string>,
): (name: string, before: LoadedCommit) => LoadedCommit | undefined {
  const find = commitFinder(elsewhere);
  return (name, before) => {
    const target = find(name);
    if (!target) return undefined;
    const id = patchIds.get(target.sha);
    const older = commits.slice(0, commits.indexOf(before)).reverse();
    return older.find(
      (commit) =>
        (id !== undefined && patchIds.get(commit.sha) === id) ||
        pickedFrom(commit).some((origin) => target.sha.startsWith(origin)),
    );
  };
}

/** Equal patches, then picks that say where they come from. */
function matchCommits(
  side: Side,
  other: Side,
  common: readonly LoadedCommit[],
  patchIds: ReadonlyMap<string, string>,
): void {
  const pool = candidatePool(other, common);
  const byPatch = new Map<string, LoadedCommit[]>();
  const byOrigin = new Map<string, LoadedCommit[]>();
  const add = (map: Map<string, LoadedCommit[]>, key: string, commit: LoadedCommit): void => {
    const list = map.get(key);
    if (list) list.push(commit);
    else map.set(key, [commit]);
  };
  for (const commit of pool) {
    const id = patchIds.get(commit.sha);
    if (id !== undefined) add(byPatch, id, commit);
    for (const origin of pickedFrom(commit)) add(byOrigin, origin.slice(0, 7), commit);
  }
  const findHere = commitFinder(pool);
  const isAncestor = ancestry([...side.commits, ...common]);
  const find = (name: string): LoadedCommit | undefined => side.bySha.get(name);
  for (const commit of side.commits) {
    if (side.cancelled.commits.has(commit.sha)) continue;
    const names = [commit.sha, ...pickedFrom(commit)];
    const equivalents = [
      ...(byPatch.get(patchIds.get(commit.sha) ?? "") ?? []),
      ...names.flatMap((name) => (byOrigin.get(name.slice(0, 7)) ?? []).filter((one) => picks(one, name))),
      ...names.slice(1).flatMap((name) => findHere(name) ?? []),
    ];
    if (equivalents.some((one) => other.bySha.has(one.sha) || !isAncestor(one.sha, commit.sha))) {
      side.matched.add(commit.sha);
      const [mainline, ...others] = commit.parents;
      if (mainline !== undefined && others.length > 0) {
        for (const sha of broughtBy(commit, mainline, find)) side.matched.add(sha);
      }
    }
  }
}

/** Whether `commit` says that it was picked from `name`; either of the two names may be shortened. */
const picks = (commit: LoadedCommit, name: string): boolean =>
  pickedFrom(commit).some((origin) => origin.startsWith(name) || name.startsWith(origin));

/** What may be an equivalent: everything of the other side and of the common part that no later commit over there reverts. */
function candidatePool(other: Side, common: readonly LoadedCommit[]): LoadedCommit[] {
  const all = [...common, ...other.commits];
  const { commits: gone } = common.length === 0 ? other.cancelled : cancelReverts(all);
  return all.filter(({ sha }) => !gone.has(sha) && !other.cancelled.commits.has(sha));
}

/** Whether one commit is an ancestor of another, within the given commits. */
function ancestry(commits: readonly LoadedCommit[]): (ancestor: string, of: string) => boolean {
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
