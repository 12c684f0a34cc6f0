/** Path below the repository root, `/` between segments, never starting with `/` or `./`. */
export type RepoPath = string;

/** 1-based line and column; columns count UTF-16 code units. */
export interface Position {
  line: number;
  column: number;
}

/** A range of a file; `end` is exclusive. */
export interface Range {
  start: Position;
  end: Position;
}

export interface Location extends Range {
  path: RepoPath;
}

/** Replaces the text of a location; an empty range inserts. */
export interface Edit extends Location {
  newText: string;
}

/** `safe`: cannot make anything worse and may be applied unasked. `review`: a person has to look. */
export interface Fix {
  title: string;
  safety: "safe" | "review";
  edits: Edit[];
}
