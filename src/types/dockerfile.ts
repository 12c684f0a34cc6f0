import type { Range } from "./text.ts";

/** A word of an instruction. */
export interface Word {
  /** JSON form: the decoded string. Otherwise as written, quotes and escapes kept, continuation lines joined. */
  text: string;
  range: Range;
}

/** `--name` or `--name=value` before the arguments; names in lower case. */
export interface InstructionFlag {
  name: string;
  /** Null without `=`. As written, unexpanded. */
  value: string | null;
  range: Range;
}

export interface Heredoc {
  name: string;
  /** The lines between, with tabs taken off for `<<-`. */
  body: string;
  /** False for a quoted delimiter: nothing in the body is expanded. */
  expand: boolean;
  /** Range of the body's lines. */
  range: Range;
}

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Upper case. */
  keyword: string;
  /** From the keyword to the end of its last argument, heredoc bodies excluded. */
  range: Range;
  flags: readonly InstructionFlag[];
  /** `exec` where the arguments are a JSON array of strings. */
  form: "exec" | "shell";
  /** The arguments after the flags. Shell-form RUN, CMD, ENTRYPOINT: one word with the whole text. ENV, LABEL, ARG: `KEY=value` per word. */
  words: readonly Word[];
  heredocs: readonly Heredoc[];
  /** ONBUILD: the instruction that it stores. */
  trigger: Instruction | null;
}

/** A Dockerfile as BuildKit's parser sees it. */
export interface DockerfileSyntax {
  escape: "\\" | "`";
  /** Value of `# syntax=`. */
  syntax: string | null;
  instructions: readonly Instruction[];
  /** What the builder refuses, with its place. */
  errors: readonly { message: string; range: Range }[];
}
