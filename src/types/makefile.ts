import type { Position } from "./text.ts";

/** A Makefile in the order of its text. Nothing in it is expanded. */
export interface Makefile {
  rules: MakeRule[];
  variables: MakeVariable[];
}

export interface MakeRule {
  /** As written, a pattern too. Empty for recipe lines that no target has: of a `define`, or where make itself would refuse them. */
  targets: string[];
  /** Order-only ones with the others: make makes them all before. */
  prerequisites: string[];
  recipe: MakeLine[];
  start: Position;
  end: Position;
}

/** What one shell gets. */
export interface MakeLine {
  /** Without what make takes off its front. A continued line is several, of which all but the last end in a backslash. */
  text: string;
  /** An error of it is passed over (`-`). */
  optional: boolean;
  /** Where each line of the text starts. */
  starts: [Position, ...Position[]];
  end: Position;
}

export interface MakeVariable {
  name: string;
  operator: "=" | ":=" | "?=" | "+=" | "!=";
  value: string;
  exported: boolean;
  /** It stands in a branch, so that it may not count. */
  conditional: boolean;
}
