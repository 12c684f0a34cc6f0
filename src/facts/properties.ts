import { parseProperties } from "../sources/properties.ts";
import type { Extractor } from "../types/facts.ts";

/** Java properties as a flat list of keys and values. */
export const propertiesExtractor: Extractor<"properties"> = {
  kind: "properties",
  version: 1,
  extract: (source) => parseProperties(source.text()),
};
