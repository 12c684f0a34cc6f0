import type { GitPlace } from "../../workspace/git.ts";
import type { Ancestry } from "./ancestry.ts";
import { ask, linesOf } from "./ask.ts";
import type { Change } from "./changes.ts";
import { type LoadedCommit, loadCommits } from "./commits.ts";
import { findSquashes } from "./match-squashes.ts";
import { equivalentsFinder } from "./picks.ts";
import { type Cancelled, cancelReverts } from "./reverts.ts";

/** Above this the extra search is left out: it only ever removes commits from the lists. */
const MAX_COMMON = 20_000;
/** Net changes of common history are looked at up to this length. */
const MAX_COMMON_LINES = 5000;

/** What the searches for equivalents share. */
export interface Loaded {
  place: GitPlace;
  common: readonly LoadedCommit[];
  /** The one merge base; null where there are several. */
  mergeBase: string | null;
  changes: ReadonlyMap<string, readonly Change[]>;
  patchIds: ReadonlyMap<string, string>;
  isAncestor: Ancestry;
}

/**
 * Commits of both sides that some commit of one side does not descend from: after a merge back, an equivalent of a waiting commit
 * (a pick, a squash) is an ancestor of both tips and no longer in D...H.
 */
export async function loadCommon(
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

/** What may be an equivalent: everything of the other side and of the common part that no later commit over there reverts. */
export function candidatePool(
  other: { commits: readonly LoadedCommit[]; cancelled: Cancelled },
  common: readonly LoadedCommit[],
): LoadedCommit[] {
  const own = other.commits.filter(({ sha }) => !other.cancelled.commits.has(sha));
  if (common.length === 0) return own;
  // A revert whose target is common stays: what it takes back is a change of its own side.
  const { commits: gone } = cancelReverts([...common, ...own]);
  return [...common.filter(({ sha }) => !gone.has(sha)), ...own];
}

/**
 * The commits of one side whose change came to both sides a second time: as common commits that they do not descend from and that the
 * other side did not take back. For each, the common commits by which the change is whole.
 */
export async function sharedWithCommon(
  commits: readonly LoadedCommit[],
  opposite: readonly LoadedCommit[],
  loaded: Loaded,
): Promise<Map<string, string[]>> {
  const { common, isAncestor } = loaded;
  const shared = new Map<string, string[]>();
  if (common.length === 0) return shared;
  const cancelled = cancelReverts([...common, ...opposite]);
  const add = (sha: string, by: string): void => void shared.set(sha, [...(shared.get(sha) ?? []), by]);
  const equivalentsOf = equivalentsFinder(
    common.filter(({ sha }) => !cancelled.commits.has(sha)),
    loaded.patchIds,
  );
  for (const commit of commits) {
    for (const one of equivalentsOf(commit)) if (!isAncestor(one.sha, commit.sha)) add(commit.sha, one.sha);
  }
  if (loaded.mergeBase === null || common.length > MAX_COMMON_LINES) return shared;
  const bySha = new Map(common.map((commit) => [commit.sha, commit]));
  const squashes = await findSquashes({
    ...loaded,
    tip: loaded.mergeBase,
    mergeBase: "",
    bySha,
    cancelled,
    pool: commits,
    accepts: (squash, tip) => !isAncestor(tip, squash.sha),
  });
  for (const { commit, tip } of squashes) add(commit.sha, tip);
  return shared;
}
