import type { Extractor } from "../types/facts.ts";

/** A text file line by line, without line ends. */
export const linesExtractor: Extractor<"lines"> = {
  kind: "lines",
  version: 1,
  extract: (source) => ({ lines: source.text().split(/\r?\n/) }),
};
