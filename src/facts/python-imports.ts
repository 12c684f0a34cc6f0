import { scanPythonImports } from "../sources/python-imports.ts";
import type { Extractor } from "../types/facts.ts";

/** Every import of a Python file. */
export const pythonImportsExtractor: Extractor<"python-imports"> = {
  kind: "python-imports",
  version: 1,
  extract: (source) => scanPythonImports(source.text()),
};
