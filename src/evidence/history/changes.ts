import type { GitPlace } from "../../workspace/git.ts";
import { ask, linesOf } from "./ask.ts";
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
export const DIFF = ["-r", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=none"];
export const REMERGE = [
  "-c",
  "core.looseCompression=0",
  "log",
  "--no-walk=unsorted",
  "--stdin",
  "--remerge-diff",
  "--format=tformat:commit %H",
];
/**
 * Input for REMERGE: children before their parents. `git log` forgets the parents of a commit once it has shown it, so an ancestor that
 * is shown first would cut the way to the merge bases of what follows, and clean merges would look changed.
 */
export const newestFirst = (oldestFirst: readonly string[]): string => `${[...oldestFirst].reverse().join("\n")}\n`;

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
export const labelled = (pairs: readonly Pair[]): string =>
  pairs.map((pair, index) => `${labelOf(index, pair)}\n${pair.join(" ")}\n`).join("");
export const labelOf = (index: number, [commit]: Pair): string =>
  `commit ${String(index).padStart(commit.length, "0")}`;

/** Changes that were asked for before: both sides' searches walk common history. */
const knownChanges = new WeakMap<GitPlace, Map<string, Change[]>>();

/** Each pair once. */
export const distinct = (pairs: readonly Pair[]): Pair[] => [
  ...new Map(pairs.map((pair) => [pair.join(" "), pair])).values(),
];

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

/**
 * Reads what `--raw -z` prints: `:mode mode name name status NUL path NUL`, with header lines in between that name a commit or a label.
 * Such outputs are long, so this walks over one string and decodes only what is not ASCII.
 */
function readRaw(output: Buffer): Map<string, Change[]> {
  const result = new Map<string, Change[]>();
  const text = output.toString("latin1");
  let list: Change[] = [];
  let at = 0;
  const upTo = (mark: string): string => {
    const end = text.indexOf(mark, at);
    const part = text.slice(at, end === -1 ? text.length : end);
    at += part.length + 1;
    return part;
  };
  while (at < text.length) {
    const first = text[at];
    if (first === "\n" || first === "\0") at++;
    else if (first === ":") {
      const [oldMode = "", newMode = "", old = "", now = ""] = upTo("\0").slice(1).split(" ");
      list.push({ path: decoded(upTo("\0")), oldMode, newMode, old, new: now });
    } else {
      const line = /[^\n\0]*/y;
      line.lastIndex = at;
      const [written = ""] = line.exec(text) ?? [];
      at += written.length;
      const header = HEADER.exec(written);
      if (!header) continue;
      list = result.get(header[1]!) ?? [];
      result.set(header[1]!, list);
    }
  }
  return result;
}

const decoded = (latin1: string): string =>
  /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, "latin1").toString("utf8") : latin1;

/**
 * The pathspecs of a `paths:` list: globs from the checked folder, `!` excludes, only exclusions include everything else of it.
 * @param folder the checked folder below the top of its repository: `services/api/`, or ""
 */
export function pathspecsOf(paths: readonly string[], folder: string): string[] {
  const below = folder.replace(/[*?[\]\\]/g, "\\$&");
  const clean = (path: string): string => path.trim().replace(/^(?:\.?\/)+/, "");
  const positive = paths.filter((path) => !path.startsWith("!")).map((path) => `:(glob)${below}${clean(path)}`);
  const negative = paths
    .filter((path) => path.startsWith("!"))
    .map((path) => `:(exclude,glob)${below}${clean(path.slice(1))}`);
  return [...(positive.length > 0 ? positive : [`:(glob)${below}**`]), ...negative];
}

/** Which of these commits touch the paths; merges by their own change. */
export async function selectByPaths(
  place: GitPlace,
  commits: readonly LoadedCommit[],
  paths: readonly string[],
  folder: string,
): Promise<Set<string>> {
  const specs = ["--", ...pathspecsOf(paths, folder)];
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
