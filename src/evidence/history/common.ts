import type { GitPlace } from "../../workspace/git.ts";
import type { Ancestry } from "./ancestry.ts";
import { ask, linesOf } from "./ask.ts";
import type { Change } from "./changes.ts";
import { type LoadedCommit, loadCommits } from "./commits.ts";
import { findSquashes } from "./match-squashes.ts";
import { equivalentsFinder } from "./picks.ts";
import { cancelReapplied } from "./reapplied.ts";
import { type Cancelled, cancelReverts } from "./reverts.ts";

/** Above this the extra search is left out: it only ever removes commits from the lists. */
const MAX_COMMON = 20_000;
/** Net changes of common history are looked at up to this length. */
const MAX_COMMON_LINES = 5000;

/** What the searches for equivalents share. */
export interface Loaded {
  place: GitPlace;
  common: Common;
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
  const common = await loadCommits(place, mergeBases, [oldest], MAX_COMMON + 1);
  if (common.length > MAX_COMMON) return shallow.size > 0 ? "cut" : [];
  return common.some((commit) => shallow.has(commit.sha)) ? "cut" : common;
}

/** Common history as far as it tells what is common. */
export interface Common {
  commits: readonly LoadedCommit[];
  cancelled: Cancelled;
  /** Without what common history itself took back. */
  standing: readonly LoadedCommit[];
  /** Whether a common commit changes what `commit` builds on: what takes something back does so only where that was there. */
  applies(one: LoadedCommit, commit: LoadedCommit): boolean;
}

/** Finds what common history took back. */
export async function judgeCommon(
  place: GitPlace,
  commits: readonly LoadedCommit[],
  changes: ReadonlyMap<string, readonly Change[]>,
  isAncestor: Ancestry,
): Promise<Common> {
  const cancelled = await cancelReapplied(place, commits, cancelReverts(commits), changes);
  const position = new Map(commits.map(({ sha }, index) => [sha, index]));
  const takesBack = new Map<string, readonly string[]>();
  for (const group of cancelled.groups) {
    const last = group.reduce((one, other) => (position.get(other)! > position.get(one)! ? other : one));
    takesBack.set(
      last,
      group.filter((sha) => sha !== last),
    );
  }
  return {
    commits,
    cancelled,
    standing: commits.filter(({ sha }) => takesBack.has(sha) || !cancelled.commits.has(sha)),
    applies: (one, commit) => (takesBack.get(one.sha) ?? []).every((sha) => isAncestor(sha, commit.sha)),
  };
}

/** What may be an equivalent: everything of the other side and of the common part that no later commit over there reverts. */
export function candidatePool(
  other: { commits: readonly LoadedCommit[]; cancelled: Cancelled },
  standing: readonly LoadedCommit[],
): LoadedCommit[] {
  const own = other.commits.filter(({ sha }) => !other.cancelled.commits.has(sha));
  if (standing.length === 0) return own;
  // A revert whose target is common stays: what it takes back is a change of its own side.
  const { commits: gone } = cancelReverts([...standing, ...own]);
  return [...standing.filter(({ sha }) => !gone.has(sha)), ...own];
}

/** By which common commits the change of a side's commit came a second time. */
export interface Shared {
  by: ReadonlyMap<string, readonly string[]>;
  /** Squashes of common commits of which the other side took nothing back. */
  squashes: readonly string[];
}

/** The commits of one side whose change came to both sides a second time: as common commits that they do not descend from. */
export async function sharedWithCommon(
  commits: readonly LoadedCommit[],
  opposite: readonly LoadedCommit[],
  loaded: Loaded,
): Promise<Shared> {
  const { common, isAncestor } = loaded;
  const by = new Map<string, string[]>();
  if (common.commits.length === 0) return { by, squashes: [] };
  const add = (sha: string, one: string): void => void by.set(sha, [...(by.get(sha) ?? []), one]);
  const equivalentsOf = equivalentsFinder(common.standing, loaded.patchIds);
  for (const commit of commits) {
    for (const one of equivalentsOf(commit)) {
      if (!isAncestor(one.sha, commit.sha) && common.applies(one, commit)) add(commit.sha, one.sha);
    }
  }
  if (loaded.mergeBase === null || common.commits.length > MAX_COMMON_LINES) return { by, squashes: [] };
  const found = await findSquashes({
    ...loaded,
    tip: loaded.mergeBase,
    mergeBase: "",
    bySha: new Map(common.commits.map((commit) => [commit.sha, commit])),
    cancelled: common.cancelled,
    pool: commits,
    accepts: (squash, tip) => !isAncestor(tip, squash.sha),
  });
  for (const { commit, tip } of found) add(commit.sha, tip);
  const { commits: gone } = cancelReverts([...common.standing, ...opposite]);
  const whole = found.filter(({ squashed }) => !squashed.some((sha) => gone.has(sha)));
  return { by, squashes: whole.map(({ commit }) => commit.sha) };
}
