import type { Extractor, FactKind } from "../types/facts.ts";

/** Where each kind's extractor lives; loaded when the first provider that names the kind is needed. */
export const extractors: { [K in FactKind]: () => Promise<Extractor<K>> } = {
  data: async () => (await import("./data.ts")).dataExtractor,
  dockerignore: async () => (await import("./dockerignore.ts")).dockerignoreExtractor,
  lines: async () => (await import("./lines.ts")).linesExtractor,
  dotenv: async () => (await import("./dotenv.ts")).dotenvExtractor,
  workflow: async () => (await import("./workflow.ts")).workflowExtractor,
  hcl: async () => (await import("./hcl.ts")).hclExtractor,
  toml: async () => (await import("./toml.ts")).tomlExtractor,
  properties: async () => (await import("./properties.ts")).propertiesExtractor,
  "ini-values": async () => (await import("./ini-values.ts")).iniValuesExtractor,
  xml: async () => (await import("./xml.ts")).xmlExtractor,
  compose: async () => (await import("./compose.ts")).composeExtractor,
  kubernetes: async () => (await import("./kubernetes.ts")).kubernetesExtractor,
  shell: async () => (await import("./shell.ts")).shellExtractor,
  "javascript-imports": async () => (await import("./javascript-imports.ts")).javascriptImportsExtractor,
  "python-breaks": async () => (await import("./python-breaks.ts")).pythonBreaksExtractor,
  "conflict-marker": async () => (await import("./conflict-marker.ts")).conflictMarkerExtractor,
  "python-imports": async () => (await import("./python-imports.ts")).pythonImportsExtractor,
  "shell-script": async () => (await import("./shell-script.ts")).shellScriptExtractor,
  ini: async () => (await import("./ini.ts")).iniExtractor,
  procfile: async () => (await import("./procfile.ts")).procfileExtractor,
  dockerfile: async () => (await import("./dockerfile.ts")).dockerfileExtractor,
  "python-syntax": async () => (await import("./python-syntax.ts")).pythonSyntaxExtractor,
  "javascript-code": async () => (await import("./javascript-code.ts")).javascriptCodeExtractor,
};
