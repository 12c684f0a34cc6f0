import { parseXml } from "../sources/xml.ts";
import type { Extractor } from "../types/facts.ts";

/** XML values as a flat list of keys and values. */
export const xmlExtractor: Extractor<"xml"> = {
  kind: "xml",
  version: 1,
  extract: (source) => parseXml(source.text()),
};
