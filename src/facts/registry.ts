import type { Extractor, FactKind } from "../types/facts.ts";

/** Where each kind's extractor lives; loaded when the first provider that names the kind is needed. */
export const extractors: { [K in FactKind]: () => Promise<Extractor<K>> } = {
  data: async () => (await import("./data.ts")).dataExtractor,
  dotenv: async () => (await import("./dotenv.ts")).dotenvExtractor,
  workflow: async () => (await import("./workflow.ts")).workflowExtractor,
  hcl: async () => (await import("./hcl.ts")).hclExtractor,
  toml: async () => (await import("./toml.ts")).tomlExtractor,
  properties: async () => (await import("./properties.ts")).propertiesExtractor,
  ini: async () => (await import("./ini.ts")).iniExtractor,
  xml: async () => (await import("./xml.ts")).xmlExtractor,
  compose: async () => (await import("./compose.ts")).composeExtractor,
  kubernetes: async () => (await import("./kubernetes.ts")).kubernetesExtractor,
  shell: async () => (await import("./shell.ts")).shellExtractor,
  dockerfile: async () => (await import("./dockerfile.ts")).dockerfileExtractor,
};
