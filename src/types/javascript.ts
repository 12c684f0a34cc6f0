/** One import of a JavaScript or TypeScript file, found without a parser. Offsets are UTF-16 code units. */
export interface JavascriptImport {
  /** As written between the quotes, escapes resolved where they are plain. */
  specifier: string;
  /** Offset of the statement's or call's first character. */
  from: number;
  /** Range of the literal, quotes included. */
  start: number;
  end: number;
  kind: "import" | "export" | "require" | "dynamic";
  /** `import type`, `export type`, all names marked `type`, or inside `declare module`: never runs. */
  type: boolean;
  /** Stands in a function body, a parameter default or an instance field: runs when that is called. */
  inFunction: boolean;
  /** Stands in a `try` of the same function whose `catch` goes on; or has its own `.catch(…)`. */
  guarded: boolean;
}

/** What a file imports, in text order. */
export interface JavascriptImports {
  imports: JavascriptImport[];
  lineStarts: number[];
}
