import { parseToml } from "../sources/toml.ts";
import type { Extractor } from "../types/facts.ts";

/** TOML as a flat list of keys and values. */
export const tomlExtractor: Extractor<"toml"> = {
  kind: "toml",
  version: 1,
  extract: (source) => parseToml(source.text()),
};
