import type { parseJavascriptCode } from "../sources/javascript-code.ts";
import type { Extractor } from "../types/facts.ts";

let parse: typeof parseJavascriptCode | null = null;

/** A JavaScript or TypeScript file in the common syntax. Larger than its source, so it is never written to the cache. */
export const javascriptCodeExtractor: Extractor<"javascript-code"> = {
  kind: "javascript-code",
  version: 1,
  memoryOnly: true,
  claims: (path) => /\.[cm]?[jt]sx?$|(?:^|\/)[^./]+$/.test(path),
  // The compiler is by far the largest thing that is ever loaded; only what prepares this kind pays for it.
  prepare: async () => {
    parse = (await import("../sources/javascript-code.ts")).parseJavascriptCode;
  },
  extract: (source) => {
    if (parse === null) throw new Error("prepare must be awaited first");
    return parse(source.text());
  },
};
