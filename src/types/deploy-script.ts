import type { ShellCommand } from "./shell.ts";

/** What a Makefile's recipes and a package.json's scripts run, where that is of interest. */
export interface Recipes {
  recipes: Recipe[];
  /** Variables of the Makefile that are text. */
  variables: Record<string, string>;
  lineStarts: number[];
}

export interface Recipe {
  /** The target, or the script's name. */
  name: string;
  /** With offsets into the file. */
  commands: ShellCommand[];
}

/** What a script, workflow or Makefile runs, reduced to what deploys and renders files. Lines count from 1. */
export interface DeployScripts {
  scripts: DeployScript[];
  /** Steps that run somebody's action or task. */
  actions: DeployAction[];
}

/** Commands that run in one shell, one after the other. */
export interface DeployScript {
  /** Keys that lead to the script in its file; empty for a file of its own. */
  path: (string | number)[];
  commands: DeployCommand[];
}

export interface DeployCommand {
  /** Name and arguments; wrappers such as `sudo` taken off. */
  words: string[];
  input: string | null;
  /** File of `>`; of `>>` it is `appended`. */
  output: string | null;
  appended: string | null;
  /** Names that the command sets (`X=1`, `export X=1`). */
  sets: string[];
  /** Variables that the shell puts into the words, each once; what single quotes or a backslash keep is none. */
  expands: string[];
  /** Commands with one number run as one pipeline. */
  pipeline: number;
  line: number;
}

export interface DeployAction {
  path: (string | number)[];
  /** `owner/name@ref` or the task's name. */
  uses: string;
  with: Record<string, string>;
  line: number;
}

/** Placeholders among the string literals of a program, with what their line does with them. */
export interface CodeTokens {
  tokens: { text: string; line: number; use: "replace" | "compare" | "other" }[];
}
