import type { Config } from "../config/schema.ts";
import type { EntryModel } from "./entry.ts";
import type { FactKind, FactReader } from "./facts.ts";
import type { DriftModel, HistoryModel } from "./history.ts";
import type { IgnorePatternsModel } from "./ignore.ts";
import type { ArchiveReader, BuildsModel, IgnoreFilesModel, ImageContentsModel, ImagesModel } from "./image.ts";
import type { MigrationsModel } from "./migrations.ts";
import type { Missing } from "./missing.ts";
import type { SecretsModel } from "./secret-reference.ts";
import type { SuppressionsModel } from "./suppression.ts";
import type { Location, RepoPath } from "./text.ts";
import type { FileTree, Workspace } from "./workspace.ts";

/**
 * Every model and every piece of evidence that a check may need, by name.
 * A family adds a line here, a provider under src/model/ or src/evidence/ and a line in src/engine/providers.ts.
 */
export interface Models {
  /** Who wants which secret or variable, what gives it, and what exists. */
  secrets: SecretsModel;
  /** What everything but code wants of secrets and variables, and wires. */
  secretUses: import("./secret-uses.ts").SecretUses;
  /** The secret inventories that stand behind the network. */
  remoteInventories: import("./secrets.ts").RemoteInventories;
  /** The listed paths. */
  files: FileTree;
  /** predeploy.yml, or the defaults. */
  config: ConfigModel;
  /** What git knows of the commits between what would be shipped and what runs. */
  history: HistoryModel;
  /** The comparisons with what is wrong about them. */
  drift: DriftModel;
  /** What the dotenv files of staging and production do not share. */
  environmentKeys: import("./environment-keys.ts").EnvironmentKeysModel;
  /** JSON columns that may hold NULL and what takes them for filled. */
  jsonColumns: import("./json-columns.ts").JsonColumnsModel;
  /** Every chain of database migrations. */
  migrations: MigrationsModel;
  /** The migrations that have not run yet, and what the code still names of what they take away. */
  pendingMigrations: import("./migrations.ts").PendingMigrationsModel;
  /** Every way in which an image is built. */
  builds: BuildsModel;
  /** Every .dockerignore-like file, with the builds that read it. */
  ignoreFiles: IgnoreFilesModel;
  /** Looks into files that ADD may unpack. */
  archives: ArchiveReader;
  /** What the patterns of each ignore file do to its context. */
  ignorePatterns: IgnorePatternsModel;
  /** Every process that the repository defines, with what its command names. */
  entries: EntryModel;
  /** What rules need of the contents of files that go into images. */
  imageContents: ImageContentsModel;
  /** What each build puts into its image. */
  images: ImagesModel;
  /** Which image of the repository each container of a manifest runs. */
  containers: import("./containers.ts").ContainersModel;
  /** Every compose project, its files merged. */
  compose: import("./compose.ts").ComposeModel;
  /** Workflows and composite actions. */
  workflows: import("./workflow.ts").WorkflowModel;
  /** What each environment is given. */
  settings: import("./settings.ts").SettingsModel;
  /** The deploy checklists that predeploy.yml names. */
  checklists: import("./checklist.ts").ChecklistsModel;
  /** HTTP paths that each build's program can serve. */
  routes: import("./routes.ts").RoutesModel;
  /** The processes of every Procfile. */
  procfiles: import("./workflow.ts").ProcfileModel;
  /** Every Kubernetes object that is written out. */
  kubernetes: import("./kubernetes.ts").KubernetesModel;
  /** What became of each suppression; there after every other rule has run. */
  suppressions: SuppressionsModel;
  /** Every placeholder in a file that is deployed as it is. */
  placeholders: import("./placeholders.ts").PlaceholdersModel;
  /** What each file imports. */
  imports: import("./imports.ts").ImportModel;
  /** What each entry's start-up imports. */
  closures: import("./imports.ts").ClosureModel;
  /** Sources that certainly do not compile. */
  brokenSources: import("./imports.ts").BrokenSourcesModel;
  /** What start-up needs and images lack. */
  lostFiles: import("./imports.ts").LostFilesModel;
  /** What happens while each process starts, and in which order. */
  startup: import("./startup.ts").StartupModel;
}

export interface ConfigModel {
  /** Path of the config file, null without one. */
  path: RepoPath | null;
  config: Config;
  /** Where a value stands in the config file: keys and indexes from the root, e.g. ["startup", 0, "before"]. Line 1 where unknown. */
  locate(keys: readonly (string | number)[], key?: boolean): Location;
}

export type ModelName = keyof Models & string;

/** The commit that a change is compared with, and where git reads its tree. */
export interface BaseTree {
  commit: string;
  /** Object name of the commit, or of its tree. */
  tree: string;
  /** A folder of the repository that holds the tree: the checked one, or one of ours. */
  directory: string;
}

/** What one run was asked for, as far as models and evidence care. */
export interface RunOptions {
  /** Only this environment; null: all. */
  environment: string | null;
  /** Whether sockets may be opened. */
  online: boolean;
  /** `--present NAME=true|false`. */
  present: ReadonlyMap<string, boolean>;
  /** `--deployed SHA`. */
  deployed: string | null;
  /** The commit that the tree stands for; null: HEAD. Another one while the base of a change is looked at. */
  head?: string | null;
  /** What a change is compared with (`--base`); null: nothing. */
  base?: BaseTree | null;
  /** Milliseconds since the epoch; injectable by PREDEPLOY_NOW. */
  now: number;
}

export interface ModelInput<N extends ModelName = ModelName> {
  files: FileTree;
  facts: FactReader;
  config: ConfigModel;
  options: RunOptions;
  /** The models named by the provider's `needs`. */
  known: Pick<Models, N>;
  /** The target text of a symbolic link, or null. */
  linkTarget(path: RepoPath): string | null;
  /** Lists a file as unread: it should have been understood and was not. */
  noteUnread(path: RepoPath, reason: string): void;
  /** Tells that much has become garbage (`letGo`: a large model): a good time to free it. */
  relieve?(letGo?: boolean): void;
}

/** What evidence may use beyond what a model may: the repository's place on disk, the process environment. */
export interface EvidenceInput<N extends ModelName = ModelName> extends ModelInput<N> {
  workspace: Workspace;
  environment: Readonly<Record<string, string | undefined>>;
}

/** How a model is built. Pure: no I/O beyond the facts. A need that is missing makes this one missing, with the same reason. */
export interface ModelProvider<K extends ModelName = ModelName, N extends ModelName = ModelName> {
  needs: readonly N[];
  /** Fact kinds that `build` asks for; their extractors are loaded before. */
  facts: readonly FactKind[];
  /** Further kinds, chosen by what is there: a large parser is loaded only where something is to be parsed with it. */
  moreFacts?(input: Omit<ModelInput<N>, "facts">): readonly FactKind[];
  build(input: ModelInput<N>): Models[K] | Missing;
  /** True when the model holds nothing to check; a run in which every rule found nothing to check is undecided. */
  isEmpty?(model: Models[K]): boolean;
}

/** How evidence is loaded. Bounded in time and output; opens a socket only when `options.online`. */
export interface EvidenceProvider<K extends ModelName = ModelName, N extends ModelName = ModelName> {
  needs: readonly N[];
  facts: readonly FactKind[];
  load(input: EvidenceInput<N>): Promise<Models[K] | Missing>;
  isEmpty?(model: Models[K]): boolean;
}
