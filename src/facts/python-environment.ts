import { parsePython } from "../sources/python.ts";
import type { EnvironmentReads } from "../types/environment-read.ts";
import type { Extractor } from "../types/facts.ts";
import type { PythonFile } from "../types/python.ts";
import { CALLS, calledNames, onlyCalls } from "./called-names.ts";
import { readerOf, topLevel } from "./python-environment/reader.ts";
import { block } from "./python-environment/statements.ts";
import { constantsOf } from "./python-environment/syntax.ts";

/** How a Python file reads its environment: os.environ, django-environ, decouple, pydantic settings, own accessors. */
export const pythonEnvironmentExtractor: Extractor<"python-environment"> = {
  kind: "python-environment",
  version: 11,
  claims: (path) => /\.py$/.test(path),
  extract(source) {
    // One byte a character is enough to look for words, and most files are done with that.
    const bytes = source.bytes().toString("latin1");
    if (!MAY_SAY.test(bytes)) return onlyCalls([]);
    const called = calledNames(bytes);
    if (!MAY_READ.test(bytes)) return onlyCalls(called);
    const text = source.text();
    return { ...readFile(parsePython(text), text), ...(called.length > 0 ? { called } : {}) };
  },
};

/** The same for a file that only calls functions with names of variables: parsed where the accessor exists that it seems to call. */
export const pythonAccessorCallsExtractor: Extractor<"python-accessor-calls"> = {
  kind: "python-accessor-calls",
  version: 9,
  claims: (path) => /\.py$/.test(path),
  extract(source) {
    const text = source.text();
    return MAY_READ.test(text) ? onlyCalls([]) : readFile(parsePython(text), text);
  },
};

/** Files without any of these words are not parsed. */
const MAY_READ =
  /nv(?:iron|\b|\(|_?(?:var|name|key))|BaseSettings|decouple|dynaconf|class[ \t]+\w*Settings\w*[ \t]*\(|class[ \t]+\w+[ \t]*\([^)\n]*Settings\b/;

/** Either of the two that a file may be of use for: one pass over the many that are of none. */
const MAY_SAY = new RegExp(`${MAY_READ.source}|${CALLS.source}`);

function readFile(file: PythonFile, text: string): EnvironmentReads {
  const reader = readerOf(file, text);
  block(file.body, { ...topLevel, values: constantsOf(file, text) }, reader);
  return reader.result;
}
