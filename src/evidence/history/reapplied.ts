import type { GitPlace } from "../../workspace/git.ts";
import { type Change, inBatches, loadPatchIds, type Pair, pairOf } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";
import { type Cancelled, commitFinder, pickedFrom, revertedBy } from "./reverts.ts";
import { pathKeyOf } from "./squash.ts";

/**
 * Adds to what cancels: a revert of a commit outside this side, and a later commit of this side that applies the same change again
 * (a pick of the original, or its patch by hand). The two together change nothing, as a revert of the revert would.
 * @param commits one side, oldest first
 */
export async function cancelReapplied(
  place: GitPlace,
  commits: readonly LoadedCommit[],
  cancelled: Cancelled,
  changes: ReadonlyMap<string, readonly Change[]>,
): Promise<Cancelled> {
  const plain = commits.filter(({ sha, parents }) => parents.length === 1 && !cancelled.commits.has(sha));
  const reverts = plain.filter((commit) => changes.has(commit.sha) && revertedBy(commit).length > 0);
  if (reverts.length === 0) return cancelled;
  const keyOf = ({ sha }: LoadedCommit): string => pathKeyOf((changes.get(sha) ?? []).map((change) => change.path));
  const keys = new Set(reverts.map(keyOf));
  const candidates = plain.filter((commit) => changes.has(commit.sha) && keys.has(keyOf(commit)));
  if (candidates.length < 2) return cancelled;

  const inverses = new Map<string, string>();
  // The parent against the revert: what would have to be done to take the revert back.
  const pairs = reverts.map(({ sha, parents }): Pair => [parents[0]!, sha]);
  for (const batch of inBatches(pairs)) {
    const loaded = await loadPatchIds(place, batch);
    for (const [parent, revert] of batch) inverses.set(revert!, loaded.get(parent) ?? "");
  }
  const ids = await loadPatchIds(place, candidates.map(pairOf));
  const open: LoadedCommit[] = [];
  const gone = new Set(cancelled.commits);
  const groups = [...cancelled.groups];
  const isRevert = new Set(reverts);
  const find = commitFinder(commits);
  const namesOf = (revert: LoadedCommit): string[] =>
    revertedBy(revert).flatMap((name) => {
      const target = find(name);
      return target ? [target.sha, ...pickedFrom(target)] : [name];
    });
  for (const commit of candidates) {
    const origins = pickedFrom(commit);
    const at = open.findLastIndex(
      (revert) =>
        inverses.get(revert.sha) === ids.get(commit.sha) ||
        namesOf(revert).some((target) => origins.some((name) => name.startsWith(target) || target.startsWith(name))),
    );
    const [revert] = at < 0 ? [] : open.splice(at, 1);
    if (revert) {
      for (const sha of [revert.sha, commit.sha]) gone.add(sha);
      groups.push([revert.sha, commit.sha]);
    } else if (isRevert.has(commit)) open.push(commit);
  }
  return { commits: gone, groups };
}
