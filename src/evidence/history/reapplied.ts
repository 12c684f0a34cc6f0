import type { GitPlace } from "../../workspace/git.ts";
import type { Change } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";
import { type AskedPatch, loadPatchIds, loadPatchIdsOf } from "./patch-ids.ts";
import { type Cancelled, commitFinder, pickedFrom, revertedBy } from "./reverts.ts";
import { changeKeyOf } from "./squash.ts";

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
  const keyOf = ({ sha }: LoadedCommit): string =>
    changeKeyOf((changes.get(sha) ?? []).map(({ path }) => ({ path, oldMode: "", newMode: "" })));
  const keys = new Set(reverts.map(keyOf));
  const candidates = plain.filter((commit) => changes.has(commit.sha) && keys.has(keyOf(commit)));
  if (candidates.length < 2) return cancelled;

  const { inverses, ids } = await loadInverses(place, reverts, candidates, changes);
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
        (ids.has(commit.sha) && inverses.get(revert.sha) === ids.get(commit.sha)) ||
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

/** Patch ids of what would take each revert back, and of the later commits that change the same paths in that way. */
async function loadInverses(
  place: GitPlace,
  reverts: readonly LoadedCommit[],
  candidates: readonly LoadedCommit[],
  changes: ReadonlyMap<string, readonly Change[]>,
): Promise<{ inverses: Map<string, string>; ids: Map<string, string> }> {
  const isRevert = new Set(reverts);
  const open = new Map<string, LoadedCommit[]>();
  const taken = new Set<LoadedCommit>();
  const backs = new Set<LoadedCommit>();
  for (const commit of candidates) {
    const list = changes.get(commit.sha) ?? [];
    const before = open.get(changeKeyOf(list)) ?? [];
    if (before.length > 0) backs.add(commit);
    for (const revert of before) taken.add(revert);
    if (!isRevert.has(commit)) continue;
    const key = changeKeyOf(list.map((one) => ({ path: one.path, oldMode: one.newMode, newMode: one.oldMode })));
    open.set(key, [...(open.get(key) ?? []), commit]);
  }
  const asked = [...taken];
  // The revert against its parent, read backwards.
  const backwards = asked.map(({ sha, parents }): AskedPatch => {
    const list = changes.get(sha) ?? [];
    const swap = ({ path, oldMode, newMode, old, new: now }: Change): Change => ({
      path,
      oldMode: newMode,
      newMode: oldMode,
      old: now,
      new: old,
    });
    return { pair: [parents[0]!, sha], changes: list.map(swap) };
  });
  const inverseIds = await loadPatchIdsOf(place, backwards);
  const ids = await loadPatchIds(place, [...backs], changes);
  return { inverses: new Map(asked.map(({ sha }, index) => [sha, inverseIds[index]!])), ids };
}
