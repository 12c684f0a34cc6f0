import { parseShell, prepareShell } from "../sources/shell.ts";
import type { Extractor } from "../types/facts.ts";

/** A shell script as a list of commands. */
export const shellExtractor: Extractor<"shell"> = {
  kind: "shell",
  memoryOnly: true,
  version: 1,
  prepare: () => prepareShell(),
  deferrable: true,
  extract: (source) => parseShell(source.text()),
};
