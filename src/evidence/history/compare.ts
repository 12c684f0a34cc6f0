import type { ComparedHistory, HistoryCommit } from "../../types/history.ts";
import type { Missing } from "../../types/missing.ts";
import { GitFailure } from "./ask.ts";
import { selectBeyondWhitespace, selectByPaths } from "./changes.ts";
import { type LoadedCommit, loadCommits, mergeBasesOf, trailersOf } from "./commits.ts";
import type { Scope } from "./deployed-migrations.ts";
import { findUnmatched } from "./equivalence.ts";
import type { Scratch } from "./scratch.ts";
import { isTrusted } from "./trust.ts";

/** The part of a comparison that git answers. */
export type Counted = Pick<ComparedHistory, "ahead" | "behind" | "waiting" | "lost" | "undecided">;

const DEEPEN =
  "Fetch the whole history: actions/checkout with fetch-depth: 0 and filter: blob:none, or git fetch --unshallow.";

const undecided = (
  missing: string,
  remedy: string,
  counts: { ahead: number; behind: number } | null = null,
): Counted => ({
  ahead: counts?.ahead ?? null,
  behind: counts?.behind ?? null,
  waiting: [],
  lost: [],
  undecided: { missing, remedy },
});

/** Which of the commits that wait or are lost count. */
export interface CommitFilter {
  /** Globs from the scope's folder; empty: everything. */
  paths: readonly string[];
  ignoreWhitespace: boolean;
  scope: Scope;
}

/** Compares two commits that both exist in the scratch repository. Never throws: what git cannot answer is undecided. */
export async function compareCommits(
  scratch: Scratch,
  head: string,
  base: string,
  filter: CommitFilter,
): Promise<Counted> {
  const { place, shallow } = scratch;
  let counts: { ahead: number; behind: number } | null = null;
  try {
    const mergeBases = await mergeBasesOf(place, head, base);
    if (shallow.size > 0 && (mergeBases.length === 0 || !(await isTrusted(place, shallow, head, base)))) {
      return undecided("the clone is shallow: the commits between the two sides are not all here", DEEPEN);
    }
    const [ahead, behind] = await Promise.all([loadCommits(place, [head], [base]), loadCommits(place, [base], [head])]);
    counts = { ahead: ahead.length, behind: behind.length };
    if (mergeBases.length === 0) {
      const why = "the two histories have no common commit, so counting their commits means nothing";
      return undecided(
        why,
        "Compare commits of one history; after a re-rooted history deploy once and compare from there.",
        counts,
      );
    }
    const sides = { head: { tip: head, commits: ahead }, base: { tip: base, commits: behind } };
    const rest = await findUnmatched(place, sides, mergeBases, shallow);
    if (rest === "cut") {
      return undecided("the clone is shallow: commits that may have an equivalent are not here", DEEPEN, counts);
    }
    const keep = async (commits: readonly LoadedCommit[]): Promise<HistoryCommit[]> => {
      const touching =
        filter.paths.length > 0 ? await selectByPaths(place, commits, filter.paths, filter.scope.folder) : null;
      const real = filter.ignoreWhitespace ? await selectBeyondWhitespace(place, commits) : null;
      return commits.filter(({ sha }) => (touching?.has(sha) ?? true) && (real?.has(sha) ?? true)).map(historyCommit);
    };
    return { ...counts, waiting: await keep(rest.waiting), lost: await keep(rest.lost), undecided: null };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return undecided(...explain(error), counts);
  }
}

function explain(error: GitFailure): [why: string, remedy: string] {
  const text = error.message;
  if (/remerge-diff|unrecognized argument/.test(text)) {
    return ["this git cannot show what a merge changed by itself", "Install git 2.36 or newer."];
  }
  if (/promisor|lazy|missing|unable to read|bad object|transport|not allowed/i.test(text)) {
    return [
      "the clone lacks file contents that tell equal commits apart",
      "Fetch them (git fetch --refetch, or a checkout without filter), or run with --online and a token.",
    ];
  }
  return [text, "Run the same command by hand to see what git says, and mend the clone."];
}

export const historyCommit = (commit: LoadedCommit): HistoryCommit => ({
  sha: commit.sha,
  subject: commit.subject,
  time: commit.time,
  trailers: trailersOf(commit.body),
});

export const isMissing = (value: unknown): value is Missing =>
  typeof value === "object" && value !== null && "missing" in value;
