import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GitPlace, runGitSync } from "./git.ts";

/** The commit at HEAD, with its parents where they are asked for, which a shallow clone may lack; null outside of git. */
export function readCheckedCommit(place: GitPlace, withParents: boolean): { sha: string; parents: string[] } | null {
  const fresh = withParents ? null : freshHead(place.directory);
  if (fresh !== null) return { sha: fresh, parents: [] };
  // The object itself, since a shallow clone hides the parents from `rev-parse`.
  const { code, stdout } = runGitSync(place, ["cat-file", "--batch"], "HEAD\n");
  const [sha, header] = /^([0-9a-f]{40,64}) commit \d+\n([\s\S]*?)\n\n/.exec(stdout.toString("latin1"))?.slice(1) ?? [];
  if (code !== 0 || sha === undefined || header === undefined) return null;
  return { sha, parents: [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map((match) => match[1]!) };
}

/**
 * HEAD as a fresh checkout leaves it, in files of its own; null where it is kept otherwise (packed, a linked work tree, reftable), which git knows.
 * A process less: it takes longer to start than all the rules of a small repository.
 */
function freshHead(directory: string): string | null {
  const read = (name: string): string => readFileSync(join(directory, ".git", name), "latin1").trim();
  try {
    const head = read("HEAD");
    const branch = /^ref: (refs\/heads\/[\w-]+(?:[./][\w-]+)*)$/.exec(head)?.[1];
    const sha = branch === undefined ? head : read(branch);
    return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha) ? sha : null;
  } catch {
    return null;
  }
}
