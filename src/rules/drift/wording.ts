import type { Undecided } from "../../types/finding.ts";
import type { DriftComparison, HistoryCommit } from "../../types/history.ts";

/** A message names this many commits; `predeploy show drift` prints all. */
const MAX_NAMED = 20;

/** `3 commits`, `1 commit`. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** The commits in words: short name and subject, oldest first. */
export function listCommits(commits: readonly HistoryCommit[]): string {
  const named = commits.slice(0, MAX_NAMED).map((one) => `${one.sha.slice(0, 10)} ${one.subject.slice(0, 100)}`);
  const rest = commits.length - named.length;
  return named.join("; ") + (rest > 0 ? `; and ${rest} more (predeploy show drift lists them)` : "");
}

/** A side as written, with the commit it stands for. */
export function nameOf(side: DriftComparison["head"]): string {
  const sha = side.sha?.slice(0, 10);
  return sha === undefined || side.sha === side.ref ? side.ref : `${side.ref} (${sha})`;
}

/** The base of an environment is what runs there. */
export function baseOf(one: DriftComparison): string {
  return one.environment === null ? nameOf(one.base) : `${one.environment}, which runs ${nameOf(one.base)}`;
}

/** Both sides in full, for whoever wants to check: ref, commit, what named it, and how the history was had. */
export function sidesOf(one: DriftComparison): string {
  const side = ({ ref, sha, source }: DriftComparison["head"]): string =>
    `${ref === sha ? "" : `${ref} = `}${sha ?? "unknown"} (${source})`;
  const how = one.found === "local" ? "local git" : (one.found ?? "nothing");
  return `Head ${side(one.head)}, base ${side(one.base)}, by ${how}.`;
}

/** What a rule yields for a comparison that the history at hand cannot answer. */
export function undecidedOf(one: DriftComparison): Undecided {
  const why = one.undecided?.missing ?? "the history could not be read";
  return { undecided: `${one.subject}: ${why}.`, remedy: one.undecided?.remedy ?? "Fetch the whole history." };
}
