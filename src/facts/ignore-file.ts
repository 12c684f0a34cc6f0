import { parseIgnoreFile } from "../sources/dockerignore.ts";
import type { Extractor } from "../types/facts.ts";

/** The patterns of an ignore file as BuildKit reads them. */
export const ignoreFileExtractor: Extractor<"ignoreFile"> = {
  kind: "ignoreFile",
  version: 1,
  extract: (source) => parseIgnoreFile(source.text()),
};
