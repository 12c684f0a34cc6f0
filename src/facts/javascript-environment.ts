import type { readJavascriptEnvironment } from "../sources/javascript-environment.ts";
import type { Extractor } from "../types/facts.ts";

let read: typeof readJavascriptEnvironment | null = null;

/** Files without any of these words are not parsed. */
const MAY_READ =
  /process\.env|meta\.env|\b(?:Bun|Deno)\.env|\$env\/|['"](?:node:)?process['"]|getOrThrow|ConfigService|cleanEnv|createEnv|class-validator|convict|env-var|dotenv-safe|\b[Jj]oi\b|\bz\.object\(\s*\{\s*[A-Z_]{3}|\w\(\s*['"`][A-Z][A-Z0-9]*_[A-Z0-9_]*['"`]/;

/** How a JavaScript or TypeScript file reads its environment. */
export const javascriptEnvironmentExtractor: Extractor<"javascript-environment"> = {
  kind: "javascript-environment",
  version: 1,
  prepare: async () => {
    read = (await import("../sources/javascript-environment.ts")).readJavascriptEnvironment;
  },
  claims: (path) => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path),
  extract: (source) => {
    if (read === null) throw new Error("prepare must be awaited first");
    const text = source.text();
    return MAY_READ.test(text) ? read(text) : { reads: [], provided: [], accessors: [], calls: [], lineStarts: [0] };
  },
};
