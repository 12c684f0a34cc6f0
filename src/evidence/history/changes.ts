import { type GitPlace, splitNul } from "../../workspace/git.ts";
import { ask, askPiped, linesOf } from "./ask.ts";
import type { LoadedCommit } from "./commits.ts";

/** One path whose content or mode differs; no renames, submodules as their commit. */
export interface Change {
  path: string;
  oldMode: string;
  newMode: string;
  old: string;
  new: string;
}

/** Everything that could make a diff depend on the machine or run something is said out loud. */
const DIFF = ["-r", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=none"];
const PATCH = [
  ...DIFF,
  "-p",
  "-U3",
  "--binary",
  "--full-index",
  "--diff-algorithm=myers",
  "--submodule=short",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];
const REMERGE = ["log", "--no-walk=unsorted", "--stdin", "--remerge-diff", "--format=tformat:commit %H"];
/**
 * Input for REMERGE: children before their parents. `git log` forgets the parents of a commit once it has shown it, so an ancestor that
 * is shown first would cut the way to the merge bases of what follows, and clean merges would look changed.
 */
const newestFirst = (oldestFirst: readonly string[]): string => `${[...oldestFirst].reverse().join("\n")}\n`;

const HEADER = /^(?:commit )?([0-9a-f]{40}|[0-9a-f]{64})$/;

/** `commit parent…` as `diff-tree --stdin` reads it: the diff is taken against exactly these parents. */
export type Pair = readonly [commit: string, ...against: string[]];

const input = (pairs: readonly Pair[]): string => pairs.map((pair) => `${pair.join(" ")}\n`).join("");

/** The pair of an ordinary commit: itself against its parent, or alone for a root commit. */
export const pairOf = (commit: LoadedCommit): Pair =>
  commit.parents[0] === undefined ? [commit.sha] : [commit.sha, commit.parents[0]];

/** The changed paths of each pair, by commit; a commit without change is left out. */
export async function loadChanges(place: GitPlace, pairs: readonly Pair[]): Promise<Map<string, Change[]>> {
  if (pairs.length === 0) return new Map();
  const args = ["diff-tree", "--stdin", "--root", "--raw", "-z", "--no-abbrev", ...DIFF];
  return readRaw(await ask(place, args, input(pairs)));
}

/**
 * Input that names each pair by its index: `diff-tree --stdin` prints a line that is no object name as it stands, so that the same
 * commit may be asked for against several others at once.
 */
const labelled = (pairs: readonly Pair[]): string =>
  pairs.map((pair, index) => `${labelOf(index, pair)}\n${pair.join(" ")}\n`).join("");
const labelOf = (index: number, [commit]: Pair): string => `commit ${String(index).padStart(commit.length, "0")}`;

/** Changes that were asked for before: both sides' searches walk common history. */
const knownChanges = new WeakMap<GitPlace, Map<string, Change[]>>();

/** The changed paths of each pair, in the order of the pairs. */
export async function loadChangesOf(place: GitPlace, pairs: readonly Pair[]): Promise<Change[][]> {
  const known = knownChanges.get(place) ?? new Map<string, Change[]>();
  knownChanges.set(place, known);
  const open = distinct(pairs).filter((pair) => !known.has(pair.join(" ")));
  if (open.length > 0) {
    const args = ["diff-tree", "--stdin", "--no-commit-id", "--root", "--raw", "-z", "--no-abbrev", ...DIFF];
    const found = readRaw(await ask(place, args, labelled(open)));
    for (const [index, pair] of open.entries()) {
      known.set(pair.join(" "), found.get(labelOf(index, pair).slice("commit ".length)) ?? []);
    }
  }
  return pairs.map((pair) => known.get(pair.join(" ")) ?? []);
}

/** A merge's own change: what it holds beyond a mechanical merge of its two parents. Clean merges are left out. `merges`: oldest first. */
export async function loadMergeChanges(place: GitPlace, merges: readonly string[]): Promise<Map<string, Change[]>> {
  if (merges.length === 0) return new Map();
  const args = [...REMERGE, "--raw", "-z", "--no-abbrev", ...DIFF];
  const middle = merges.length > 20 ? Math.ceil(merges.length / 2) : merges.length;
  const halves = [merges.slice(0, middle), merges.slice(middle)].filter((half) => half.length > 0);
  const outputs = await Promise.all(halves.map((half) => ask(place, args, newestFirst(half))));
  const changes = new Map(outputs.flatMap((output) => [...readRaw(output)]));
  for (const [sha, list] of changes) if (list.length === 0) changes.delete(sha);
  return changes;
}

/** The paths in which an octopus merge differs from all of its parents; `remerge` skips merges of more than two. */
export async function loadOctopusChanges(place: GitPlace, merges: readonly Pair[]): Promise<Map<string, Change[]>> {
  const result = new Map<string, Change[]>();
  if (merges.length === 0) return result;
  const args = ["diff-tree", "--stdin", "--cc", "-p", "--full-index", ...DIFF];
  let current = "";
  for (const line of (await ask(place, args, input(merges))).toString("utf8").split("\n")) {
    const header = HEADER.exec(line);
    if (header) current = header[1]!;
    const file = /^diff --(?:cc|combined) (.*)$/.exec(line);
    if (!file) continue;
    const list = result.get(current) ?? [];
    list.push({ path: file[1]!, oldMode: "", newMode: "", old: "", new: "" });
    result.set(current, list);
  }
  return result;
}

function readRaw(output: Buffer): Map<string, Change[]> {
  const result = new Map<string, Change[]>();
  const tokens = splitNul(output);
  let list: Change[] = [];
  for (let at = 0; at < tokens.length; at++) {
    // `log` ends its header line with a line feed, and a remerge diff may start with one. Labels end with one too.
    let token = tokens[at]!.replace(/^\n/, "");
    for (let end = token.indexOf("\n"); end > 0 && token.startsWith("commit "); end = token.indexOf("\n")) {
      const label = HEADER.exec(token.slice(0, end));
      if (!label) break;
      result.set(label[1]!, (list = []));
      token = token.slice(end + 1).replace(/^\n/, "");
    }
    if (token.startsWith(":")) {
      const [oldMode = "", newMode = "", old = "", now = ""] = token.slice(1).split(" ");
      list.push({ path: tokens[++at] ?? "", oldMode, newMode, old, new: now });
      continue;
    }
    const header = HEADER.exec(token.trim());
    if (!header) continue;
    list = result.get(header[1]!) ?? [];
    result.set(header[1]!, list);
  }
  return result;
}

/** Patch ids that were asked for before: several searches want those of the same commits. */
const knownPatchIds = new WeakMap<GitPlace, Map<string, string>>();

/** Patch ids of ordinary diffs, in the order of the pairs, as `git patch-id --stable` computes them; empty for a pair without change. */
export async function loadPatchIdsOf(place: GitPlace, pairs: readonly Pair[]): Promise<string[]> {
  const known = knownPatchIds.get(place) ?? new Map<string, string>();
  knownPatchIds.set(place, known);
  const open = distinct(pairs).filter((pair) => !known.has(pair.join(" ")));
  if (open.length > 0) {
    const args = ["diff-tree", "--stdin", "--no-commit-id", "--root", ...PATCH];
    const found = readPatchIds(await askPiped(place, args, ["patch-id", "--stable"], labelled(open)));
    open.forEach((pair, index) => {
      known.set(pair.join(" "), found.get(labelOf(index, pair).slice("commit ".length)) ?? "");
    });
  }
  return pairs.map((pair) => known.get(pair.join(" ")) ?? "");
}

/** Patch ids of ordinary diffs, by commit; each commit may stand once. A commit without change is left out. */
export async function loadPatchIds(place: GitPlace, pairs: readonly Pair[]): Promise<Map<string, string>> {
  const ids = await loadPatchIdsOf(place, pairs);
  return new Map(pairs.flatMap(([commit], index) => (ids[index] === "" ? [] : [[commit, ids[index]!] as const])));
}

/** Each pair once. */
export const distinct = (pairs: readonly Pair[]): Pair[] => [
  ...new Map(pairs.map((pair) => [pair.join(" "), pair])).values(),
];

/** Patch ids of the own changes of merges. */
export async function loadMergePatchIds(place: GitPlace, merges: readonly string[]): Promise<Map<string, string>> {
  if (merges.length === 0) return new Map();
  return readPatchIds(await askPiped(place, [...REMERGE, ...PATCH], ["patch-id", "--stable"], newestFirst(merges)));
}

function readPatchIds(output: Buffer): Map<string, string> {
  const result = new Map<string, string>();
  for (const line of linesOf(output)) {
    const [id = "", commit = ""] = line.split(" ");
    result.set(commit, id);
  }
  return result;
}

/** The pathspecs of a `paths:` list: globs from the root, `!` excludes, only exclusions include everything else. */
export function pathspecsOf(paths: readonly string[]): string[] {
  const clean = (path: string): string => path.trim().replace(/^(?:\.?\/)+/, "");
  const positive = paths.filter((path) => !path.startsWith("!")).map((path) => `:(glob)${clean(path)}`);
  const negative = paths.filter((path) => path.startsWith("!")).map((path) => `:(exclude,glob)${clean(path.slice(1))}`);
  return [...(positive.length > 0 ? positive : [":(glob)**"]), ...negative];
}

/** Which of these commits touch the paths; merges by their own change. */
export async function selectByPaths(
  place: GitPlace,
  commits: readonly LoadedCommit[],
  paths: readonly string[],
): Promise<Set<string>> {
  const specs = ["--", ...pathspecsOf(paths)];
  const [plain, merges, octopuses] = byParents(commits);
  const found = new Set<string>();
  const collect = (output: Buffer): void => {
    for (const line of linesOf(output)) if (HEADER.test(line)) found.add(HEADER.exec(line)![1]!);
  };
  if (plain.length > 0) {
    const args = ["diff-tree", "--stdin", "--root", "--name-only", ...DIFF, ...specs];
    collect(await ask(place, args, input(plain.map(pairOf))));
  }
  if (merges.length > 0) {
    const args = [...REMERGE, "--raw", "-z", "--no-abbrev", ...DIFF, ...specs];
    const changes = readRaw(await ask(place, args, newestFirst(merges.map((one) => one.sha))));
    for (const [sha, list] of changes) if (list.length > 0) found.add(sha);
  }
  if (octopuses.length > 0) {
    const args = ["diff-tree", "--stdin", "--cc", "-p", ...DIFF, ...specs];
    const pairs = octopuses.map((one): Pair => [one.sha, ...one.parents]);
    const text = (await ask(place, args, input(pairs))).toString("latin1").split("\n");
    let current = "";
    for (const line of text) {
      current = HEADER.exec(line)?.[1] ?? current;
      if (line.startsWith("diff --")) found.add(current);
    }
  }
  return found;
}

/** Which of these commits change more than white space. */
export async function selectBeyondWhitespace(place: GitPlace, commits: readonly LoadedCommit[]): Promise<Set<string>> {
  const loose = ["-w", "--ignore-cr-at-eol", "--ignore-blank-lines", "-p", ...DIFF];
  const [plain, merges, octopuses] = byParents(commits);
  const found = new Set(octopuses.map((one) => one.sha));
  const collect = (output: Buffer): void => {
    let current = "";
    for (const line of linesOf(output)) {
      current = HEADER.exec(line)?.[1] ?? current;
      if (line.startsWith("diff --git ")) found.add(current);
    }
  };
  if (plain.length > 0)
    collect(await ask(place, ["diff-tree", "--stdin", "--root", ...loose], input(plain.map(pairOf))));
  if (merges.length > 0) collect(await ask(place, [...REMERGE, ...loose], newestFirst(merges.map((one) => one.sha))));
  return found;
}

/** Ordinary commits, merges of two, merges of more. */
export function byParents(commits: readonly LoadedCommit[]): [LoadedCommit[], LoadedCommit[], LoadedCommit[]] {
  return [
    commits.filter((one) => one.parents.length < 2),
    commits.filter((one) => one.parents.length === 2),
    commits.filter((one) => one.parents.length > 2),
  ];
}
