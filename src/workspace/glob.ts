import type { RepoPath } from "../types/text.ts";
import { compileGlob } from "./glob-pattern.ts";

/**
 * A test of paths against a list of globs: `*` within a segment, `**` across segments, `{a,b}`; dotfiles are matched.
 * `!glob` takes paths out again, the last matching glob decides; only `!` globs: everything else is in.
 * A glob that ends in `/` means everything below. A glob too complex to be matched safely matches nothing.
 */
export function globMatcher(globs: readonly string[]): (path: RepoPath) => boolean {
  if (globs.length === 0) return () => false;
  const parts = globs.map((glob) => {
    const negated = glob.startsWith("!");
    const pattern = (negated ? glob.slice(1) : glob).replace(/^\.?\//, "").replace(/\/$/, "/**");
    return { negated, test: compileGlob(pattern) };
  });
  const startsIn = parts.every((part) => part.negated);
  return (path) => {
    let matched = startsIn;
    for (const part of parts) if (part.negated === matched && part.test(path)) matched = !part.negated;
    return matched;
  };
}

/** Globs as a person writes them in predeploy.yml: where the last part is a plain name, it may be a folder's, and what lies below is meant. */
export const withFolders = (globs: readonly string[]): string[] =>
  globs.flatMap((glob) => (/(?:^|[/!])[^/*?[{!]+$/.test(glob) ? [glob, `${glob}/**`] : [glob]));
