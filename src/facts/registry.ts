import type { Extractor, FactKind } from "../types/facts.ts";

/** Where each kind's extractor lives; loaded when the first provider that names the kind is needed. */
export const extractors: { [K in FactKind]: () => Promise<Extractor<K>> } = {
  data: async () => (await import("./data.ts")).dataExtractor,
  dockerignore: async () => (await import("./dockerignore.ts")).dockerignoreExtractor,
  lines: async () => (await import("./lines.ts")).linesExtractor,
  dotenv: async () => (await import("./dotenv.ts")).dotenvExtractor,
  workflow: async () => (await import("./workflow.ts")).workflowExtractor,
  shell: async () => (await import("./shell.ts")).shellExtractor,
  "javascript-imports": async () => (await import("./javascript-imports.ts")).javascriptImportsExtractor,
  "python-imports": async () => (await import("./python-imports.ts")).pythonImportsExtractor,
  "shell-script": async () => (await import("./shell-script.ts")).shellScriptExtractor,
  ini: async () => (await import("./ini.ts")).iniExtractor,
  procfile: async () => (await import("./procfile.ts")).procfileExtractor,
  dockerfile: async () => (await import("./dockerfile.ts")).dockerfileExtractor,
  "python-syntax": async () => (await import("./python-syntax.ts")).pythonSyntaxExtractor,
};
