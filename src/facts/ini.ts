import { parseIni } from "../sources/ini.ts";
import type { Extractor } from "../types/facts.ts";

/** Sections and values of an ini file. */
export const iniExtractor: Extractor<"ini"> = {
  kind: "ini",
  version: 1,
  extract: (source) => parseIni(source.text()),
};
