import { directoryOf } from "../../text/paths.ts";
import type { GitPlace } from "../../workspace/git.ts";
import { ask } from "./ask.ts";
import { type Change, loadChangesOf, type Pair } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";

/** Steps spent on merge bases; merges beyond that are merged again. */
const MAX_STEPS = 200_000_000;

/** A merge with its parents: what one of them changed since the merge base is looked for in what the merge did to the other. */
interface Merge {
  sha: string;
  base: string;
  /** The parent with fewer commits of its own, so that its changes are few. */
  brought: string;
  onto: string;
}

/**
 * Those merges of two that certainly hold no change of their own, found without merging again: what the merge did to one parent is,
 * path by path and blob by blob, what the other parent did to the merge base. Each path then resolves by itself, as long as no
 * rename reaches into it: a path that was moved away below `onto` differs from the merge base and so fails the comparison; a directory
 * that was moved away there draws new files of the other side along, so the directories of those have to be there still; and where
 * `brought` may have moved files itself, nothing is said.
 * https://git-scm.com/docs/directory-rename-detection
 * @param known commits of both sides and of what is common, each list with parents before their children
 */
export async function findCleanMerges(
  place: GitPlace,
  merges: readonly LoadedCommit[],
  known: readonly LoadedCommit[],
): Promise<Set<string>> {
  const clean = new Set<string>();
  const meetingOf = meetingFinder(known);
  if (merges.length * known.length > MAX_STEPS) return clean;
  const asked = merges.flatMap(({ sha, parents: [first = "", second = ""] }): Merge[] => {
    const meeting = meetingOf(first, second);
    if (meeting === null) return [];
    const [brought, onto] = meeting.own[1] <= meeting.own[0] ? [second, first] : [first, second];
    return [{ sha, base: meeting.base, brought, onto }];
  });
  const pairs = asked.flatMap(({ sha, base, brought, onto }): Pair[] => [
    [sha, onto],
    [brought, base],
  ]);
  const diffs = await loadChangesOf(place, pairs);
  const open: [merge: Merge, directories: string[]][] = [];
  asked.forEach((merge, index) => {
    const changes = diffs[2 * index + 1]!;
    if (!areEqual(diffs[2 * index]!, changes)) return;
    const added = changes.filter((change) => isAbsent(change.oldMode)).map((change) => directoryOf(change.path));
    if (merge.base === merge.onto || added.length === 0) clean.add(merge.sha);
    else if (!changes.some((change) => isAbsent(change.newMode)) && added.every((directory) => directory !== "")) {
      open.push([merge, [...new Set(added)]]);
    }
  });
  const names = open.flatMap(([{ onto }, directories]) => directories.map((directory) => `${onto}:${directory}`));
  const there = await whichExist(place, names);
  for (const [{ sha, onto }, directories] of open) {
    if (directories.every((directory) => there.has(`${onto}:${directory}`))) clean.add(sha);
  }
  return clean;
}

const isAbsent = (mode: string): boolean => /^0+$/.test(mode);

function areEqual(one: readonly Change[], other: readonly Change[]): boolean {
  return (
    one.length === other.length &&
    one.every((change, index) => {
      const same = other[index]!;
      return (
        change.path === same.path &&
        change.oldMode === same.oldMode &&
        change.newMode === same.newMode &&
        change.old === same.old &&
        change.new === same.new
      );
    })
  );
}

/** Which of these names, each `commit:path`, exist. */
async function whichExist(place: GitPlace, names: readonly string[]): Promise<Set<string>> {
  const distinct = [...new Set(names)].filter((name) => !name.includes("\n"));
  if (distinct.length === 0) return new Set();
  const output = await ask(place, ["cat-file", "--batch-check=%(objecttype)"], `${distinct.join("\n")}\n`);
  const lines = output.toString("utf8").split("\n");
  return new Set(distinct.filter((_, index) => lines[index] === "tree"));
}

/** The one merge base of two commits, and how many known commits each of them holds beyond it. */
interface Meeting {
  base: string;
  own: [one: number, other: number];
}

/**
 * Finds where two commits meet; null where there are several merge bases, or where commits that are not known may hold another one.
 * @param known parents before their children
 */
function meetingFinder(known: readonly LoadedCommit[]): (one: string, other: string) => Meeting | null {
  const names: string[] = [];
  const indexes = new Map<string, number>();
  const indexOf = (sha: string): number => {
    const at = indexes.get(sha) ?? names.push(sha) - 1;
    indexes.set(sha, at);
    return at;
  };
  const inside = new Set(known.map(({ sha }) => sha));
  for (const { parents } of known) for (const parent of parents) if (!inside.has(parent)) indexOf(parent);
  const outside = names.length;
  for (const { sha } of known) indexOf(sha);
  const parentsOf: number[][] = names.map(() => []);
  for (const { sha, parents } of known) parentsOf[indexOf(sha)] = parents.map(indexOf);
  const marks = new Uint8Array(names.length);
  const [OURS, THEIRS, BELOW] = [1, 2, 4];

  return (one, other) => {
    const from = [indexes.get(one), indexes.get(other)];
    if (from[0] === undefined || from[1] === undefined) return null;
    marks.fill(0);
    marks[from[0]]! |= OURS;
    marks[from[1]]! |= THEIRS;
    let base: string | null = null;
    const own: Meeting["own"] = [0, 0];
    let seen = 0;
    for (let at = Math.max(from[0], from[1]); at >= 0; at--) {
      const mark = marks[at]!;
      if (mark === 0) continue;
      if (mark === OURS) own[0]++;
      else if (mark === THEIRS) own[1]++;
      if (mark === (OURS | THEIRS)) {
        if (base !== null) return null;
        base = names[at]!;
      } else if (at < outside) seen |= mark & BELOW ? 0 : mark;
      const passed = (mark & (OURS | THEIRS)) === (OURS | THEIRS) ? OURS | THEIRS | BELOW : mark;
      for (const parent of parentsOf[at]!) marks[parent]! |= passed;
    }
    // Both sides leave what is known elsewhere than below the base: they may meet again there.
    return base === null || seen === (OURS | THEIRS) ? null : { base, own };
  };
}
