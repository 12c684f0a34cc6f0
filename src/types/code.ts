import type { RepoPath } from "./text.ts";

/**
 * Python, TypeScript and JavaScript in one small syntax: what the analysis of start-up needs and no more.
 * Both front ends lower to it, so that resolving names and following calls is written once.
 * Plain JSON; `start` and `end` are UTF-16 offsets into the file, `end` exclusive.
 */
export interface Span {
  start: number;
  end: number;
}

export type CodeLanguage = "python" | "javascript";

export interface CodeFile {
  language: CodeLanguage;
  /** Offset of the first character of each line; lineStarts[0] = 0. */
  lineStarts: number[];
  body: Statement[];
  /** JavaScript only: true when an `import` or `export` stands at the top level. */
  esm?: boolean;
  /** True where the parser met text that is not of the language; the rest is still usable. */
  broken?: boolean;
}

export type Expression = Span &
  (
    | { kind: "name"; name: string }
    | { kind: "attribute"; of: Expression; name: string; optional?: boolean; nameStart: number }
    | { kind: "index"; of: Expression; at: Expression }
    | { kind: "call"; callee: Expression; args: Argument[]; isNew?: boolean; optional?: boolean }
    | { kind: "await"; of: Expression }
    /** `value` is null where the text is not constant (a template with holes); `parts` are the holes, `texts` what stands around them (JavaScript). */
    | { kind: "string"; value: string | null; parts?: Expression[]; texts?: string[] }
    /** Number, boolean, None/null/undefined, as written. */
    | { kind: "constant"; text: string }
    | { kind: "list"; shape: "list" | "tuple" | "set"; items: Expression[] }
    | { kind: "dict"; entries: DictEntry[] }
    | { kind: "function"; of: CodeFunction }
    | { kind: "class"; of: CodeClass }
    | { kind: "conditional"; test: Expression; consequent: Expression; otherwise: Expression }
    | { kind: "logical"; operator: "and" | "or" | "??"; left: Expression; right: Expression }
    | { kind: "not"; of: Expression }
    /** Arithmetic and comparison; `operator` as written. */
    | { kind: "binary"; operator: string; left: Expression; right: Expression }
    | { kind: "unary"; operator: string; of: Expression }
    | { kind: "assignment"; target: Expression; value: Expression }
    | {
        kind: "comprehension";
        shape: "list" | "set" | "dict" | "generator";
        target: Expression;
        over: Expression;
        isAsync?: boolean;
        element: Expression;
        rest: Expression[];
      }
    | { kind: "yield"; of: Expression | null; from?: boolean }
    | { kind: "spread"; of: Expression }
    /** Anything else: its parts in the order of evaluation. */
    | { kind: "other"; parts: Expression[] }
  );

export interface Argument {
  /** Keyword name. */
  name?: string;
  /** `*args` / `...args` is 1, `**kwargs` is 2. */
  spread?: 1 | 2;
  value: Expression;
}

export interface DictEntry {
  /** Null for a spread. */
  key: Expression | null;
  value: Expression;
}

export interface Parameter {
  name: string;
  annotation?: Expression;
  value?: Expression;
  rest?: boolean;
  /** JavaScript: the names taken out of an object pattern. */
  pattern?: { key: string; name: string }[];
  /** TypeScript: `constructor(private db: Db)` declares a field. */
  field?: boolean;
  decorators?: Expression[];
}

export interface CodeFunction extends Span {
  /** Empty for a lambda or arrow. */
  name: string;
  nameStart: number;
  nameEnd: number;
  parameters: Parameter[];
  returns?: Expression;
  body: Statement[];
  isAsync: boolean;
  isGenerator: boolean;
  /** JavaScript: `get x()`; Python getters are found by their decorator. */
  isGetter?: boolean;
  isStatic?: boolean;
  decorators: Expression[];
  /** A declaration without a body: overload, abstract method, stub. */
  bodiless?: boolean;
  /** JavaScript: an arrow or lambda whose body is one expression. */
  isExpression?: boolean;
}

export interface CodeClass extends Span {
  name: string;
  nameStart: number;
  nameEnd: number;
  bases: Expression[];
  keywords: Argument[];
  decorators: Expression[];
  body: Statement[];
}

export interface ImportedName extends Span {
  /** The exported name; `default` and `*` as in JavaScript. */
  name: string;
  local: string;
  typeOnly?: boolean;
}

export interface Handler extends Span {
  /** What it catches; empty: everything. */
  types: Expression[];
  name: string | null;
  body: Statement[];
}

export type Statement = Span &
  (
    | { kind: "expression"; value: Expression }
    | {
        kind: "assign";
        targets: Expression[];
        /** Null for a declaration without a value. */
        value: Expression | null;
        annotation?: Expression;
        /** JavaScript: how it was declared. A class field is "field". */
        declared?: "const" | "let" | "var" | "field";
        isStatic?: boolean;
        augmented?: boolean;
      }
    | { kind: "return"; value: Expression | null }
    | { kind: "throw"; value: Expression | null }
    | { kind: "if"; test: Expression; consequent: Statement[]; otherwise: Statement[] }
    | {
        kind: "for";
        target: Expression;
        over: Expression;
        body: Statement[];
        otherwise: Statement[];
        isAsync?: boolean;
        declared?: "const" | "let" | "var";
      }
    | { kind: "while"; test: Expression; body: Statement[]; otherwise: Statement[]; atLeastOnce?: boolean }
    | {
        kind: "try";
        body: Statement[];
        handlers: Handler[];
        otherwise: Statement[];
        finally: Statement[];
      }
    | { kind: "with"; items: { value: Expression; as: Expression | null }[]; body: Statement[]; isAsync?: boolean }
    | { kind: "match"; subject: Expression; cases: { body: Statement[]; isDefault: boolean; falls?: boolean }[] }
    | { kind: "function"; of: CodeFunction }
    | { kind: "class"; of: CodeClass }
    /** Python: `level` counts the dots. JavaScript: level 0. `names` empty: only for its effect, or Python's `import a.b` with `local`. */
    | {
        kind: "import";
        module: string;
        level: number;
        names: ImportedName[];
        /** Python `import a.b as c`: c; `import a.b`: a. */
        local?: string;
        /** Python `import a.b as c`: the local name is the module itself, not its first segment. */
        whole?: boolean;
        star?: boolean;
        typeOnly?: boolean;
      }
    /** JavaScript: `export { a as b } from "m"`, `export *`. */
    | { kind: "export"; module: string | null; names: { local: string; name: string }[]; star?: boolean }
    | { kind: "export-default"; value: Expression }
    | { kind: "global"; names: string[] }
    | { kind: "break" | "continue" | "pass" }
    | { kind: "block"; body: Statement[] }
  );

/** A place in the code of one file. */
export interface CodePlace extends Span {
  path: RepoPath;
}
