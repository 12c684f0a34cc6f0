import type { Missing } from "../../types/missing.ts";
import { type GitPlace, runGit } from "../../workspace/git.ts";

export interface ResolvedRef {
  sha: string;
  /** What a reader should know about the choice; a sentence without full stop. */
  note: string | null;
}

const FETCH =
  "Fetch the whole history (actions/checkout with fetch-depth: 0 and filter: blob:none), or name a commit that exists.";

async function commitOf(place: GitPlace, name: string): Promise<string | null> {
  const result = await runGit(place, ["rev-parse", "-q", "--verify", "--end-of-options", `${name}^{commit}`]);
  const sha = result.stdout.toString("latin1").trim();
  return result.code === 0 && /^[0-9a-f]{40,64}$/.test(sha) ? sha : null;
}

/**
 * Resolves a branch, tag or commit: first as written, then as a branch of `origin`. Annotated tags peel.
 * A short commit name needs seven digits and must be unique.
 */
export async function resolveRef(place: GitPlace, ref: string): Promise<ResolvedRef | Missing> {
  if (ref.includes("\0")) return { missing: "a ref holds a NUL byte", remedy: FETCH };
  const hexadecimal = /^[0-9a-f]{4,64}$/i.test(ref);
  if (hexadecimal && ref.length < 7) {
    const named = await runGit(place, ["rev-parse", "-q", "--verify", "--symbolic-full-name", "--end-of-options", ref]);
    if (named.stdout.length === 0) {
      return {
        missing: `"${ref}" is too short for a commit name`,
        remedy: "Give at least seven digits of the commit.",
      };
    }
  }
  const asWritten = await commitOf(place, ref);
  if (asWritten !== null) return { sha: asWritten, note: await ambiguityOf(place, ref) };
  const remote = await commitOf(place, `refs/remotes/origin/${ref}`);
  if (remote !== null) return { sha: remote, note: `${ref} was found as origin/${ref}` };
  const kind = hexadecimal ? "commit" : "branch, tag or commit";
  const why = hexadecimal
    ? "it may be force-pushed away, ambiguous, of another repository, or beyond a shallow clone"
    : "the clone may hold one branch only";
  return { missing: `there is no ${kind} "${ref}" here: ${why}`, remedy: FETCH };
}

async function ambiguityOf(place: GitPlace, ref: string): Promise<string | null> {
  const result = await runGit(place, ["for-each-ref", "--format=%(refname)", `refs/tags/${ref}`, `refs/heads/${ref}`]);
  const names = result.stdout.toString("utf8").split("\n");
  if (!names.includes(`refs/tags/${ref}`) || !names.includes(`refs/heads/${ref}`)) return null;
  return `${ref} is a tag and a branch: the tag is taken, as git does; write refs/heads/${ref} for the branch`;
}

/** `https://host/owner/name` of the remote `origin`, for links; never with user info. */
export async function webAddressOf(place: GitPlace): Promise<string | null> {
  const server = place.environment["GITHUB_SERVER_URL"];
  const repository = place.environment["GITHUB_REPOSITORY"];
  if (server && repository && /^https?:\/\/[\w.:-]+$/.test(server) && /^[\w.-]+\/[\w.-]+$/.test(repository)) {
    return `${server}/${repository}`;
  }
  const result = await runGit(place, ["config", "--get", "remote.origin.url"]);
  return webAddress(result.stdout.toString("utf8").trim());
}

/** The web address of a clone address of the usual three forms; null for anything else, such as a folder. */
export function webAddress(url: string): string | null {
  const match =
    /^https?:\/\/(?:[^@/\s]*@)?([\w.-]+(?::\d+)?)\/([\w./~-]+?)(?:\.git)?\/?$/.exec(url) ??
    /^ssh:\/\/(?:[^@/\s]*@)?([\w.-]+)(?::\d+)?\/([\w./~-]+?)(?:\.git)?\/?$/.exec(url) ??
    /^(?:[\w.-]+@)([\w.-]+):([\w./~-]+?)(?:\.git)?\/?$/.exec(url);
  return match ? `https://${match[1]}/${match[2]}` : null;
}
