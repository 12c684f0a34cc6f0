/** Most candidates that are compared letter by letter. */
const maxCompared = 5000;

/**
 * The candidate that a reader would call "almost that": same name elsewhere (most common folders), else a name a few letters away.
 * Paths use `/`; null when nothing comes near.
 */
export function nearestOf(wanted: string, candidates: readonly string[]): string | null {
  const segments = wanted.split("/").filter((segment) => segment !== "");
  const name = segments.at(-1) ?? "";
  const stem = stemOf(name);
  let best: string | null = null;
  let bestScore = 0;
  let compared = 0;
  for (const candidate of candidates) {
    if (candidate === wanted || candidate.includes("/node_modules/") || candidate.includes("/.git/")) continue;
    const other = candidate.slice(candidate.lastIndexOf("/") + 1);
    const common = commonSegments(segments, candidate);
    let score = 0;
    if (other === name) score = 100 + common;
    else if (stemOf(other) === stem && stem !== "" && sameKind(other, name)) score = 80 + common;
    else if (compared < maxCompared && sameKind(other, name) && Math.abs(other.length - name.length) <= 2) {
      compared++;
      const apart = distance(other, name);
      if (apart <= Math.max(1, Math.floor(stem.length / 4))) score = 60 - apart * 5 + common;
    }
    if (score > bestScore || (score === bestScore && best !== null && score > 0 && candidate < best)) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** The nearest of a list of names, by letters alone. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const apart = name.startsWith(wanted) || wanted.startsWith(name) ? 1 : distance(wanted, name);
    if (apart < least && apart <= Math.max(2, Math.floor(wanted.length / 3))) {
      best = name;
      least = apart;
    }
  }
  return best;
}

/** Damerau-Levenshtein distance (adjacent swaps count once); names are cut at 64 letters. */
export function distance(left: string, right: string): number {
  const a = left.slice(0, 64);
  const b = right.slice(0, 64);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}

function stemOf(name: string): string {
  const dot = name.indexOf(".", 1);
  return dot === -1 ? name : name.slice(0, dot);
}

const script = /\.(?:[cm]?[jt]sx?|json)$/;

function sameKind(left: string, right: string): boolean {
  if (script.test(left) && script.test(right)) return true;
  return left.slice(left.lastIndexOf(".")) === right.slice(right.lastIndexOf("."));
}

function commonSegments(segments: readonly string[], candidate: string): number {
  let count = 0;
  for (const segment of candidate.split("/")) if (segment !== "" && segments.includes(segment)) count++;
  return Math.min(count, 15);
}
