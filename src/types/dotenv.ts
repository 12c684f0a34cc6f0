/** A dotenv file. Offsets are UTF-16 code units. Values serve to recognise placeholders; they must never be printed. */
export interface DotenvFile {
  /** In text order; a name may stand several times, the last one counts. */
  entries: DotenvEntry[];
  errors: DotenvError[];
  lineStarts: number[];
}

export interface DotenvEntry {
  name: string;
  /** Range of the name. */
  start: number;
  end: number;
  /** Quotes and a comment taken off, `\n` of a double-quoted value turned into line ends. Never print it. */
  value: string;
  /** Range of the value's text inside its quotes; empty where there is none. */
  valueStart: number;
  valueEnd: number;
  quotes: "none" | "single" | "double" | "backquote";
  /** Written after `export`. */
  exported: boolean;
}

export interface DotenvError {
  /**
   * `no-assignment`: a line without `=`; `name` is set where the line is one name (which compose passes on from the process);
   * `unclosed-quote`: the value starts with a quote that never closes; `literal-newline`: a written `\n` where a line end was meant, followed by another assignment;
   * `nul`: the text is no text (UTF-16, most often), and nothing of it was read.
   */
  kind: "no-assignment" | "unclosed-quote" | "literal-newline" | "nul";
  name: string | null;
  start: number;
  end: number;
}
