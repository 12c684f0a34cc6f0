import type { Extractor, FactKind, FactKinds } from "../types/facts.ts";
import { conflictMark } from "./conflict-mark.ts";

/** Where each kind's extractor lives; loaded when the first provider that names the kind is needed. */
export const extractors: { [K in FactKind]: () => Promise<Extractor<K>> } = {
  "python-environment": async () => (await import("./python-environment.ts")).pythonEnvironmentExtractor,
  "javascript-environment": async () => (await import("./javascript-environment.ts")).javascriptEnvironmentExtractor,
  "accessor-calls": async () => (await import("./javascript-environment.ts")).accessorCallsExtractor,
  "python-accessor-calls": async () => (await import("./python-environment.ts")).pythonAccessorCallsExtractor,
  data: async () => (await import("./data.ts")).dataExtractor,
  dockerignore: async () => (await import("./dockerignore.ts")).dockerignoreExtractor,
  lines: async () => (await import("./lines.ts")).linesExtractor,
  dotenv: async () => (await import("./dotenv.ts")).dotenvExtractor,
  workflow: async () => (await import("./workflow.ts")).workflowExtractor,
  "go-environment": async () => (await import("./go-environment.ts")).goEnvironmentExtractor,
  "helm-template": async () => (await import("./helm-template.ts")).helmTemplateExtractor,
  hcl: async () => (await import("./hcl.ts")).hclExtractor,
  toml: async () => (await import("./toml.ts")).tomlExtractor,
  properties: async () => (await import("./properties.ts")).propertiesExtractor,
  "ini-values": async () => (await import("./ini-values.ts")).iniValuesExtractor,
  xml: async () => (await import("./xml.ts")).xmlExtractor,
  "placeholders-data": async () => (await import("./placeholders.ts")).placeholdersData,
  "placeholders-config": async () => (await import("./placeholders.ts")).placeholdersConfig,
  "placeholders-dotenv": async () => (await import("./placeholders.ts")).placeholdersDotenv,
  "placeholders-hcl": async () => (await import("./placeholders.ts")).placeholdersHcl,
  "placeholders-terraform": async () => (await import("./placeholders.ts")).placeholdersTerraform,
  "placeholders-workflow": async () => (await import("./placeholders.ts")).placeholdersWorkflow,
  "placeholders-toml": async () => (await import("./placeholders.ts")).placeholdersToml,
  "placeholders-properties": async () => (await import("./placeholders.ts")).placeholdersProperties,
  "placeholders-ini": async () => (await import("./placeholders.ts")).placeholdersIni,
  "placeholders-xml": async () => (await import("./placeholders.ts")).placeholdersXml,
  "placeholders-lines": async () => (await import("./placeholders.ts")).placeholdersLines,
  "deploy-shell": async () => (await import("./deploy-scripts.ts")).deployShell,
  "deploy-make": async () => (await import("./deploy-scripts.ts")).deployMake,
  "deploy-data": async () => (await import("./deploy-scripts.ts")).deployData,
  "code-tokens": async () => (await import("./code-tokens.ts")).codeTokens,
  compose: async () => (await import("./compose.ts")).composeExtractor,
  kubernetes: async () => (await import("./kubernetes.ts")).kubernetesExtractor,
  "python-routes": async () => (await import("./routes.ts")).pythonRoutesExtractor,
  "javascript-routes": async () => (await import("./routes.ts")).javascriptRoutesExtractor,
  shell: async () => (await import("./shell.ts")).shellExtractor,
  "javascript-imports": async () => (await import("./javascript-imports.ts")).javascriptImportsExtractor,
  "python-breaks": async () => (await import("./python-breaks.ts")).pythonBreaksExtractor,
  "conflict-marker": async () => (await import("./conflict-marker.ts")).conflictMarkerExtractor,
  "python-imports": async () => (await import("./python-imports.ts")).pythonImportsExtractor,
  ini: async () => (await import("./ini.ts")).iniExtractor,
  procfile: async () => (await import("./procfile.ts")).procfileExtractor,
  dockerfile: async () => (await import("./dockerfile.ts")).dockerfileExtractor,
  "python-syntax": async () => (await import("./python-syntax.ts")).pythonSyntaxExtractor,
  "javascript-code": async () => (await import("./javascript-code.ts")).javascriptCodeExtractor,
  "python-migration": async () => (await import("./python-migration.ts")).pythonMigrationExtractor,
  "sql-migration": async () => (await import("./text-migration.ts")).sqlMigrationExtractor,
  "script-migration": async () => (await import("./text-migration.ts")).scriptMigrationExtractor,
  "ruby-migration": async () => (await import("./text-migration.ts")).rubyMigrationExtractor,
  "json-columns": async () => (await import("./json-columns.ts")).jsonColumnsExtractor,
};

/**
 * Kinds whose fact is the same for every content without certain bytes. These are looked for whenever a content is read, for whatever kind:
 * to open a file costs several times of what the search does, so the many files without the mark are not opened again for it.
 */
export const markedKinds: { readonly [K in FactKind]?: { mark: Buffer; otherwise: FactKinds[K] } } = {
  "conflict-marker": { mark: conflictMark, otherwise: { line: null } },
};
