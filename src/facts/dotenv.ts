import { parseDotenv } from "../sources/dotenv.ts";
import type { Extractor } from "../types/facts.ts";

/** A dotenv file with the ranges of its names and values. */
export const dotenvExtractor: Extractor<"dotenv"> = {
  kind: "dotenv",
  version: 1,
  extract: (source) => parseDotenv(source.text()),
};
