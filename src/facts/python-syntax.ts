import { parsePython } from "../sources/python.ts";
import type { Extractor } from "../types/facts.ts";

/** A Python file as a tree of plain objects. Larger than its source, so it is never written to the cache. */
export const pythonSyntaxExtractor: Extractor<"python-syntax"> = {
  kind: "python-syntax",
  version: 2,
  memoryOnly: true,
  claims: (path) => /\.pyi?$/.test(path),
  extract: (source) => parsePython(source.text()),
};
