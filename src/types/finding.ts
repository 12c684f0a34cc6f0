import type { Fix, Location, RepoPath } from "./text.ts";

export type Severity = "error" | "warning" | "note";

/** `family/what-is-wrong`. */
export type RuleId = string;

/** Another place that explains a finding: the importing line, the deciding pattern, the second definition. */
export interface Related extends Location {
  message: string;
}

/** A place of a start-up with the calls that lead to it from the root, outermost first. */
export interface RunPlace {
  name: string;
  at: Location;
  chain: { name: string; at: Location }[];
}

/** Two places of one start-up, the one that is reached first at the front: what a picture of a wrong order is drawn from. */
export interface RunOrder {
  /** The start-up's root, as a reader names it. */
  root: string;
  first: RunPlace;
  second: RunPlace;
  /** What is wrong with it: done too early, still running, done again. */
  how: "before" | "beside" | "again";
}

/** What a check yields. `subject` is the thing it is about (module path, secret name, token, commit): stable, never a secret value. */
export interface Report {
  message: string;
  subject: string;
  at: Location;
  /** Overrides the rule's default severity for this one report. */
  severity?: Severity;
  related?: Related[];
  /** Where the finding is about the order of two places. */
  order?: RunOrder;
  fix?: Fix;
  /** What makes this report one of many, in the rule's own terms: the engine tells many of one cause once. Not part of a finding. */
  cause?: string;
}

/** What a check yields where it could not decide: one sentence why, one sentence what to do. */
export interface Undecided {
  undecided: string;
  remedy: string;
}

/** What the engine makes of a report. `fingerprint` = rule + path + subject, not the line. */
export interface Finding extends Omit<Report, "cause"> {
  rule: RuleId;
  severity: Severity;
  fingerprint: string;
  /** How to learn more: the command that explains the rule. */
  help: string;
  /** True where one of its lines holds the value of a secret: reports neither show nor hash them. */
  hidden?: boolean;
}

export type SuppressionKind = "inline" | "config" | "baseline";

export interface Suppressed {
  finding: Finding;
  by: SuppressionKind;
  reason: string;
}

export interface UndecidedRule {
  rule: RuleId;
  reason: string;
  remedy: string;
}

/** A file that should have been read and was not. */
export interface Unread {
  path: RepoPath;
  reason: string;
}

export type Verdict = "pass" | "fail" | "undecided";

/** One part of a run that is split over several machines; `index` counts from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** The answer of one run; every list is sorted, so that equal inputs give equal bytes. */
export interface RunResult {
  verdict: Verdict;
  findings: Finding[];
  suppressed: Suppressed[];
  undecided: UndecidedRule[];
  unread: Unread[];
  /** Which part of the run this is; absent for a whole run. */
  shard?: Shard;
}
