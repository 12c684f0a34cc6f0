import type { GitPlace } from "../../workspace/git.ts";
import { ancestryOf } from "./ancestry.ts";
import { ask, linesOf } from "./ask.ts";
import {
  byParents,
  type Change,
  loadChanges,
  loadMergeChanges,
  loadOctopusChanges,
  type Pair,
  pairOf,
} from "./changes.ts";
import { findCleanMerges } from "./clean-merges.ts";
import type { LoadedCommit } from "./commits.ts";
import { candidatePool, judgeCommon, type Loaded, loadCommon, sharedWithCommon } from "./common.ts";
import { selectComparable } from "./comparable.ts";
import { findSquashes } from "./match-squashes.ts";
import { loadMergePatchIds, loadPatchIds } from "./patch-ids.ts";
import { equivalentsFinder } from "./picks.ts";
import { cancelReapplied } from "./reapplied.ts";
import { broughtBy, type Cancelled, cancelReverts, commitFinder, pickedFrom } from "./reverts.ts";

interface Side {
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
  sides: { head: Pick<Side, "tip" | "commits">; base: Pick<Side, "tip" | "commits"> },
  mergeBases: readonly string[],
  shallow: ReadonlySet<string>,
): Promise<Unmatched | "cut"> {
  const { tip: head, commits: ahead } = sides.head;
  const { tip: base, commits: behind } = sides.base;
  const trees = linesOf(await ask(place, ["rev-parse", `${head}^{tree}`, `${base}^{tree}`]));
  if (head === base || (trees[0] !== undefined && trees[0] === trees[1])) return { waiting: [], lost: [] };
  const common = await loadCommon(place, ahead, behind, mergeBases, shallow);
  if (common === "cut") return "cut";

  // Merging again is what costs most; a common merge is never counted, and its own change is nobody's equivalent.
  const counted = [...ahead, ...behind, ...common.filter((one) => one.parents.length < 2)];
  const changes = await loadOwnChanges(place, counted, [...common, ...ahead, ...behind]);
  const comparable = selectComparable(ahead, behind, common, changes);
  const patchIds = await loadOwnPatchIds(place, comparable, changes);
  const mergeBase = mergeBases.length === 1 ? mergeBases[0]! : null;
  const isAncestor = ancestryOf([...ahead, ...behind, ...common]);
  const loaded: Loaded = {
    place,
    common: await judgeCommon(place, common, changes, isAncestor),
    mergeBase,
    changes,
    patchIds,
    isAncestor,
  };
  const one = await sideOf(head, ahead, behind, loaded);
  const other = await sideOf(base, behind, ahead, loaded);
  matchCommits(one, other, loaded);
  matchCommits(other, one, loaded);
  if (mergeBase !== null) {
    await matchSquashes(one, other, { ...loaded, mergeBase });
    await matchSquashes(other, one, { ...loaded, mergeBase });
  }
  const rest = (side: Side): LoadedCommit[] =>
    side.commits.filter(({ sha }) => changes.has(sha) && !side.cancelled.commits.has(sha) && !side.matched.has(sha));
  return { waiting: rest(one), lost: rest(other) };
}

async function loadOwnChanges(
  place: GitPlace,
  commits: readonly LoadedCommit[],
  known: readonly LoadedCommit[],
): Promise<Map<string, Change[]>> {
  const [plain, merges, octopuses] = byParents(commits);
  const mergeAgain = async (): Promise<Map<string, Change[]>> => {
    const clean = await findCleanMerges(place, merges, known);
    return loadMergeChanges(
      place,
      merges.map(({ sha }) => sha).filter((sha) => !clean.has(sha)),
    );
  };
  const parts = await Promise.all([
    loadChanges(place, plain.map(pairOf)),
    mergeAgain(),
    loadOctopusChanges(
      place,
      octopuses.map((merge): Pair => [merge.sha, ...merge.parents]),
    ),
  ]);
  return new Map(parts.flatMap((part) => [...part]).filter(([, list]) => list.length > 0));
}

async function loadOwnPatchIds(
  place: GitPlace,
  commits: readonly LoadedCommit[],
  changes: ReadonlyMap<string, readonly Change[]>,
): Promise<Map<string, string>> {
  const [plain, merges] = byParents(commits);
  const [ids, mergeIds] = await Promise.all([
    loadPatchIds(place, plain, changes),
    loadMergePatchIds(
      place,
      merges.map((merge) => merge.sha),
    ),
  ]);
  return new Map([...ids, ...mergeIds]);
}

async function sideOf(
  tip: string,
  commits: LoadedCommit[],
  opposite: readonly LoadedCommit[],
  loaded: Loaded,
): Promise<Side> {
  const { place, common, changes, patchIds, isAncestor } = loaded;
  const shared = await sharedWithCommon(commits, opposite, loaded);
  const matched = new Set(shared.squashes);
  const reverted = cancelReverts(commits, {
    standIn: standInFinder(commits, [...opposite, ...common.commits], patchIds),
    outlives: (target, revert) => {
      const again = (shared.by.get(target.sha) ?? []).some((one) => isAncestor(one, revert.sha));
      if (again) matched.add(target.sha);
      return again;
    },
  });
  return {
    tip,
    commits,
    bySha: new Map(commits.map((commit) => [commit.sha, commit])),
    cancelled: await cancelReapplied(place, commits, reverted, changes),
    matched,
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

/** Equal patches, then picks that say where they come from. A matched merge stands for all that it brought. */
function matchCommits(side: Side, other: Side, { common, patchIds, isAncestor }: Loaded): void {
  const equivalentsOf = equivalentsFinder(candidatePool(other, common.standing), patchIds);
  const find = (name: string): LoadedCommit | undefined => side.bySha.get(name);
  for (const commit of side.commits) {
    if (side.cancelled.commits.has(commit.sha)) continue;
    const counts = (one: LoadedCommit): boolean =>
      other.bySha.has(one.sha) || (!isAncestor(one.sha, commit.sha) && common.applies(one, commit));
    if (!equivalentsOf(commit).some(counts)) continue;
    side.matched.add(commit.sha);
    const [mainline, ...others] = commit.parents;
    if (mainline === undefined || others.length === 0) continue;
    for (const sha of broughtBy(commit, mainline, find)) side.matched.add(sha);
  }
}

/** Marks on both sides what is matched because a net change along one side's lines equals one commit of the other or of the common part. */
async function matchSquashes(side: Side, other: Side, loaded: Loaded & { mergeBase: string }): Promise<void> {
  const squashes = await findSquashes({
    ...loaded,
    tip: side.tip,
    bySha: side.bySha,
    cancelled: side.cancelled,
    pool: candidatePool(other, loaded.common.standing),
    accepts: (squash, tip) => other.bySha.has(squash.sha) || !loaded.isAncestor(squash.sha, tip),
  });
  for (const { commit, squashed } of squashes) {
    for (const sha of squashed) side.matched.add(sha);
    if (other.bySha.has(commit.sha)) other.matched.add(commit.sha);
  }
}
