import type { GitPlace } from "../../workspace/git.ts";
import { type Change, distinct, loadChangesOf, type Pair } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";
import { loadPatchIds, loadPatchIdsOf } from "./patch-ids.ts";
import type { Cancelled } from "./reverts.ts";
import { type Candidate, candidatesOf, changeKeyOf, isWhole, linesOf, pairsOf, type Run, runsOf } from "./squash.ts";

/** More net changes than this are not compared; the commits then stay in the lists. */
const MAX_TRIES = 20_000;

export interface SquashSearch {
  place: GitPlace;
  /** The commits whose net changes are looked at: those that `tip` reaches. */
  tip: string;
  bySha: ReadonlyMap<string, LoadedCommit>;
  /** What must lie wholly inside or outside of a net change. */
  cancelled: Cancelled;
  /** Commits that may be a squash of these. */
  pool: readonly LoadedCommit[];
  mergeBase: string;
  changes: ReadonlyMap<string, readonly Change[]>;
  /** Whether `squash` can be one of what `tip` reaches: an ancestor or a descendant is not an equivalent. */
  accepts(squash: LoadedCommit, tip: string): boolean;
}

/** One commit whose patch is the net change of others. */
export interface Squash {
  commit: LoadedCommit;
  /** The last of the squashed commits on their first-parent line, and all of them. */
  tip: string;
  squashed: string[];
}

/** Net changes along the first-parent lines that equal one commit of the pool. */
export async function findSquashes(search: SquashSearch): Promise<Squash[]> {
  const { place, cancelled, changes } = search;
  const pool = search.pool.filter((one) => one.parents.length < 2 && changes.has(one.sha));
  if (pool.length === 0 || search.bySha.size < 2) return [];
  const byKey = new Map<string, LoadedCommit[]>();
  for (const one of pool) push(byKey, changeKeyOf(changes.get(one.sha) ?? []), one);
  const wanted = new Set(byKey.keys());
  const runs = linesOf(search.tip, search.bySha).map((line) => runsOf(line, search.bySha, search.mergeBase));
  const pairs = runs.flatMap((ofLine) => (ofLine[0] ? pairsOf(ofLine[0].line, ofLine) : []));
  const steps = new Map<string, readonly Change[]>();
  const asked = distinct(pairs);
  const answers = await loadChangesOf(place, asked);
  for (const [index, pair] of asked.entries()) steps.set(pair.join(" "), answers[index]!);
  const stepOf = (commit: string, against: string | undefined): readonly Change[] =>
    steps.get(`${commit} ${against}`) ?? changes.get(commit) ?? [];
  const squashes = new Map<string, LoadedCommit[]>();
  const found: Squash[] = [];

  let left = MAX_TRIES;
  for (let open: Run[] = runs.flat(); open.length > 0 && left > 0; ) {
    const tries = open
      .flatMap((run) => candidatesOf(run, stepOf, wanted))
      .filter(({ run, index }) => isWhole(run, index, cancelled))
      .slice(-left);
    left -= tries.length;
    const unread = [...new Set(tries.map((one) => one.key))].flatMap((key) => {
      const commits = byKey.get(key) ?? [];
      byKey.delete(key);
      return commits;
    });
    const poolIds = await loadPatchIds(place, unread, changes);
    for (const one of unread) push(squashes, poolIds.get(one.sha) ?? "none", one);
    const pairOfTry = ({ run, index }: Candidate): Pair => [run.line.commits[index]!.sha, run.base];
    const ids = await loadPatchIdsOf(
      place,
      tries.map((one) => ({ pair: pairOfTry(one), changes: one.changes })),
    );
    const idOf = new Map(tries.map((one, index) => [one, ids[index]!]));
    const furthest = new Map<Run, number>();
    for (const candidate of tries) {
      const { run, index } = candidate;
      const tip = run.line.commits[index]!.sha;
      const equal = (squashes.get(idOf.get(candidate) ?? "") ?? []).filter((one) => search.accepts(one, tip));
      if (equal.length === 0) continue;
      const squashed = [...run.line.reachedAt].flatMap(([sha, at]) => (at > run.beyond && at <= index ? [sha] : []));
      for (const commit of equal) found.push({ commit, tip, squashed });
      furthest.set(run, Math.max(furthest.get(run) ?? -1, index));
    }
    // What follows a squash may have been squashed again: its net change starts where the first one ended.
    open = [...furthest]
      .filter(([run, index]) => index < run.to)
      .map(([run, index]) => ({
        line: run.line,
        base: run.line.commits[index]!.sha,
        from: index + 1,
        to: run.to,
        beyond: index,
        jump: false,
      }));
  }
  return found;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
