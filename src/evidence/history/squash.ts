import type { Change, Pair } from "./changes.ts";
import type { LoadedCommit } from "./commits.ts";
import type { Cancelled } from "./reverts.ts";

/**
 * Names the paths of a change and how each changes (added, removed, with which mode): equal patches give equal keys, unequal ones may
 * too, so a key only selects what is worth a patch id.
 */
export function changeKeyOf(changes: readonly Pick<Change, "path" | "oldMode" | "newMode">[]): string {
  const paths = new Map(changes.map((change) => [change.path, kindOf(change)]));
  let one = 0;
  let two = 0;
  for (const kind of paths.values()) {
    const [a, b] = hashOf(kind);
    one ^= a;
    two ^= b;
  }
  return `${paths.size}.${one}.${two}`;
}

/** The path, with both modes where they differ: a patch names them then, and no others. */
const kindOf = ({ path, oldMode, newMode }: Pick<Change, "path" | "oldMode" | "newMode">): string =>
  oldMode === newMode ? path : `${path}\0${oldMode}\0${newMode}`;

/** The same few thousand paths change again and again. */
const remembered = new Map<string, readonly [number, number]>();
const MAX_REMEMBERED = 100_000;

function hashOf(text: string): readonly [number, number] {
  const known = remembered.get(text);
  if (known) return known;
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    two = Math.imul(two ^ code, 0x5bd1e995) + 0x27d4eb2f;
  }
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const pair = [one | 0, two | 0] as const;
  remembered.set(text, pair);
  return pair;
}

/** A way from a known state along the first-parent line: the net change up to each commit may be a squash of the other side. */
export interface Run {
  line: Line;
  base: string;
  /** Where the way starts and ends: indexes of the line, inclusive. */
  from: number;
  to: number;
  /** Commits reached at this index or before were there already. */
  beyond: number;
  /** Whether the first step has to be taken against `base` instead of the first parent. */
  jump: boolean;
}

export interface Line {
  commits: LoadedCommit[];
  /** For each commit that the line reaches without leaving its side or branch: index of the line's first commit that does. */
  reachedAt: ReadonlyMap<string, number>;
}

/** Branches within branches are walked again and again; what lies beyond this many steps is not looked at. */
const MAX_WALKED = 200_000;

/** The first-parent line of one side, oldest first. */
export function lineOf(tip: string, side: ReadonlyMap<string, LoadedCommit>): Line {
  const commits: LoadedCommit[] = [];
  for (let at = side.get(tip); at; at = side.get(at.parents[0] ?? "")) commits.push(at);
  commits.reverse();
  const reachedAt = new Map<string, number>();
  commits.forEach((commit, index) => {
    const open = [commit.sha];
    for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
      const one = reachedAt.has(sha) ? undefined : side.get(sha);
      if (!one) continue;
      reachedAt.set(sha, index);
      open.push(...one.parents);
    }
  });
  return { commits, reachedAt };
}

/**
 * The first-parent lines of one side: its own, and that of every branch of two commits or more that was merged into one of them. Such a
 * branch may have been squashed over there from where it started, which its merge here does not show.
 */
export function linesOf(tip: string, side: ReadonlyMap<string, LoadedCommit>): Line[] {
  const lines = [lineOf(tip, side)];
  let left = MAX_WALKED;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const brought = new Map<LoadedCommit, Map<string, LoadedCommit>>();
    for (const [sha, index] of line.reachedAt) {
      const merge = line.commits[index]!;
      if (merge.parents.length < 2 || sha === merge.sha) continue;
      brought.set(merge, (brought.get(merge) ?? new Map()).set(sha, side.get(sha)!));
    }
    for (const [merge, commits] of brought) {
      for (const parent of merge.parents.slice(1)) {
        left -= commits.size;
        if (left < 0) return lines;
        const branch = lineOf(parent, commits);
        if (branch.commits.length > 1) lines.push(branch);
      }
    }
  }
  return lines;
}

/** Where net changes may start: the fork, each merge from outside the line, the merge base, and each merged branch on its own. */
export function runsOf(line: Line, side: ReadonlyMap<string, LoadedCommit>, mergeBase: string): Run[] {
  const runs: Run[] = [];
  const last = line.commits.length - 1;
  const fork = line.commits[0]?.parents[0];
  if (fork !== undefined) runs.push({ line, base: fork, from: 0, to: last, beyond: -1, jump: false });
  line.commits.forEach((commit, index) => {
    const [first, ...others] = commit.parents;
    for (const other of others) {
      if (!line.reachedAt.has(other)) {
        for (const run of runs) if (run.to === last && run.base !== mergeBase) run.to = index - 1;
        runs.push({ line, base: other, from: index, to: last, beyond: -1, jump: true });
      } else if (first !== undefined && others.length === 1) {
        runs.push({ line, base: first, from: index, to: index, beyond: index - 1, jump: true });
      }
    }
  });
  if (!runs.some((run) => run.base === mergeBase && run.to === last)) {
    let from = Number.POSITIVE_INFINITY;
    for (const [sha, at] of line.reachedAt) if (side.get(sha)?.parents.includes(mergeBase)) from = Math.min(from, at);
    if (from <= last) runs.push({ line, base: mergeBase, from, to: last, beyond: -1, jump: true });
  }
  return runs.filter((run) => run.from <= run.to);
}

/** The raw diffs that `candidatesOf` needs beyond those of ordinary commits: merges against their first parent, jumps. */
export function pairsOf(line: Line, runs: readonly Run[]): Pair[] {
  const merges = line.commits
    .filter((commit) => commit.parents.length > 1)
    .map((commit): Pair => [commit.sha, commit.parents[0]!]);
  return [...merges, ...runs.filter((run) => run.jump).map((run): Pair => [line.commits[run.from]!.sha, run.base])];
}

/** A point of a run whose net change touches the same paths as some commit of the other side. */
export interface Candidate {
  run: Run;
  index: number;
  key: string;
  /** The net change. */
  changes: Change[];
}

/** The points of a run that are worth a patch id. `wanted` holds the path keys of the other side. */
export function candidatesOf(
  run: Run,
  stepOf: (commit: string, against: string | undefined) => readonly Change[],
  wanted: ReadonlySet<string>,
): Candidate[] {
  const found: Candidate[] = [];
  const state = new Map<string, Change>();
  let one = 0;
  let two = 0;
  const toggle = (change: Change): void => {
    const [a, b] = hashOf(kindOf(change));
    one ^= a;
    two ^= b;
  };
  for (let index = run.from; index <= run.to; index++) {
    const commit = run.line.commits[index]!;
    const against = index === run.from && run.jump ? run.base : commit.parents[0];
    for (const change of stepOf(commit.sha, against)) {
      const known = state.get(change.path);
      const net = known ? { ...known, newMode: change.newMode, new: change.new } : change;
      if (known) toggle(known);
      if (net.oldMode === net.newMode && net.old === net.new) {
        state.delete(change.path);
        continue;
      }
      state.set(change.path, net);
      toggle(net);
    }
    const key = `${state.size}.${one}.${two}`;
    if (state.size > 0 && wanted.has(key)) found.push({ run, index, key, changes: [...state.values()] });
  }
  return found;
}

/** False where the way up to `index` holds a commit whose revert, or a revert whose target, lies outside it: its net change says nothing. */
export function isWhole(run: Run, index: number, cancelled: Cancelled): boolean {
  const inside = (sha: string): boolean => {
    const at = run.line.reachedAt.get(sha) ?? -1;
    return at > run.beyond && at <= index;
  };
  return cancelled.groups.every((group) => group.every(inside) || !group.some(inside));
}
