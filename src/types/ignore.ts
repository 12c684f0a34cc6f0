import type { IgnoreFile, IgnorePattern, IgnoreSyntax } from "./image.ts";
import type { Location, RepoPath } from "./text.ts";

/** Why the builder refuses the whole file. "read": whatever the context holds; "match": at the first path that reaches the pattern. */
export type IgnoreError = IgnoreSyntax["errors"][number];

/** What one pattern does to the files of its context. */
export interface JudgedPattern extends IgnorePattern {
  at: Location;
  /** A listed path (file or directory) that the pattern alone matches; null for none. */
  matched: RepoPath | null;
  /** For an unmatched pattern: what was probably meant, if something near it matches. */
  nearest: string | null;
  /** True for an unmatched pattern whose beginning names a directory that exists. */
  rooted: boolean;
  /** For a negation that changes nothing: excluded files that it looks as if it re-included, each with the line that decides. */
  idle: readonly { path: RepoPath; by: IgnorePattern }[];
  /** For such a negation: the text that would bring the first of them back in its place. */
  remedy: string | null;
}

/** Files on which builders differ, grouped by the pattern that makes them differ. */
export interface Disagreement {
  pattern: IgnorePattern;
  at: Location;
  /** Sorted. Whether each is left out, by builder. */
  files: readonly { path: RepoPath; buildkit: boolean; classic: boolean; old: boolean }[];
}

/** One ignore file with what its patterns do. */
export interface JudgedIgnoreFile {
  file: IgnoreFile;
  /** What the builder refuses; while there is something, nothing is said of the patterns. */
  errors: readonly (IgnoreError & { at: Location; reaching: RepoPath | null })[];
  /** Lines whose regular expression takes too long: nothing is known of the file. */
  undecided: readonly number[];
  patterns: readonly JudgedPattern[];
  disagreements: readonly Disagreement[];
}

export interface IgnorePatternsModel {
  /** Sorted by path. */
  files: readonly JudgedIgnoreFile[];
}
