import type { Severity } from "./finding.ts";
import type { Missing } from "./missing.ts";
import type { Location, RepoPath } from "./text.ts";

/** One commit that waits or would be lost. */
export interface HistoryCommit {
  /** Full object name: 40 or 64 hexadecimal digits. */
  sha: string;
  /** First paragraph of the message on one line; unescaped text of a stranger. */
  subject: string;
  /** Committer date, seconds since the epoch. */
  time: number;
  /** The message's last paragraph, where it consists of `Key: value` lines. */
  trailers: string[];
}

/** One side of a comparison. */
export interface ComparedSide {
  /** As written in the config, on the command line, or as the source gave it. */
  ref: string;
  sha: string | null;
  /** What named it: `drift`, `branch`, `HEAD`, `--deployed`, `ref`, `file`, `github-environment`, `url`. */
  source: string;
}

export interface DriftLimits {
  /** Null: no limit. */
  maxWaiting: number | null;
  maxLost: number | null;
  maxAgeDays: number | null;
  fixes: Severity | "off";
  paths: readonly string[];
  ignoreWhitespace: boolean;
}

/** A migration file of the base that the head lacks. */
export interface LostMigration {
  path: RepoPath;
  tool: string;
  /** Revision id where the tool has one. */
  revision: string | null;
}

/** What git knows of two commits. Where `undecided` is set, `waiting` and `lost` are empty and mean nothing. */
export interface ComparedHistory {
  environment: string | null;
  head: ComparedSide;
  base: ComparedSide;
  limits: DriftLimits;
  /** Where a finding about this comparison stands. */
  at: Location;
  /** Where the deployed commit was read from, if a tracked file says it. */
  readFrom: Location | null;
  /** Raw counts over the whole history; null where git could not count. */
  ahead: number | null;
  behind: number | null;
  /** Oldest first, equivalents and cancelled commits taken out, filters applied. */
  waiting: HistoryCommit[];
  lost: HistoryCommit[];
  /** Missing: the trees could not be compared. */
  lostMigrations: LostMigration[] | Missing;
  undecided: Missing | null;
  /** What a reader should know although it is decided; each a sentence without full stop. */
  notes: string[];
  /** How the history was had; null when it was not. */
  found: "local" | "REST" | "own fetch" | null;
}

/** A migration file of the deployed commit. */
export interface DeployedMigration {
  path: RepoPath;
  /** How the workspace's file differs: not at all or only in line ends, only in comments and white space, or in what it does. */
  edited: "no" | "comments" | "code";
}

/** The migration files of the commit that runs in an environment, which need not have a name. */
export interface DeployedMigrations {
  environment: string;
  commit: string;
  files: DeployedMigration[];
  /** The workspace's migrations that this commit holds too, be it under a name that is gone since. */
  held: RepoPath[];
}

/** The migrations of the workspace that a commit holds too. */
export interface HeldMigrations {
  commit: string;
  held: RepoPath[];
}

/** The history between what would be shipped and what runs. */
/** An environment that is deployed from a branch which the repository does not have. */
export interface UnknownBranch {
  environment: string;
  branch: string;
  nearest: string | null;
}

export interface HistoryModel {
  comparisons: ComparedHistory[];
  unknownBranches: UnknownBranch[];
  /** Of the first environment whose deployed commit is known; null where none is asked for. */
  deployed: DeployedMigrations | Missing | null;
  /** Of the commit that a change is compared with; null without one, or where its tree is not here. */
  base: HeldMigrations | null;
  /** `https://host/owner/name` of the remote, without user info; null where unknown. */
  web: string | null;
}

/** A comparison with what is wrong about it; the rules only put it into words. */
export interface DriftComparison extends ComparedHistory {
  /** The environment's name, or `head..base`. */
  subject: string;
  waiting: (HistoryCommit & { fix: boolean })[];
  lost: (HistoryCommit & { fix: boolean })[];
  /** Whole days since the oldest waiting commit; null when nothing waits. */
  ageDays: number | null;
  tooManyWaiting: boolean;
  tooOld: boolean;
  tooManyLost: boolean;
  verdict: "pass" | "warn" | "fail" | "undecided";
  /** One sentence: why it is undecided, or what a reader should know; null for nothing. */
  reason: string | null;
}

export interface DriftModel {
  comparisons: DriftComparison[];
  web: string | null;
}
