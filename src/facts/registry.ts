import type { Extractor, FactKind } from "../types/facts.ts";

/** Where each kind's extractor lives; loaded when the first provider that names the kind is needed. */
export const extractors: { [K in FactKind]: () => Promise<Extractor<K>> } = {
  data: async () => (await import("./data.ts")).dataExtractor,
  "python-syntax": async () => (await import("./python-syntax.ts")).pythonSyntaxExtractor,
  "javascript-code": async () => (await import("./javascript-code.ts")).javascriptCodeExtractor,
};
