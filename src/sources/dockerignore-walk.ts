import { directoryOf } from "../text/paths.ts";
import type { IgnoreError } from "../types/ignore.ts";
import type { IgnorePattern } from "../types/image.ts";
import { createCandidates } from "./dockerignore-candidates.ts";
import { type CompiledPattern, compilePattern } from "./dockerignore-pattern.ts";

/**
 * Who answers. `buildkit`: a bit per pattern is carried down the tree. `classic`: the same bits, but fewer excluded directories
 * are entered (today's CLI without BuildKit). `old`: every pattern on the path and each ancestor, last match wins (Docker up to
 * 20.10, buildah 1.28).
 */
export type IgnoreBuilder = "buildkit" | "classic" | "old";

/** What became of one path. */
export interface IgnoreAnswer {
  excluded: boolean;
  /** Index of the deciding pattern; -1 where none matched. */
  deciding: number;
  /** Excluded because this directory above it is excluded and not entered. */
  pruned: string | null;
  /** The builder fails here: no answer. `limit` of it: the pattern asks for too much work, and nothing is known. */
  error: (IgnoreError & { limit: boolean }) | null;
}

/** The answer for a path, with what its children need. */
export interface IgnoreVisit extends IgnoreAnswer {
  /** Which patterns matched this path or an ancestor; give it to `visit` for each child. */
  bits: Uint8Array;
  /** For a directory: whether the builder looks inside. Always true where nothing is excluded. */
  entered: boolean;
}

export interface IgnoreMatcher {
  readonly patterns: readonly IgnorePattern[];
  /** One step of the walk. `parent` is the visit of the directory above, null below the root; a directory that is not entered must not be a parent. */
  visit(path: string, parent: IgnoreVisit | null): IgnoreVisit;
  /** The answer for one path, by walking down its ancestors; visits of directories are remembered. */
  test(path: string): IgnoreAnswer;
  /** The visit of a path whose ancestors are all directories that exist; null when one above is not entered. */
  bitsOf(path: string): Uint8Array | null;
}

/** Work that the regular expressions of one file may use, so that a hostile file cannot hold up a run. */
const FILE_STEPS = 20_000_000;

/** A matcher over the patterns of one file, in file order. Patterns are compiled when first reached. Never throws. */
export function createIgnoreMatcher(
  patterns: readonly IgnorePattern[],
  builder: IgnoreBuilder = "buildkit",
): IgnoreMatcher {
  const limit = { steps: FILE_STEPS };
  const negations = patterns.map((one) => one.negated);
  const compiled: (CompiledPattern | undefined)[] = new Array(patterns.length);
  const entersExcluded = createEntry(patterns, builder);
  const directories = new Map<string, IgnoreVisit>();
  const oldBits = new Map<string, Uint8Array>();
  let failure: IgnoreAnswer["error"] = null;

  const candidates = createCandidates(patterns.map((one) => one.pattern));

  /** One pattern on one path; false with `failure` set where the builder fails. */
  function matches(index: number, path: string): boolean {
    compiled[index] ??= compilePattern((patterns[index] as IgnorePattern).pattern, limit);
    const { test, reason } = compiled[index] as CompiledPattern;
    const hit = test === null ? reason : test(path);
    if (typeof hit === "boolean") return hit;
    const { line, column, text } = patterns[index] as IgnorePattern;
    const exhausted = hit === "limit" && test !== null;
    failure = {
      phase: "match",
      line,
      column,
      text,
      reason: exhausted ? "it takes too long to match" : hit,
      limit: exhausted,
    };
    return false;
  }

  function visit(path: string, parent: IgnoreVisit | null): IgnoreVisit {
    const above = parent === null ? null : parent.bits;
    const bits = new Uint8Array(patterns.length);
    let excluded = false;
    let deciding = -1;
    failure = null;
    const isCandidate = candidates(path);
    for (let i = 0; i < patterns.length; i++) {
      if (above === null || above[i] === 0) {
        if (negations[i] !== excluded || !isCandidate(i) || !matches(i, path)) {
          if (failure !== null) break;
          continue;
        }
      }
      bits[i] = 1;
      excluded = !negations[i];
      deciding = i;
    }
    const entered = failure === null && (!excluded || entersExcluded(path));
    return { excluded, deciding, pruned: null, error: failure, bits, entered };
  }

  /** The walk down to a directory; stops at the first that is not entered or fails. */
  function descend(path: string): { path: string; visit: IgnoreVisit | null } {
    const known = directories.get(path);
    if (known !== undefined) return { path, visit: known };
    let visited: IgnoreVisit | null = null;
    for (let end = path.indexOf("/"); path !== ""; end = path.indexOf("/", end + 1)) {
      const here = end === -1 ? path : path.slice(0, end);
      let next = directories.get(here);
      if (next === undefined) {
        next = visit(here, visited);
        directories.set(here, next);
      }
      visited = next;
      if (end === -1 || !next.entered) return { path: here, visit: next };
    }
    return { path: "", visit: null };
  }

  /** Which patterns match a directory or one above it, each on its own. */
  function oldBitsOf(directory: string): Uint8Array | null {
    let bits: Uint8Array | null = null;
    for (let end = directory.indexOf("/"); directory !== ""; end = directory.indexOf("/", end + 1)) {
      const here = end === -1 ? directory : directory.slice(0, end);
      let next = oldBits.get(here);
      if (next === undefined) {
        next = bits === null ? new Uint8Array(patterns.length) : bits.slice();
        const isCandidate = candidates(here);
        for (let i = 0; i < patterns.length; i++) if (next[i] === 0 && isCandidate(i) && matches(i, here)) next[i] = 1;
        oldBits.set(here, next);
      }
      bits = next;
      if (end === -1) break;
    }
    return bits;
  }

  function testOld(path: string): IgnoreAnswer {
    const above = oldBitsOf(directoryOf(path));
    const isCandidate = candidates(path);
    let excluded = false;
    let deciding = -1;
    failure = null;
    for (let i = 0; i < patterns.length && failure === null; i++) {
      if (negations[i] !== excluded) continue;
      // a pattern that fails does so on the path itself, whatever its ancestors are
      const hit = isCandidate(i) && matches(i, path);
      if (failure !== null || (!hit && above?.[i] !== 1)) continue;
      excluded = !negations[i];
      deciding = i;
    }
    return { excluded, deciding, pruned: null, error: failure };
  }

  function test(path: string): IgnoreAnswer {
    if (builder === "old") return testOld(path);
    const slash = path.lastIndexOf("/");
    const above = descend(slash === -1 ? "" : path.slice(0, slash));
    if (above.visit !== null && !above.visit.entered) {
      const { excluded, deciding, error } = above.visit;
      return { excluded, deciding, pruned: error === null ? above.path : null, error };
    }
    return visit(path, above.visit);
  }

  return {
    patterns,
    visit,
    test,
    bitsOf(path) {
      const { path: reached, visit: last } = descend(path);
      return reached === path && last !== null ? last.bits : null;
    },
  };
}

/** Whether an excluded directory is entered: fsutil's and the classic archive's optimisations, which change answers. */
function createEntry(patterns: readonly IgnorePattern[], builder: IgnoreBuilder): (directory: string) => boolean {
  const negations = patterns.filter((one) => one.negated).map((one) => one.pattern);
  if (builder === "old") return () => true;
  const heads = builder === "classic" ? negations : negations.map(withoutFinalGlob);
  if (builder === "buildkit" && heads.some((head) => /[*[\]?^\\]/.test(head))) return () => true;
  return (directory) => heads.some((head) => `${head}/`.startsWith(`${directory}/`));
}

function withoutFinalGlob(pattern: string): string {
  const shorter = pattern.endsWith("/**") ? pattern.slice(0, -3) : pattern;
  return shorter.endsWith("/*") ? shorter.slice(0, -2) : shorter;
}
