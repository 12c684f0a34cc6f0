import type { Change } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";
import { commitFinder, revertedBy } from "./reverts.ts";
import { changeKeyOf } from "./squash.ts";

/** Bits spent on who descends from whom; beyond it every commit of common history counts as a possible equivalent. */
const MAX_BITS = 1_000_000_000;

/**
 * The commits whose patch ids can decide something, oldest first: those that change the same paths in the same way as a commit of the
 * other side, as a common commit that they do not descend from, or as a common commit that a revert names. A patch id holds the paths
 * and the modes of what it adds and removes, so other commits cannot have one in common.
 */
export function selectComparable(
  ahead: readonly LoadedCommit[],
  behind: readonly LoadedCommit[],
  common: readonly LoadedCommit[],
  changes: ReadonlyMap<string, readonly Change[]>,
): LoadedCommit[] {
  const byKey = [ahead, behind, common].map((commits) => {
    const groups = new Map<string, LoadedCommit[]>();
    for (const commit of commits) {
      const list = changes.get(commit.sha);
      if (!list) continue;
      const key = changeKeyOf(list);
      const group = groups.get(key);
      if (group) group.push(commit);
      else groups.set(key, [commit]);
    }
    return groups;
  });
  const [ofAhead, ofBehind, ofCommon] = byKey as [Groups, Groups, Groups];
  const chosen = new Set<LoadedCommit>();
  for (const [key, group] of ofAhead) {
    const opposite = ofBehind.get(key);
    if (opposite) for (const commit of [...group, ...opposite]) chosen.add(commit);
  }
  if (common.length > 0) {
    const sides = [...ahead, ...behind];
    const find = commitFinder(common);
    const named = new Set(sides.flatMap((commit) => revertedBy(commit).map(find)));
    const shared = [...ofCommon].filter(([key]) => ofAhead.has(key) || ofBehind.has(key));
    const isAncestor = ancestryAmong(
      shared.flatMap(([, group]) => group),
      [...common, ...sides],
    );
    for (const [key, group] of shared) {
      for (const commit of [...(ofAhead.get(key) ?? []), ...(ofBehind.get(key) ?? [])]) {
        for (const one of group) {
          if (!named.has(one) && isAncestor(one.sha, commit.sha)) continue;
          chosen.add(one);
          chosen.add(commit);
        }
      }
    }
  }
  return [...common, ...ahead, ...behind].filter((commit) => chosen.has(commit));
}

type Groups = Map<string, LoadedCommit[]>;

/** Whether one of `ancestors` is an ancestor of a commit of `all`, which holds parents before their children. */
function ancestryAmong(
  ancestors: readonly LoadedCommit[],
  all: readonly LoadedCommit[],
): (ancestor: string, of: string) => boolean {
  const words = Math.ceil(ancestors.length / 32);
  if (words * 32 * all.length > MAX_BITS) return () => false;
  const bitOf = new Map(ancestors.map(({ sha }, index) => [sha, index]));
  const rowOf = new Map(all.map(({ sha }, index) => [sha, index]));
  const bits = new Uint32Array(words * all.length);
  all.forEach(({ sha, parents }, row) => {
    const start = row * words;
    for (const parent of parents) {
      const other = rowOf.get(parent);
      if (other === undefined) continue;
      for (let word = 0; word < words; word++) bits[start + word]! |= bits[other * words + word]!;
    }
    const bit = bitOf.get(sha);
    if (bit !== undefined) bits[start + (bit >>> 5)]! |= 1 << (bit & 31);
  });
  return (ancestor, of) => {
    const bit = bitOf.get(ancestor);
    const row = rowOf.get(of);
    if (bit === undefined || row === undefined) return false;
    return (bits[row * words + (bit >>> 5)]! & (1 << (bit & 31))) !== 0;
  };
}
