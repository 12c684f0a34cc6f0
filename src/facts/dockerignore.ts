import { parseIgnoreFile } from "../sources/dockerignore.ts";
import type { Extractor } from "../types/facts.ts";

/** A .dockerignore as BuildKit reads it. */
export const dockerignoreExtractor: Extractor<"dockerignore"> = {
  kind: "dockerignore",
  version: 1,
  extract: (source) => parseIgnoreFile(source.text()),
};
