import type { Extractor, FactKind } from "../types/facts.ts";

/** Where each kind's extractor lives; loaded when the first provider that names the kind is needed. */
export const extractors: { [K in FactKind]: () => Promise<Extractor<K>> } = {
  data: async () => (await import("./data.ts")).dataExtractor,
  dockerignore: async () => (await import("./dockerignore.ts")).dockerignoreExtractor,
  lines: async () => (await import("./lines.ts")).linesExtractor,
  dotenv: async () => (await import("./dotenv.ts")).dotenvExtractor,
  shell: async () => (await import("./shell.ts")).shellExtractor,
  dockerfile: async () => (await import("./dockerfile.ts")).dockerfileExtractor,
};
