import { baseName } from "../text/paths.ts";
/**
 * Tells quickly that a pattern cannot match a path, so that large files stay cheap on large trees. Never says so of a pattern
 * that matches, or that the builder fails on: only literal patterns and plain globs are judged.
 *
 * @returns for a path, a function from a pattern's index to whether it has to be tested; valid until the next call.
 */
export function createCandidates(patterns: readonly string[]): (path: string) => (index: number) => boolean {
  const byPath = new Map<string, number[]>();
  const byName = new Map<string, number[]>();
  const byTop = new Map<string, number[]>();
  /** 0: in one of the maps; otherwise 1 + the number of slashes that a match has, or ANY. */
  const slashes = new Int32Array(patterns.length).fill(ANY);
  /** Code units that a match ends with, and that its last segment starts with; 0: any. */
  const ends = new Uint16Array(patterns.length);
  const nameStarts = new Uint16Array(patterns.length);
  for (const [index, text] of patterns.entries()) {
    // a class of letters and digits is valid and takes one of them
    const pattern = text.replace(/\[[A-Za-z0-9_]+\]/g, "?");
    if (IS_PLAIN.test(pattern)) {
      if (!/[*?]$/.test(pattern)) ends[index] = pattern.charCodeAt(pattern.length - 1);
      if (/^\*\*\/[^/*?]((?!\*\*)[^/])*$/.test(pattern)) nameStarts[index] = pattern.charCodeAt(3);
    }
    const place = placeOf(pattern);
    if (typeof place === "number") slashes[index] = place;
    else {
      slashes[index] = 0;
      const map = place.by === "path" ? byPath : place.by === "name" ? byName : byTop;
      const list = map.get(place.key);
      if (list === undefined) map.set(place.key, [index]);
      else list.push(index);
    }
  }
  const stamps = new Int32Array(patterns.length);
  let stamp = 0;
  let wanted = 0;
  let end = 0;
  let nameStart = 0;
  const isCandidate = (index: number) => {
    if (ends[index] !== 0 && ends[index] !== end) return false;
    if (nameStarts[index] !== 0 && nameStarts[index] !== nameStart) return false;
    const count = slashes[index] as number;
    return count === 0 ? stamps[index] === stamp : count === ANY || count === wanted;
  };
  return (path) => {
    stamp++;
    wanted = 1;
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) wanted++;
    end = path.charCodeAt(path.length - 1);
    nameStart = path.charCodeAt(path.lastIndexOf("/") + 1);
    const first = path.indexOf("/");
    for (const index of byPath.get(path) ?? []) stamps[index] = stamp;
    for (const index of byName.get(baseName(path)) ?? []) stamps[index] = stamp;
    for (const index of byTop.get(first === -1 ? path : path.slice(0, first)) ?? []) stamps[index] = stamp;
    return isCandidate;
  };
}

const ANY = -1;
/** No character that is more than itself, `*`, `?` or `/`. */
const IS_PLAIN = /^[^[\]\\{}|^\ufeff]+$/;

function placeOf(pattern: string): { by: "path" | "name" | "top"; key: string } | number {
  if (!IS_PLAIN.test(pattern)) return ANY;
  const wild = pattern.search(/[*?]/);
  if (wild === -1) return { by: "path", key: pattern };
  const before = pattern.lastIndexOf("/");
  const name = pattern.slice(before + 1);
  // a later `**` takes the slash after it along: `**/a**/b` matches `ab`
  if (pattern.startsWith("**/") && (before === 2 || pattern[before - 1] !== "*") && !/[*?]/.test(name)) {
    return { by: "name", key: name };
  }
  const slash = pattern.indexOf("/");
  if (slash !== -1 && slash < wild) return { by: "top", key: pattern.slice(0, slash) };
  return pattern.includes("**") ? ANY : pattern.split("/").length;
}
