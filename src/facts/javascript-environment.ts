import type { readJavascriptEnvironment } from "../sources/javascript-environment.ts";
import type { EnvironmentReads } from "../types/environment-read.ts";
import type { Extractor } from "../types/facts.ts";
import type { RepoPath } from "../types/text.ts";
import { calledNames, onlyCalls } from "./called-names.ts";

let read: typeof readJavascriptEnvironment | null = null;

/** What reads the environment by itself, and the libraries that read it by a schema. Files without any of this are not parsed. */
const READS =
  /(?:process|meta|Bun|Deno)[\s!?]*(?:\.\s*env\b|\[\s*['"`]env['"`])|\$env\/|['"](?:node:)?process['"]|getOrThrow|ConfigService|[cC]leanEnv|createEnv|['"]class-validator['"]|['"]convict['"]|['"]env-var['"]|['"]dotenv-safe/;
/** Schemas of zod, Joi and Yup count only with a variable's name as a key. */
const SCHEMAS =
  /(?<![\w$])(?:[zZ]|zod|[jJ]oi|[yY]up)\s*\.\s*(?:object|strictObject|looseObject)\b|['"](?:zod|@?(?:hapi\/)?joi|yup)(?:\/[\w-]+)?['"]/;
const KEYS = /(?<![\w$])[A-Z][A-Z0-9_]*['"]?\s*:/;

export const mayRead = (text: string): boolean => READS.test(text) || (SCHEMAS.test(text) && KEYS.test(text));

const prepare = async (): Promise<void> => {
  read = (await import("../sources/javascript-environment.ts")).readJavascriptEnvironment;
};

const claims = (path: RepoPath): boolean => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);

function readWith(text: string): EnvironmentReads {
  if (read === null) throw new Error("prepare must be awaited first");
  return read(text);
}

/** How a JavaScript or TypeScript file reads its environment. Of files that only call what may be an accessor of another file, see `accessorCalls`. */
export const javascriptEnvironmentExtractor: Extractor<"javascript-environment"> = {
  kind: "javascript-environment",
  version: 10,
  prepare,
  claims,
  extract: (source) => {
    const text = source.text();
    const called = calledNames(text);
    if (!mayRead(text)) return onlyCalls(called);
    return { ...readWith(text), ...(called.length > 0 ? { called } : {}) };
  },
};

/** The same for files that only call: parsed where the accessor exists that they seem to call. */
export const accessorCallsExtractor: Extractor<"accessor-calls"> = {
  kind: "accessor-calls",
  version: 9,
  prepare,
  claims,
  extract: (source) => {
    const text = source.text();
    return mayRead(text) ? onlyCalls([]) : readWith(text);
  },
};
