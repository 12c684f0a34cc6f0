import type { DeployCommand } from "../../types/deploy-script.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";
import type { Position, RepoPath } from "../../types/text.ts";
import type { PlacedScript } from "./script-files.ts";

/** A command that puts values into files before they are deployed. */
export interface Renderer {
  tool: string;
  /** Does this replace that token of the file? */
  replaces(hit: PlaceholderHit, path: RepoPath): boolean;
  /** What it replaces, for a message. */
  names: string[];
  inputs: ReadonlySet<RepoPath>;
  /** The input may be files that nothing here names. */
  anyInput: boolean;
  file: RepoPath;
  at: Position;
  /** Keys and indexes that lead to the script or step in its file. */
  place: (string | number)[];
  /** Takes values from variables of the process, and writes an empty text for those that are not set. */
  fromProcess: boolean;
  /** The command and its script, for rules about the command itself. */
  command: DeployCommand | null;
  script: PlacedScript | null;
  /** Variables in the pattern of the tool itself: `$A $B` of envsubst. */
  only: string[] | null;
}

export type Rendering = Pick<Renderer, "tool" | "names" | "only"> & {
  replaces(hit: PlaceholderHit): boolean;
  /** May replace it where it reads the very file: what it looks for is known when it runs. */
  mayReplace?(hit: PlaceholderHit): boolean;
  files: string[];
};
