import { scanJavascriptImports } from "../sources/javascript-imports.ts";
import { lineStartsOf } from "../text/positions.ts";
import type { Extractor } from "../types/facts.ts";

/** Every import of a JavaScript or TypeScript file, in text order. */
export const javascriptImportsExtractor: Extractor<"javascript-imports"> = {
  kind: "javascript-imports",
  version: 1,
  extract(source) {
    const text = source.text();
    return { imports: scanJavascriptImports(text), lineStarts: lineStartsOf(text) };
  },
};
