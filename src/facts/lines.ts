import type { Extractor } from "../types/facts.ts";

/** A text file line by line, without line ends. */
export const linesExtractor: Extractor<"lines"> = {
  kind: "lines",
  version: 1,
  extract(source) {
    const text = source.text();
    return {
      lines: text.includes("\r") ? text.split(/\r?\n/) : text.split("\n"),
      carriageReturn: /^[^\n]*\r\n/.test(text),
    };
  },
};
