import { parseData } from "../sources/data.ts";
import type { Extractor } from "../types/facts.ts";

/** YAML and JSON as plain nodes with positions. */
export const dataExtractor: Extractor<"data"> = {
  kind: "data",
  memoryOnly: true,
  version: 1,
  extract: (source) => parseData(source.text()),
};
