import type { Extractor, FactKind, FactKinds } from "../types/facts.ts";
import { conflictMark } from "./conflict-mark.ts";

const python = ["py", "pyi"];
const script = ["js", "ts", "jsx", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"];
const yaml = ["yml", "yaml"];
const data = [...yaml, "json", "jsonc", "json5"];
const shell = ["sh", "bash", "zsh", "entrypoint", "envrc"];
const dotenv = ["env", "vars"];
const hcl = ["tf", "tfvars", "hcl", "nomad"];

/**
 * Where each kind's extractor lives. It is loaded when the first provider that names the kind is needed and the name of some
 * file has one of the parts in `likely`, in lower case and without dot; else when a file is asked for after all.
 */
export const extractors: { [K in FactKind]: { likely?: readonly string[]; load: () => Promise<Extractor<K>> } } = {
  "python-environment": {
    likely: python,
    load: async () => (await import("./python-environment.ts")).pythonEnvironmentExtractor,
  },
  "javascript-environment": {
    likely: script,
    load: async () => (await import("./javascript-environment.ts")).javascriptEnvironmentExtractor,
  },
  "accessor-calls": {
    likely: script,
    load: async () => (await import("./javascript-environment.ts")).accessorCallsExtractor,
  },
  "python-accessor-calls": {
    likely: python,
    load: async () => (await import("./python-environment.ts")).pythonAccessorCallsExtractor,
  },
  data: { likely: data, load: async () => (await import("./data.ts")).dataExtractor },
  dockerignore: { load: async () => (await import("./dockerignore.ts")).dockerignoreExtractor },
  lines: { load: async () => (await import("./lines.ts")).linesExtractor },
  dotenv: { likely: dotenv, load: async () => (await import("./dotenv.ts")).dotenvExtractor },
  workflow: { likely: yaml, load: async () => (await import("./workflow.ts")).workflowExtractor },
  "go-environment": { likely: ["go"], load: async () => (await import("./go-environment.ts")).goEnvironmentExtractor },
  "helm-template": {
    likely: [...yaml, "tpl"],
    load: async () => (await import("./helm-template.ts")).helmTemplateExtractor,
  },
  hcl: { likely: hcl, load: async () => (await import("./hcl.ts")).hclExtractor },
  toml: { likely: ["toml"], load: async () => (await import("./toml.ts")).tomlExtractor },
  properties: { likely: ["properties"], load: async () => (await import("./properties.ts")).propertiesExtractor },
  "ini-values": {
    likely: ["ini", "cfg", "cnf"],
    load: async () => (await import("./ini-values.ts")).iniValuesExtractor,
  },
  xml: { likely: ["xml", "config"], load: async () => (await import("./xml.ts")).xmlExtractor },
  "placeholders-data": { likely: data, load: async () => (await import("./placeholders.ts")).placeholdersData },
  "placeholders-config": { likely: data, load: async () => (await import("./placeholders.ts")).placeholdersConfig },
  "placeholders-dotenv": { likely: dotenv, load: async () => (await import("./placeholders.ts")).placeholdersDotenv },
  "placeholders-hcl": { likely: hcl, load: async () => (await import("./placeholders.ts")).placeholdersHcl },
  "placeholders-terraform": {
    likely: hcl,
    load: async () => (await import("./placeholders.ts")).placeholdersTerraform,
  },
  "placeholders-workflow": { likely: yaml, load: async () => (await import("./placeholders.ts")).placeholdersWorkflow },
  "placeholders-toml": { likely: ["toml"], load: async () => (await import("./placeholders.ts")).placeholdersToml },
  "placeholders-properties": {
    likely: ["properties"],
    load: async () => (await import("./placeholders.ts")).placeholdersProperties,
  },
  "placeholders-ini": {
    likely: ["ini", "cfg", "cnf"],
    load: async () => (await import("./placeholders.ts")).placeholdersIni,
  },
  "placeholders-xml": {
    likely: ["xml", "config"],
    load: async () => (await import("./placeholders.ts")).placeholdersXml,
  },
  "placeholders-lines": { load: async () => (await import("./placeholders.ts")).placeholdersLines },
  "deploy-shell": { likely: shell, load: async () => (await import("./deploy-scripts.ts")).deployShell },
  "deploy-make": {
    likely: ["makefile", "gnumakefile", "mk"],
    load: async () => (await import("./deploy-scripts.ts")).deployMake,
  },
  "deploy-data": { likely: data, load: async () => (await import("./deploy-scripts.ts")).deployData },
  recipes: {
    likely: ["makefile", "gnumakefile", "mk", "json"],
    load: async () => (await import("./recipes.ts")).recipesExtractor,
  },
  "code-tokens": { load: async () => (await import("./code-tokens.ts")).codeTokens },
  compose: { likely: yaml, load: async () => (await import("./compose.ts")).composeExtractor },
  kubernetes: { likely: data, load: async () => (await import("./kubernetes.ts")).kubernetesExtractor },
  "python-routes": { likely: python, load: async () => (await import("./routes.ts")).pythonRoutesExtractor },
  "javascript-routes": { likely: script, load: async () => (await import("./routes.ts")).javascriptRoutesExtractor },
  shell: { likely: shell, load: async () => (await import("./shell.ts")).shellExtractor },
  "javascript-imports": {
    likely: script,
    load: async () => (await import("./javascript-imports.ts")).javascriptImportsExtractor,
  },
  "python-breaks": { likely: python, load: async () => (await import("./python-breaks.ts")).pythonBreaksExtractor },
  "conflict-marker": { load: async () => (await import("./conflict-marker.ts")).conflictMarkerExtractor },
  "python-imports": { likely: python, load: async () => (await import("./python-imports.ts")).pythonImportsExtractor },
  ini: { likely: ["ini", "cfg"], load: async () => (await import("./ini.ts")).iniExtractor },
  procfile: { likely: ["procfile"], load: async () => (await import("./procfile.ts")).procfileExtractor },
  dockerfile: { load: async () => (await import("./dockerfile.ts")).dockerfileExtractor },
  "python-syntax": { likely: python, load: async () => (await import("./python-syntax.ts")).pythonSyntaxExtractor },
  "javascript-code": { load: async () => (await import("./javascript-code.ts")).javascriptCodeExtractor },
  "python-migration": {
    likely: python,
    load: async () => (await import("./python-migration.ts")).pythonMigrationExtractor,
  },
  "sql-migration": { likely: ["sql"], load: async () => (await import("./text-migration.ts")).sqlMigrationExtractor },
  "script-migration": {
    likely: script,
    load: async () => (await import("./text-migration.ts")).scriptMigrationExtractor,
  },
  "ruby-migration": { likely: ["rb"], load: async () => (await import("./text-migration.ts")).rubyMigrationExtractor },
  "json-columns": { likely: python, load: async () => (await import("./json-columns.ts")).jsonColumnsExtractor },
  "json-mentions": { likely: python, load: async () => (await import("./json-columns.ts")).jsonMentionsExtractor },
  "json-uses": { likely: python, load: async () => (await import("./json-columns.ts")).jsonUsesExtractor },
};

/**
 * Kinds whose fact is the same for every content without certain bytes. These are looked for whenever a content is read, for whatever kind:
 * to open a file costs several times of what the search does, so the many files without the mark are not opened again for it.
 */
export const markedKinds: { readonly [K in FactKind]?: { mark: Buffer; otherwise: FactKinds[K] } } = {
  "conflict-marker": { mark: conflictMark, otherwise: { line: null } },
};
