import { editDistance, nearestNames } from "../../text/nearest.ts";
import { baseName } from "../../text/paths.ts";

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
    const other = baseName(candidate);
    const common = commonSegments(segments, candidate);
    let score = 0;
    if (other === name) score = 100 + common;
    else if (stemOf(other) === stem && stem !== "" && sameKind(other, name)) score = 80 + common;
    else if (compared < maxCompared && sameKind(other, name) && Math.abs(other.length - name.length) <= 2) {
      compared++;
      const limit = Math.max(1, Math.floor(stem.length / 4));
      const apart = editDistance(other, name, limit);
      if (apart <= limit) score = 60 - apart * 5 + common;
    }
    if (score > bestScore || (score === bestScore && best !== null && score > 0 && candidate < best)) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** The nearest of a list of names: one that begins with the other, else by letters. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  const related = names.filter((name) => name.startsWith(wanted) || wanted.startsWith(name));
  const longest = related.sort((left, right) => right.length - left.length || (left < right ? -1 : 1))[0];
  return longest ?? nearestNames(wanted, names, 1)[0] ?? null;
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
