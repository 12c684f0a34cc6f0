import { nearestNames } from "../../text/nearest.ts";
import type { UnknownBranch } from "../../types/history.ts";
import { type GitPlace, runGit } from "../../workspace/git.ts";
import type { BranchRequest } from "./requests.ts";

/**
 * Environments that are deployed from a branch which is not there. Where a clone may hold some branches only, as a shallow one or that of
 * a single branch does, nothing is said.
 */
export async function unknownBranches(place: GitPlace, asked: readonly BranchRequest[]): Promise<UnknownBranch[]> {
  if (place.directory === "") return [];
  const names = await allBranches(place);
  if (names === null) return [];
  const found: UnknownBranch[] = [];
  for (const { environment, branch } of asked) {
    if (names.has(branch.replace(/^(?:refs\/heads\/|(?:refs\/remotes\/)?origin\/)/, ""))) continue;
    // A tag or a commit will do as well.
    const other = await runGit(place, ["rev-parse", "-q", "--verify", "--end-of-options", `${branch}^{commit}`]);
    if (other.code !== 0) found.push({ environment, branch, nearest: nearestNames(branch, names, 1)[0] ?? null });
  }
  return found;
}

const REMOTE = "refs/remotes/origin/";

/** The branches of the repository; null where the clone may hold some of them only. */
async function allBranches(place: GitPlace): Promise<Set<string> | null> {
  const [refs, shallow, fetched] = await Promise.all([
    runGit(place, ["for-each-ref", "--format=%(refname)", "refs/heads", REMOTE]),
    runGit(place, ["rev-parse", "--is-shallow-repository"]),
    runGit(place, ["config", "--get-all", "remote.origin.fetch"]),
  ]);
  if (refs.code !== 0 || shallow.stdout.toString("latin1").trim() !== "false") return null;
  const names = refs.stdout.toString("utf8").split("\n");
  const remote = names.flatMap((name) => (name.startsWith(REMOTE) ? [name.slice(REMOTE.length)] : []));
  const local = names.flatMap((name) => (name.startsWith("refs/heads/") ? [name.slice("refs/heads/".length)] : []));
  const all = new Set([...remote.filter((name) => name !== "HEAD"), ...local]);
  const isWhole = fetched.stdout.length === 0 || /refs\/heads\/\*/.test(fetched.stdout.toString("utf8"));
  // A repository of one branch may have been made a moment ago.
  return isWhole && all.size > 1 && (fetched.stdout.length === 0 || remote.length > 1) ? all : null;
}
