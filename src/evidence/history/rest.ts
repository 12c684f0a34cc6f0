import type { Missing } from "../../types/missing.ts";
import { type Counted, historyCommit, isMissing } from "./compare.ts";
import { compareByRest, type Github, type RestComparison } from "./github.ts";
import { cancelReverts } from "./reverts.ts";

/**
 * What GitHub alone can say. It is decided only where nothing has to be compared: one side holds nothing that the other lacks, and
 * there are no merges, since only git can tell whether a merge holds a change of its own. Otherwise the counts are exact, and the
 * rest is undecided.
 */
export async function countByRest(github: Github, head: string, base: string): Promise<Counted | Missing> {
  const forward = await compareByRest(github, head, base);
  if (isMissing(forward)) return forward;
  const { ahead, behind } = forward;
  const counts = { ahead, behind, waiting: [], lost: [] };
  const undecided = (missing: string): Counted => ({
    ...counts,
    undecided: {
      missing,
      remedy: "Fetch the whole history: actions/checkout with fetch-depth: 0 and filter: blob:none.",
    },
  });
  if (ahead > 0 && behind > 0) return undecided("the commits of both sides were not checked for equivalents");
  const one = behind === 0 ? forward : await compareByRest(github, base, head);
  if (isMissing(one)) return one;
  const commits = ownCommits(one);
  if (commits === null) return undecided("the commits could not all be read, or hold merges that only git can judge");
  const own = commits.map(historyCommit);
  return { ...counts, [behind === 0 ? "waiting" : "lost"]: own, undecided: null };
}

function ownCommits({ commits, baseTree }: RestComparison): RestComparison["commits"] {
  if (commits?.some((commit) => commit.parents.length !== 1 || commit.sha === "") !== false) return null;
  const trees = new Map(commits.map((commit) => [commit.sha, commit.tree]));
  const cancelled = cancelReverts(commits).commits;
  const last = commits.at(-1);
  if (last?.tree === baseTree) return [];
  return commits.filter(
    (commit) => !cancelled.has(commit.sha) && commit.tree !== (trees.get(commit.parents[0]!) ?? baseTree),
  );
}
