import { parseIniValues } from "../sources/properties.ts";
import type { Extractor } from "../types/facts.ts";

/** The values of an ini file as a flat list with the ranges of keys and values. */
export const iniValuesExtractor: Extractor<"ini-values"> = {
  kind: "ini-values",
  version: 1,
  extract: (source) => parseIniValues(source.text()),
};
