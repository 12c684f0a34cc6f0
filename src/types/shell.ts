/** A shell script (sh, bash) as a plain list of commands. Offsets are UTF-16 code units into the file that holds the script. */
export interface ShellScript {
  /** Every simple command in text order, those inside functions, branches and substitutions too. A substitution's commands follow the command that holds it. */
  commands: ShellCommand[];
  /** Functions in text order; a later definition of the same name replaces the earlier. */
  functions: { name: string; start: number; end: number }[];
  /** Where the text is not valid; commands before and after it are still listed. */
  errors: { message: string; offset: number }[];
  /** Offset of the first character of each line of the file; of the script itself when it is a file of its own. */
  lineStarts: number[];
}

/** How a command follows the one before it in the same list. The first command of a list has `;`. A line end counts as `;`. */
export type ShellJoin = ";" | "&&" | "||" | "|" | "|&";

export interface ShellCommand {
  /** The command name when it is written without expansions, else null; null too for assignments alone. Wrappers (`exec`, `sudo`, `env`) are not taken off. */
  name: string | null;
  /** The name and the arguments, in order. Empty for assignments or redirects alone. */
  words: ShellWord[];
  /** `X=1 cmd`, `X=1` and the assignments of `export`, `declare`, `local`, `readonly`. */
  assignments: ShellAssignment[];
  redirects: ShellRedirect[];
  join: ShellJoin;
  /** Followed by `&`, alone or as part of a list or pipeline. */
  background: boolean;
  /** Written after `!`. */
  negated: boolean;
  /** Commands with the same number run as one pipeline. */
  pipeline: number;
  /** What stands around the command, from the outside in. */
  within: ShellNesting[];
  start: number;
  end: number;
}

export interface ShellNesting {
  /**
   * `condition`: of an if, while or until, it always runs when reached; `branch`: then, elif, else; `case`: one pattern of a case; `loop`: the body;
   * `subshell` `( )`, `group` `{ }`, `function`: runs when called; `substitution`: `$( )`, backquotes and `<( )`.
   */
  kind: "condition" | "branch" | "case" | "loop" | "subshell" | "group" | "function" | "substitution";
  /** The function's name. */
  name?: string;
  /** Where the construct starts: equal for commands of the same one. */
  start: number;
}

export interface ShellWord {
  /** Quotes and escapes taken off; expansions stay as written (`$X`, `${X:-1}`, `$(date)`). */
  text: string;
  /** `single` and `double`: the whole word stands in such quotes; `mixed`: a part of it does. */
  quotes: "none" | "single" | "double" | "mixed";
  expansions: ShellExpansion[];
  start: number;
  end: number;
}

export interface ShellExpansion {
  /** `expression`: a workflow's `${{ }}`, its text in `argument`. */
  kind: "variable" | "command" | "arithmetic" | "process" | "expression";
  /** Name of the variable; null for the other kinds. */
  name: string | null;
  /** `:-`, `-`, `:?`, `?`, `:+`, `+`, `:=`, `=`, `#`, `%` …; null for a plain `$X` or `${X}`. */
  operator: string | null;
  /** What follows the operator, as written. */
  argument: string | null;
  start: number;
  end: number;
}

export interface ShellAssignment {
  name: string;
  /** Null for `export X` and for arrays. */
  value: ShellWord | null;
  append: boolean;
  start: number;
  end: number;
}

export interface ShellRedirect {
  /** `<`, `>`, `>>`, `>&`, `&>`, `<<`, `<<-`, `<<<` … */
  operator: string;
  descriptor: string | null;
  /** File or descriptor; the string of `<<<`; null for a here-document. */
  target: ShellWord | null;
  heredoc: ShellHeredoc | null;
  start: number;
  end: number;
}

export interface ShellHeredoc {
  /** The delimiter without quotes. */
  tag: string;
  /** The delimiter is quoted: nothing in the text expands. */
  quoted: boolean;
  /** The lines between, as written (tabs of `<<-` included). */
  text: string;
  expansions: ShellExpansion[];
  start: number;
  end: number;
}
