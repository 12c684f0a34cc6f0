/** A GitHub expression as a flat list of what it reads and calls. Offsets are UTF-16 code units into the file. */
export interface Expression {
  /** The text between `${{` and `}}`, or the whole value of an `if:` without them. */
  text: string;
  accesses: ContextAccess[];
  calls: ExpressionCall[];
  /** Why the text is no expression, or null. */
  error: string | null;
  start: number;
  end: number;
}

/** `needs.build.outputs.x`: context `needs`, path `["build", "outputs", "x"]`. Names compare without case; both are given in lower case… as written in `path`. */
export interface ContextAccess {
  /** `needs`, `steps`, `secrets`, `env`, `vars`, `inputs`, `github`, `matrix`, `job` … in lower case. */
  context: string;
  /** Keys as written, `.x` and `['x']` alike; null for a computed key (`[env.X]`), "*" for a filter. */
  path: (string | null)[];
  /** The operator that follows: `secrets.X || 'd'` has `||`, `secrets.X != ''` has `!=`; null where none does. */
  next: string | null;
  /** The operator before: `!`, `==`, `&&`, `||` …; null where none is. */
  previous: string | null;
  start: number;
  end: number;
}

export interface ExpressionCall {
  /** In lower case: `always`, `cancelled`, `contains`, `fromjson`. */
  name: string;
  /** Directly after `!`. */
  negated: boolean;
  start: number;
  end: number;
}
