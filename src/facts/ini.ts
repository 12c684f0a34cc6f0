import { parseIni } from "../sources/properties.ts";
import type { Extractor } from "../types/facts.ts";

/** ini files as a flat list of keys and values. */
export const iniExtractor: Extractor<"ini"> = {
  kind: "ini",
  version: 1,
  extract: (source) => parseIni(source.text()),
};
