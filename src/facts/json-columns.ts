import { readJsonColumns } from "../sources/json-columns.ts";
import { jsonMentions } from "../sources/json-mentions.ts";
import { readJsonUses } from "../sources/json-uses.ts";
import type { Extractor } from "../types/facts.ts";

const claims = (path: string): boolean => /\.py$/.test(path);

/** JSON columns of mapped classes. */
export const jsonColumnsExtractor: Extractor<"json-columns"> = {
  kind: "json-columns",
  version: 4,
  claims,
  extract: (source) => readJsonColumns(source.text()),
};

/** Whose JSON columns a file may use. */
export const jsonMentionsExtractor: Extractor<"json-mentions"> = {
  kind: "json-mentions",
  version: 1,
  claims,
  extract: (source) => jsonMentions(source.text()),
};

/** Unguarded uses of JSON columns. */
export const jsonUsesExtractor: Extractor<"json-uses"> = {
  kind: "json-uses",
  version: 1,
  claims,
  extract: (source) => readJsonUses(source.text()),
};
