import { parseProcfile } from "../sources/ini.ts";
import type { Extractor } from "../types/facts.ts";

/** Processes of a Procfile. */
export const procfileExtractor: Extractor<"procfile"> = {
  kind: "procfile",
  version: 1,
  extract: (source) => parseProcfile(source.text()),
};
