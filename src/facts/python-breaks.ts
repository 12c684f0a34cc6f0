import { findPythonBreaks } from "../sources/python-breaks.ts";
import type { Extractor } from "../types/facts.ts";

/** Places where Python refuses a file. */
export const pythonBreaksExtractor: Extractor<"python-breaks"> = {
  kind: "python-breaks",
  version: 1,
  extract: (source) => ({ breaks: findPythonBreaks(source.text()) }),
};
