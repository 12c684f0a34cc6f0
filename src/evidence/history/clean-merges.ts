import type { GitPlace } from "../../workspace/git.ts";
import { ask } from "./ask.ts";
import { type Change, loadChangesOf, type Pair } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";

/** Steps spent on merge bases; merges beyond that are merged again. */
const MAX_STEPS = 200_000_000;

interface Merge {
  sha: string;
  base: string;
  ours: string;
  theirs: string;
}

/**
 * Those merges of two that certainly hold no change of their own, found without merging again: what the merge did to its first parent
 * is, path by path and blob by blob, what the second parent did to the merge base. Each path then resolves by itself, as long as no
 * rename reaches into it: a path that the first side moved away differs from the merge base and so fails the comparison; a directory
 * that it moved away draws new files of the other side along, so the directories of those have to be there still; and where the second
 * side may have moved files itself, nothing is said.
 * https://git-scm.com/docs/directory-rename-detection
 * @param known commits of both sides and of what is common, each list with parents before their children
 */
export async function findCleanMerges(
  place: GitPlace,
  merges: readonly LoadedCommit[],
  known: readonly LoadedCommit[],
): Promise<Set<string>> {
  const clean = new Set<string>();
  const basesOf = mergeBaseFinder(known);
  if (merges.length * known.length > MAX_STEPS) return clean;
  const asked = merges.flatMap(({ sha, parents: [ours = "", theirs = ""] }): Merge[] => {
    const base = basesOf(ours, theirs);
    return base === null ? [] : [{ sha, base, ours, theirs }];
  });
  const pairs = asked.flatMap(({ sha, base, ours, theirs }): Pair[] => [
    [sha, ours],
    [theirs, base],
  ]);
  const diffs = await loadChangesOf(place, pairs);
  const open: [merge: Merge, directories: string[]][] = [];
  asked.forEach((merge, index) => {
    const theirs = diffs[2 * index + 1]!;
    if (!areEqual(diffs[2 * index]!, theirs)) return;
    const added = theirs.filter((change) => isAbsent(change.oldMode)).map((change) => directoryOf(change.path));
    if (merge.base === merge.ours || added.length === 0) clean.add(merge.sha);
    else if (!theirs.some((change) => isAbsent(change.newMode)) && added.every((directory) => directory !== "")) {
      open.push([merge, [...new Set(added)]]);
    }
  });
  const names = open.flatMap(([{ ours }, directories]) => directories.map((directory) => `${ours}:${directory}`));
  const there = await whichExist(place, names);
  for (const [{ sha, ours }, directories] of open) {
    if (directories.every((directory) => there.has(`${ours}:${directory}`))) clean.add(sha);
  }
  return clean;
}

const isAbsent = (mode: string): boolean => /^0+$/.test(mode);

const directoryOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

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

/**
 * Finds the one merge base of two commits; null where there are several, or where commits that are not known may hold another one.
 * @param known parents before their children
 */
function mergeBaseFinder(known: readonly LoadedCommit[]): (one: string, other: string) => string | null {
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
    let seen = 0;
    for (let at = Math.max(from[0], from[1]); at >= 0; at--) {
      const mark = marks[at]!;
      if (mark === 0) continue;
      if (mark === (OURS | THEIRS)) {
        if (base !== null) return null;
        base = names[at]!;
      } else if (at < outside) seen |= mark & BELOW ? 0 : mark;
      const passed = (mark & (OURS | THEIRS)) === (OURS | THEIRS) ? OURS | THEIRS | BELOW : mark;
      for (const parent of parentsOf[at]!) marks[parent]! |= passed;
    }
    // Both sides leave what is known elsewhere than below the base: they may meet again there.
    return seen === (OURS | THEIRS) ? null : base;
  };
}
