import { parseDotenv } from "../sources/dotenv.ts";
import type { Extractor } from "../types/facts.ts";

const GIT_CRYPT = Buffer.from("\0GITCRYPT");

/** A dotenv file with the ranges of its names and values. */
export const dotenvExtractor: Extractor<"dotenv"> = {
  kind: "dotenv",
  version: 2,
  binary: true,
  extract(source) {
    // Encrypted by git-crypt: what is deployed is another text.
    if (source.bytes().subarray(0, 9).equals(GIT_CRYPT)) return { entries: [], errors: [], lineStarts: [0] };
    return parseDotenv(source.text());
  },
};
