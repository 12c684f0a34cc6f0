import type { Location, RepoPath } from "./text.ts";

export interface ChecklistItem {
  /** Without markup, on one line. */
  text: string;
  checked: boolean;
  /** Struck through, with a reason behind it. */
  waived: boolean;
  at: Location;
}

/** A heading with everything below it, up to the next heading of its level or a higher one. */
export interface ChecklistSection {
  /** Case, emoji, numbering and punctuation at the end taken away. */
  name: string;
  title: string;
  level: number;
  /** Items of the section and of those below it. */
  items: ChecklistItem[];
  /** It, or a section below it, has a command, a numbered step or a link. */
  actionable: boolean;
  at: Location;
}

/** One entry of `checklist:` with what was found for it. */
export interface Checklist {
  file: RepoPath | null;
  /** What findings call it: the path, or "the pull request". */
  label: string;
  section: string | null;
  /** The entry of the config. */
  at: Location;
  sections: ChecklistSection[];
  /** Items outside any section, and those of all sections. */
  items: ChecklistItem[];
  /** Line 1. */
  top: Location;
  /** A linked document that is tracked treats the way back. */
  rollbackElsewhere: boolean;
  /** Why there is nothing to look at, or null. `absent`: the file does not exist; `unknown`: no pull request to read. */
  missing: "absent" | "unknown" | null;
  /** Paths that are named like the missing one. */
  near: RepoPath[];
}

export interface ChecklistsModel {
  checklists: readonly Checklist[];
}
