import { goMatch } from "../../sources/go-match.ts";
import { hasWildcard, join } from "./paths.ts";

/** What a glob walks: a build context or the files of a stage. */
export interface Directories {
  /** Names directly below a directory, sorted. */
  children(path: string): readonly string[];
  isDirectory(path: string): boolean;
}

/** A literal beginning and the rest that holds wildcards, as segments. */
export function splitGlob(path: string): { base: string; pattern: string[] } {
  const segments = path.split("/").filter((segment) => segment !== "");
  const first = segments.findIndex(hasWildcard);
  if (first === -1) return { base: segments.join("/"), pattern: [] };
  return { base: segments.slice(0, first).join("/"), pattern: segments.slice(first) };
}

const MAX_VISITS = 200_000;

/**
 * Paths below `base` that match, in the builder's order: depth first, names sorted; nothing below a match is looked at.
 * After Go's filepath.Walk and filepath.Match, segment by segment: `*` never crosses a slash.
 */
export function matchGlob(base: string, pattern: readonly string[], directories: Directories): string[] {
  const found: string[] = [];
  let visits = 0;
  const walk = (directory: string, depth: number): void => {
    const segment = pattern[depth];
    if (segment === undefined) return;
    for (const name of directories.children(directory)) {
      if (++visits > MAX_VISITS) return;
      if (goMatch(segment, name) !== true) continue;
      const path = join(directory, name);
      if (depth === pattern.length - 1) found.push(path);
      else if (directories.isDirectory(path)) walk(path, depth + 1);
    }
  };
  walk(base, 0);
  return found;
}
