import { hash } from "node:crypto";
import { type GitPlace, runGit } from "../../workspace/git.ts";
import { askPiped, linesOf } from "./ask.ts";
import { type Change, DIFF, labelled, labelOf, newestFirst, type Pair, pairOf, REMERGE } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";

const PATCH = [
  ...DIFF,
  "-p",
  "-U3",
  "--full-index",
  "--diff-algorithm=myers",
  "--submodule=short",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** A diff that is asked for, with what it changes. */
export interface AskedPatch {
  pair: Pair;
  changes: readonly Change[];
}

/**
 * Patch ids that were asked for before, by what the diff changes: equal changes of equal contents are equal patches, whichever commits
 * they stand between, and several searches want those of the same ones.
 */
const knownIds = new WeakMap<GitPlace, Map<string, string>>();

const contentOf = (changes: readonly Change[]): string =>
  hash(
    "sha256",
    changes
      .map((one) => [one.path, one.oldMode, one.newMode, one.old, one.new].join("\0"))
      .sort()
      .join("\n"),
  );

/** Patch ids of ordinary diffs, in the order they are asked for, as `git patch-id --stable` computes them; empty without change. */
export async function loadPatchIdsOf(place: GitPlace, asked: readonly AskedPatch[]): Promise<string[]> {
  const known = knownIds.get(place) ?? new Map<string, string>();
  knownIds.set(place, known);
  const contents = asked.map(({ changes }) => contentOf(changes));
  const open = new Map<string, Pair>();
  contents.forEach((content, index) => {
    if (!known.has(content)) open.set(content, asked[index]!.pair);
  });
  if (open.size > 0) {
    const pairs = [...open.values()];
    const args = ["diff-tree", "--stdin", "--no-commit-id", "--root", ...(await patchOptions(place))];
    const found = readPatchIds(await askPiped(place, args, ["patch-id", "--stable"], labelled(pairs)));
    [...open.keys()].forEach((content, index) => {
      known.set(content, found.get(labelOf(index, pairs[index]!).slice("commit ".length)) ?? "");
    });
  }
  return contents.map((content) => known.get(content) ?? "");
}

/** Patch ids of ordinary commits, by commit; one without change is left out. */
export async function loadPatchIds(
  place: GitPlace,
  commits: readonly LoadedCommit[],
  changes: ReadonlyMap<string, readonly Change[]>,
): Promise<Map<string, string>> {
  const changing = commits.filter(({ sha }) => (changes.get(sha)?.length ?? 0) > 0);
  const ids = await loadPatchIdsOf(
    place,
    changing.map((commit) => ({ pair: pairOf(commit), changes: changes.get(commit.sha)! })),
  );
  return new Map(changing.flatMap(({ sha }, index) => (ids[index] === "" ? [] : [[sha, ids[index]!] as const])));
}

/** Patch ids of the own changes of merges. */
export async function loadMergePatchIds(place: GitPlace, merges: readonly string[]): Promise<Map<string, string>> {
  if (merges.length === 0) return new Map();
  const args = [...REMERGE, ...(await patchOptions(place))];
  return readPatchIds(await askPiped(place, args, ["patch-id", "--stable"], newestFirst(merges)));
}

const knownOptions = new WeakMap<GitPlace, Promise<string[]>>();

/**
 * Since 2.39 `git patch-id` takes a binary file's object names from its index line; before, it needed the content itself, which costs
 * as much as all of the text.
 */
function patchOptions(place: GitPlace): Promise<string[]> {
  const known =
    knownOptions.get(place) ??
    runGit(place, ["version"]).then(({ stdout }) => {
      const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(stdout.toString("latin1"))?.map(Number) ?? [];
      return major > 2 || (major === 2 && minor >= 39) ? PATCH : [...PATCH, "--binary"];
    });
  knownOptions.set(place, known);
  return known;
}

function readPatchIds(output: Buffer): Map<string, string> {
  const result = new Map<string, string>();
  for (const line of linesOf(output)) {
    const [id = "", commit = ""] = line.split(" ");
    result.set(commit, id);
  }
  return result;
}
