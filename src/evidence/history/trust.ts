import type { GitPlace } from "../../workspace/git.ts";
import { ask, linesOf } from "./ask.ts";

interface Visible {
  sha: string;
  time: number;
  parents: string[];
}

/** Clocks are trusted to this many seconds, as git itself does where it prunes by dates (name-rev). */
const SLOP = 86_400;

/**
 * Whether the visible part of a shallow history gives the same D...H as the whole history.
 *
 * No commit between the two sides may be cut off. That alone does not suffice: behind a cut commit that both sides share there may be
 * hidden ways to a commit that seems to belong to one side only (a side branch merged long ago). Such a commit cannot be a descendant
 * of the cut commit, nor be clearly younger than it; where neither rules the hidden way out, the history is not trusted.
 */
export async function isTrusted(
  place: GitPlace,
  shallow: ReadonlySet<string>,
  head: string,
  base: string,
): Promise<boolean> {
  if (shallow.size === 0 || head === base) return true;
  const between = new Set(linesOf(await ask(place, ["rev-list", `${base}...${head}`])));
  for (const sha of shallow) if (between.has(sha)) return false;
  const visible = await loadVisible(place, head, base);
  const times = new Map(visible.map((commit) => [commit.sha, commit.time]));
  const cut = visible.filter((commit) => shallow.has(commit.sha));
  let oldest = Number.POSITIVE_INFINITY;
  for (const sha of between) oldest = Math.min(oldest, times.get(sha) ?? 0);
  const suspicious = cut.filter((commit) => commit.time + SLOP >= oldest);
  // Each one costs a walk over the visible commits.
  if (suspicious.length > 200) return false;
  return suspicious.every((boundary) => leadsToAll(visible, boundary, between));
}

/** Whether every commit of `between` that is not clearly younger than `boundary` descends from it. */
function leadsToAll(visible: readonly Visible[], boundary: Visible, between: ReadonlySet<string>): boolean {
  const descendants = new Set([boundary.sha]);
  for (const commit of visible) {
    if (commit.parents.some((parent) => descendants.has(parent))) descendants.add(commit.sha);
    else if (between.has(commit.sha) && commit.time <= boundary.time + SLOP) return false;
  }
  return true;
}

/** All visible commits of both sides, parents before children. */
async function loadVisible(place: GitPlace, head: string, base: string): Promise<Visible[]> {
  const lines = linesOf(
    await ask(place, ["rev-list", "--topo-order", "--reverse", "--parents", "--timestamp", head, base]),
  );
  return lines.map((line) => {
    const [time = "0", sha = "", ...parents] = line.split(" ");
    return { sha, time: Number(time), parents };
  });
}
