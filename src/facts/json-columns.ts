import { readJsonColumns } from "../sources/json-columns.ts";
import type { Extractor } from "../types/facts.ts";

/** JSON columns of mapped classes and their unguarded uses. */
export const jsonColumnsExtractor: Extractor<"json-columns"> = {
  kind: "json-columns",
  version: 3,
  claims: (path) => /\.py$/.test(path),
  extract: (source) => readJsonColumns(source.text()),
};
