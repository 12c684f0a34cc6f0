import type { GitPlace } from "../../workspace/git.ts";
import { type Change, loadChanges, loadPatchIds, type Pair, pairOf } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";
import type { Side } from "./equivalence.ts";
import { type Candidate, candidatesOf, isWhole, lineOf, pairsOf, pathKeyOf, type Run, runsOf } from "./squash.ts";

/** More net changes than this are not compared; the commits then stay in the lists. */
const MAX_TRIES = 20_000;

export interface SquashSearch {
  place: GitPlace;
  side: Side;
  other: Side;
  /** Commits that may be a squash of this side's. */
  pool: readonly LoadedCommit[];
  mergeBase: string;
  changes: ReadonlyMap<string, readonly Change[]>;
  isAncestor(ancestor: string, of: string): boolean;
}

/** Marks on both sides what is matched because a net change along one side's first-parent line equals one commit of the other side. */
export async function matchSquashes(search: SquashSearch): Promise<void> {
  const { place, side, other, changes, isAncestor } = search;
  const pool = search.pool.filter((one) => one.parents.length < 2 && changes.has(one.sha));
  if (pool.length === 0 || side.commits.length < 2) return;
  const byKey = new Map<string, LoadedCommit[]>();
  for (const one of pool) push(byKey, pathKeyOf((changes.get(one.sha) ?? []).map((change) => change.path)), one);
  const wanted = new Set(byKey.keys());
  const line = lineOf(side.tip, side.bySha);
  const runs = runsOf(line, side.bySha, search.mergeBase);
  const steps = new Map<string, readonly Change[]>();
  for (const batch of inBatches(pairsOf(line, runs))) {
    const loaded = await loadChanges(place, batch);
    for (const pair of batch) steps.set(pair.join(" "), loaded.get(pair[0]) ?? []);
  }
  const stepOf = (commit: string, against: string | undefined): readonly Change[] =>
    steps.get(`${commit} ${against}`) ?? changes.get(commit) ?? [];
  const squashes = new Map<string, LoadedCommit[]>();

  let left = MAX_TRIES;
  for (let open: Run[] = runs; open.length > 0 && left > 0; ) {
    const tries = open
      .flatMap((run) => candidatesOf(line, run, stepOf, wanted))
      .filter(({ run, index }) => isWhole(line, run, index, side.cancelled))
      .slice(-left);
    left -= tries.length;
    const unread = [...new Set(tries.map((one) => one.key))].flatMap((key) => {
      const commits = byKey.get(key) ?? [];
      byKey.delete(key);
      return commits;
    });
    const poolIds = await loadPatchIds(place, unread.map(pairOf));
    for (const one of unread) push(squashes, poolIds.get(one.sha) ?? "none", one);
    const pairOfTry = ({ run, index }: Candidate): Pair => [line.commits[index]!.sha, run.base];
    const ids = new Map<string, string>();
    for (const batch of inBatches(tries.map(pairOfTry))) {
      const loaded = await loadPatchIds(place, batch);
      for (const pair of batch) ids.set(pair.join(" "), loaded.get(pair[0]) ?? "");
    }
    const furthest = new Map<Run, number>();
    for (const candidate of tries) {
      const { run, index } = candidate;
      const tip = line.commits[index]!.sha;
      const equal = (squashes.get(ids.get(pairOfTry(candidate).join(" ")) ?? "") ?? []).filter(
        (one) => other.bySha.has(one.sha) || !isAncestor(one.sha, tip),
      );
      if (equal.length === 0) continue;
      for (const [sha, at] of line.reachedAt) if (at > run.beyond && at <= index) side.matched.add(sha);
      for (const one of equal) if (other.bySha.has(one.sha)) other.matched.add(one.sha);
      furthest.set(run, Math.max(furthest.get(run) ?? -1, index));
    }
    // What follows a squash may have been squashed again: its net change starts where the first one ended.
    open = [...furthest]
      .filter(([run, index]) => index < run.to)
      .map(([run, index]) => ({
        base: line.commits[index]!.sha,
        from: index + 1,
        to: run.to,
        beyond: index,
        jump: false,
      }));
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Splits pairs so that no commit stands twice in one call: the answer names the commit alone. */
function inBatches(pairs: readonly Pair[]): Pair[][] {
  const batches: Pair[][] = [];
  const uses = new Map<string, number>();
  const seen = new Set<string>();
  for (const pair of pairs) {
    const name = pair.join(" ");
    if (seen.has(name)) continue;
    seen.add(name);
    const use = uses.get(pair[0]) ?? 0;
    uses.set(pair[0], use + 1);
    (batches[use] ??= []).push(pair);
  }
  return batches;
}
