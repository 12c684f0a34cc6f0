import { type GitPlace, splitNul } from "../../workspace/git.ts";
import { ask, linesOf } from "./ask.ts";

export interface LoadedCommit {
  sha: string;
  parents: string[];
  /** Committer date, seconds since the epoch. */
  time: number;
  subject: string;
  body: string;
}

/**
 * The commits of `include` without those of `exclude`, oldest first: a child never stands before its parent. Of more than `most` the
 * newest.
 */
export async function loadCommits(
  place: GitPlace,
  include: readonly string[],
  exclude: readonly string[],
  most = Number.POSITIVE_INFINITY,
): Promise<LoadedCommit[]> {
  const format = "--format=tformat:%H%x00%P%x00%ct%x00%s%x00%B";
  const revisions = `${[...include, ...exclude.map((sha) => `^${sha}`)].join("\n")}\n`;
  const args = ["log", "-z", "--date-order", "--reverse", "--no-color", "--encoding=UTF-8", format, "--stdin"];
  if (Number.isFinite(most)) args.push(`--max-count=${most}`);
  const fields = splitNul(await ask(place, args, revisions));
  // An empty body leaves an empty field that `splitNul` takes for the end.
  if (fields.length % 5 === 4) fields.push("");
  const commits: LoadedCommit[] = [];
  for (let at = 0; at + 4 < fields.length; at += 5) {
    const [sha = "", parents = "", time = "0", subject = "", body = ""] = fields.slice(at, at + 5);
    commits.push({ sha, parents: parents.split(" ").filter(Boolean), time: Number(time), subject, body });
  }
  return commits;
}

/** Every best common ancestor; none for unrelated histories. */
export async function mergeBasesOf(place: GitPlace, one: string, other: string): Promise<string[]> {
  return linesOf(await ask(place, ["merge-base", "--all", one, other], "", [0, 1]));
}

/** The trailers of a message: its last paragraph, if every line of it is `Key: value`, continued, or a cherry-pick mark. */
export function trailersOf(body: string): string[] {
  const last =
    body
      .trimEnd()
      .split(/\n[ \t]*\n/)
      .at(-1) ?? "";
  const lines = last.split("\n").slice(0, 100);
  if (lines.length === 0 || !body.trimEnd().includes("\n")) return [];
  const fits = (line: string): boolean =>
    /^[A-Za-z][A-Za-z0-9-]*:\s?\S|^\s+\S|^\(cherry picked from commit /.test(line);
  return lines.every(fits) ? lines.filter((line) => /^[A-Za-z]/.test(line)) : [];
}
