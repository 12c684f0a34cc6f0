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
