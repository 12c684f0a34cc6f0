import { parseDockerfile } from "../sources/dockerfile.ts";
import type { Extractor } from "../types/facts.ts";

/** A Dockerfile as BuildKit parses it. */
export const dockerfileExtractor: Extractor<"dockerfile"> = {
  kind: "dockerfile",
  version: 1,
  extract: (source) => parseDockerfile(source.text()),
};
