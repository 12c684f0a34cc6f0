import type { Location, RepoPath } from "./text.ts";

/** A key that one deployed environment's file has and its sibling's lacks. */
export interface MissingKey {
  key: string;
  /** Where the key stands. */
  at: Location;
  /** The file that lacks it. */
  sibling: RepoPath;
  /** The environment that lacks it. */
  lacking: "staging" | "production";
}

/** Dotenv files of staging and production, side by side. */
export interface EnvironmentKeysModel {
  /** Pairs of files that were compared: production, staging. */
  pairs: [RepoPath, RepoPath][];
  missing: MissingKey[];
}
