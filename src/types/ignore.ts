import type { IgnoreFile } from "./image.ts";
import type { Location, RepoPath } from "./text.ts";

/** One pattern of an ignore file. Lines are 1-based, columns 1-based UTF-16. */
export interface IgnorePattern {
  line: number;
  /** Where `text` starts. */
  column: number;
  /** As written, white space around it taken off; with its `!`. */
  text: string;
  negated: boolean;
  /** What is matched: cleaned, without `!` and without the leading `/`. */
  pattern: string;
}

/** Why the builder refuses the whole file. */
export interface IgnoreError {
  /** "read": the build fails whatever the context holds; "match": it fails at the first path that reaches the pattern. */
  phase: "read" | "match";
  line: number;
  column: number;
  text: string;
  /** One clause, no full stop. */
  reason: string;
}

/** An ignore file's text as the builder reads it. Plain JSON: it is a fact. */
export interface IgnoreSyntax {
  patterns: IgnorePattern[];
  /** Errors of phase "read", by line. The patterns they stand on are not in `patterns`. */
  errors: IgnoreError[];
}

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
