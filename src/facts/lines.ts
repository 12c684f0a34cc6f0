import type { Extractor } from "../types/facts.ts";

/** A text file line by line, without line ends. */
export const linesExtractor: Extractor<"lines"> = {
  kind: "lines",
  version: 1,
  extract(source) {
    const text = source.text();
    return { lines: text.split(/\r?\n/), carriageReturn: /^[^\n]*\r\n/.test(text) };
  },
};
