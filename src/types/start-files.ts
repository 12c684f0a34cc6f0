/** One command of a shell script, unexpanded. */
export interface ScriptCommand {
  /** As written, assignments in front included, redirections of the whole statement left out. */
  text: string;
  /** Offset of its first character. */
  start: number;
  /** What joins it to the next command. */
  join: "&&" | "||" | ";" | "|" | "&" | null;
  /** Stands in a branch, a loop, a function or after a test. */
  conditional: boolean;
}

/** A shell script as the commands that it may run, in text order. */
export interface ShellScript {
  /** Program of the `#!` line, without directory and `env`; null without one. */
  interpreter: string | null;
  /** Null when the script could not be parsed. */
  commands: ScriptCommand[] | null;
  lineStarts: number[];
}

/** A value of an ini file; `%(x)s` is left as it is. Continuation lines are joined by `\n`. */
export interface IniValue {
  key: string;
  value: string;
  /** Offsets of the value's first line. */
  start: number;
  end: number;
}

/** An ini file (alembic.ini, supervisord.conf) in text order. */
export interface IniFile {
  sections: { name: string; values: IniValue[] }[];
  lineStarts: number[];
}

/** A Procfile in text order. */
export interface Procfile {
  lines: { name: string; command: string; start: number; end: number }[];
  lineStarts: number[];
}
