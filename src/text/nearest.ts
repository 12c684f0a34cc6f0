import { baseName } from "./paths.ts";
/** Edits (insert, delete, replace, swap of neighbours) that turn one text into the other; stops counting above `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replace, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforePrevious[j - 2]! + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/**
 * The known names that a mistyped one probably means, best first, at most `count`: within a third of its length in edits
 * (case ignored), or equal in the part behind the last `/`.
 */
export function nearestNames(name: string, known: Iterable<string>, count = 3): string[] {
  const wanted = name.slice(0, 200).toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const tail = baseName(wanted);
  const scored: { name: string; distance: number }[] = [];
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    const sameTail = tail.length > 3 && baseName(lower) === tail;
    const distance = sameTail ? 0.5 : editDistance(wanted, lower, limit);
    if (distance <= limit) scored.push({ name: candidate, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return scored.slice(0, count).map((one) => one.name);
}

/** ` Did you mean "x"?`, or nothing where no known name is near and none begins with it. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = [...known];
  const best = nearestNames(name, names, 1)[0] ?? shortestFrom(name.toLowerCase(), names);
  return best === undefined ? "" : ` Did you mean "${best}"?`;
}

/** The shortest of the names that begin with a part of a name, where it is long enough to be one. */
function shortestFrom(beginning: string, names: readonly string[]): string | undefined {
  if (beginning.length < 3) return undefined;
  const longer = names.filter((one) => one.toLowerCase().startsWith(beginning));
  return longer.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}
