import { type GitPlace, runGitSync } from "./git.ts";

/** The commit at HEAD with its parents, which a shallow clone may lack; null outside of git. */
export function readCheckedCommit(place: GitPlace): { sha: string; parents: string[] } | null {
  // The object itself, since a shallow clone hides the parents from `rev-parse`.
  const { code, stdout } = runGitSync(place, ["cat-file", "--batch"], "HEAD\n");
  const [sha, header] = /^([0-9a-f]{40,64}) commit \d+\n([\s\S]*?)\n\n/.exec(stdout.toString("latin1"))?.slice(1) ?? [];
  if (code !== 0 || sha === undefined || header === undefined) return null;
  return { sha, parents: [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map((match) => match[1]!) };
}
