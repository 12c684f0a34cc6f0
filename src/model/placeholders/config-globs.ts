import type { RepoPath } from "../../types/text.ts";

/** A glob (`**`, `*`, `?`, one level of `{a,b}`) as a test of paths. Linear: every star is matched without backtracking over others. */
export function globOf(glob: string, depth = 0): (path: RepoPath) => boolean {
  const choice = /\{([^{}]*,[^{}]*)\}/.exec(glob);
  if (choice && depth < 3) {
    const before = glob.slice(0, choice.index);
    const after = glob.slice(choice.index + choice[0].length);
    const tests = (choice[1] ?? "").split(",", 20).map((one) => globOf(before + one + after, depth + 1));
    return (path) => tests.some((test) => test(path));
  }
  const parts = glob
    .replace(/^\.?\//, "")
    .replace(/\/$/, "/**")
    .split("/");
  return (path) => matches(parts, 0, path.split("/"), 0, new Map());
}

function matches(
  parts: readonly string[],
  at: number,
  segments: readonly string[],
  from: number,
  seen: Map<number, boolean>,
): boolean {
  const key = at * 10_000 + from;
  const known = seen.get(key);
  if (known !== undefined) return known;
  let result: boolean;
  const part = parts[at];
  if (part === undefined) result = from === segments.length;
  else if (part === "**")
    result =
      matches(parts, at + 1, segments, from, seen) ||
      (from < segments.length && matches(parts, at, segments, from + 1, seen));
  else
    result =
      from < segments.length &&
      segmentMatches(part, segments[from]!) &&
      matches(parts, at + 1, segments, from + 1, seen);
  seen.set(key, result);
  return result;
}

function segmentMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (
      p < pattern.length &&
      (pattern.charAt(p) === "?" || (pattern.charAt(p) !== "*" && pattern.charAt(p) === text.charAt(t)))
    ) {
      p++;
      t++;
    } else if (pattern.charAt(p) === "*") {
      star = p++;
      mark = t;
    } else if (star !== -1) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern.charAt(p) === "*") p++;
  return p === pattern.length;
}
