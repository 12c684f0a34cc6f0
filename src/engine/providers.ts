import type { EvidenceProvider, ModelName, ModelProvider } from "../types/model.ts";

export type Provider<K extends ModelName = ModelName> = ModelProvider<K> | EvidenceProvider<K>;

/** Models that the engine gives from what it already holds. */
export type GivenModel = "files" | "config" | "suppressions";

/** Where each model and each piece of evidence comes from; loaded when the first enabled rule needs it. */
export const providers: { readonly [K in Exclude<ModelName, GivenModel>]?: () => Promise<Provider<K>> } = {
  secretUses: async () => (await import("../model/secret-uses.ts")).secretUsesProvider,
  remoteInventories: async () => (await import("../evidence/secret-inventories.ts")).remoteInventories,
  secrets: async () => (await import("../model/secrets.ts")).secretsProvider,
  ignorePatterns: async () => (await import("../model/ignore-patterns.ts")).ignorePatternsProvider,
  imports: async () => (await import("../model/imports.ts")).importsProvider,
  brokenSources: async () => (await import("../model/broken-sources.ts")).brokenSourcesProvider,
  lostFiles: async () => (await import("../model/lost-files.ts")).lostFilesProvider,
  closures: async () => (await import("../model/closures.ts")).closuresProvider,
  builds: async () => (await import("../model/builds.ts")).buildsProvider,
  ignoreFiles: async () => (await import("../model/ignore-files.ts")).ignoreFilesProvider,
  archives: async () => (await import("../evidence/archives.ts")).archivesProvider,
  imageContents: async () => (await import("../model/image-contents.ts")).imageContentsProvider,
  images: async () => (await import("../model/images.ts")).imagesProvider,
  containers: async () => (await import("../model/containers.ts")).containersProvider,
  entries: async () => (await import("../model/entries.ts")).entriesProvider,
  startup: async () => (await import("../model/startup.ts")).startupProvider,
  compose: async () => (await import("../model/compose.ts")).composeProvider,
  settings: async () => (await import("../model/settings.ts")).settingsProvider,
  checklists: async () => (await import("../evidence/checklists.ts")).checklists,
  routes: async () => (await import("../model/routes.ts")).routesProvider,
  procfiles: async () => (await import("../model/procfiles.ts")).procfilesProvider,
  workflows: async () => (await import("../model/workflows.ts")).workflowsProvider,
  kubernetes: async () => (await import("../model/kubernetes.ts")).kubernetesProvider,
  placeholders: async () => (await import("../model/placeholders.ts")).placeholdersProvider,
  history: async () => (await import("../evidence/history.ts")).history,
  environmentKeys: async () => (await import("../model/environment-keys.ts")).environmentKeys,
  jsonColumns: async () => (await import("../model/json-columns.ts")).jsonColumns,
  migrations: async () => (await import("../model/migrations.ts")).migrations,
  pendingMigrations: async () => (await import("../model/pending-migrations.ts")).pendingMigrations,
  drift: async () => (await import("../model/drift.ts")).drift,
};

/** A provider by name; null for the models that the engine gives itself. */
export function providerOf(name: ModelName): (() => Promise<Provider>) | null {
  const all = providers as Readonly<Record<string, () => Promise<unknown>>>;
  return (all[name] as (() => Promise<Provider>) | undefined) ?? null;
}
