import type { Extractor, FactKind } from "../types/facts.ts";

/** Where each kind's extractor lives; loaded when the first provider that names the kind is needed. */
export const extractors: { [K in FactKind]: () => Promise<Extractor<K>> } = {
  data: async () => (await import("./data.ts")).dataExtractor,
  dotenv: async () => (await import("./dotenv.ts")).dotenvExtractor,
  workflow: async () => (await import("./workflow.ts")).workflowExtractor,
  hcl: async () => (await import("./hcl.ts")).hclExtractor,
  shell: async () => (await import("./shell.ts")).shellExtractor,
  dockerfile: async () => (await import("./dockerfile.ts")).dockerfileExtractor,
};
