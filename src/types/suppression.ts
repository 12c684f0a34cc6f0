import type { RuleId } from "./finding.ts";
import type { Location } from "./text.ts";

/** Something that asks for findings to be left out: a comment, an entry of `suppress:` or `placeholders.allow`, an entry of the baseline. */
export interface Suppression {
  by: "inline" | "config" | "baseline" | "allow";
  /** Rules as written: an id, or a family. */
  rules: string[];
  reason: string;
  /** Of `placeholders.allow`: the token. */
  token?: string;
  /** Last day (UTC, YYYY-MM-DD) on which it holds; null: for ever. */
  until: string | null;
  /** A comment that is not written as one has to be, or ends on no day: it leaves out nothing. */
  malformed?: boolean;
  at: Location;
}

/** What became of a suppression in this run. */
export interface SuppressionOutcome extends Suppression {
  state: "used" | "unused" | "expired" | "without-reason" | "malformed";
  /** Names among `rules` that are no rule and no family. */
  unknownRules: RuleId[];
}

/** Given after every other rule has run. */
export interface SuppressionsModel {
  outcomes: SuppressionOutcome[];
}
