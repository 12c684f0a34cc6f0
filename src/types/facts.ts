import type { CodeFile } from "./code.ts";
import type { ComposeFile } from "./compose.ts";
import type { DataFile } from "./data.ts";
import type { CodeTokens, DeployScripts } from "./deploy-script.ts";
import type { DockerfileSyntax } from "./dockerfile.ts";
import type { DotenvFile } from "./dotenv.ts";
import type { EnvironmentReads } from "./environment-read.ts";
import type { HclFile } from "./hcl.ts";
import type { IgnoreSyntax } from "./image.ts";
import type { JavascriptImports } from "./javascript.ts";
import type { KeyedFile } from "./keyed.ts";
import type { KubernetesFile } from "./kubernetes.ts";
import type { PythonMigration, TextMigration } from "./migrations.ts";
import type { PlaceholderFile } from "./placeholders.ts";
import type { PythonBreak, PythonFile, PythonImports } from "./python.ts";
import type { RouteSyntax } from "./routes.ts";
import type { ShellScript } from "./shell.ts";
import type { IniFile, Procfile } from "./start-files.ts";
import type { RepoPath } from "./text.ts";
import type { WorkflowFile } from "./workflow.ts";
import type { Source } from "./workspace.ts";

/**
 * Every kind of fact, by name. A family adds a line here, an extractor under src/facts/ and a line in src/facts/registry.ts.
 * A fact is plain JSON about one file's content; it must not depend on the file's path.
 */
export interface FactKinds {
  /** How a Python file reads its environment. */
  "python-environment": EnvironmentReads;
  /** How a JavaScript or TypeScript file reads its environment. */
  "javascript-environment": EnvironmentReads;
  /** The same for a file that only calls functions with names of variables, which may be accessors of another file. */
  "accessor-calls": EnvironmentReads;
  "python-accessor-calls": EnvironmentReads;
  /** Names of the functions that a file calls with the name of a variable; "" for what is no plain name. */
  /** How a Go file reads its environment. */
  "go-environment": EnvironmentReads;
  /** A YAML or JSON file as plain nodes with positions. */
  data: DataFile;
  /** A .dockerignore as BuildKit reads it. */
  dockerignore: IgnoreSyntax;
  /** A dotenv file with the ranges of its names and values. */
  dotenv: DotenvFile;
  /** A GitHub workflow or composite action with the places of its jobs, steps, scripts and expressions. */
  workflow: WorkflowFile;
  /** The values that a chart's template cannot be rendered without. */
  "helm-template": import("./helm.ts").HelmTemplate;
  /** HCL (Terraform, tfvars) as blocks and attributes. */
  hcl: HclFile;
  /** TOML as a flat list of keys and values. */
  toml: KeyedFile;
  /** Java properties as a flat list of keys and values. */
  properties: KeyedFile;
  /** The values of an ini file as a flat list. */
  "ini-values": KeyedFile;
  /** XML values as a flat list of keys and values. */
  xml: KeyedFile;
  /** A compose file as it is written. */
  compose: ComposeFile;
  /** The Kubernetes objects of a file. */
  kubernetes: KubernetesFile;
  /** HTTP routes that a Python file writes. */
  "python-routes": RouteSyntax;
  /** HTTP routes that a JavaScript or TypeScript file writes. */
  "javascript-routes": RouteSyntax;
  /** A shell script as a list of commands. */
  shell: ShellScript;
  /** A Dockerfile as BuildKit parses it. */
  dockerfile: DockerfileSyntax;
  /** What a shell script, a Makefile or the strings of YAML and JSON run. */
  "deploy-shell": DeployScripts;
  "deploy-make": DeployScripts;
  "deploy-data": DeployScripts;
  /** What Makefiles and package.json files run under a name, where it deploys. */
  recipes: import("./deploy-script.ts").Recipes;
  /** Placeholders among the strings of a program. */
  "code-tokens": CodeTokens;
  /** What looks like a placeholder in a file, by the format it is read as. */
  "placeholders-data": PlaceholderFile;
  "placeholders-dotenv": PlaceholderFile;
  "placeholders-hcl": PlaceholderFile;
  "placeholders-terraform": PlaceholderFile;
  "placeholders-workflow": PlaceholderFile;
  "placeholders-toml": PlaceholderFile;
  "placeholders-properties": PlaceholderFile;
  "placeholders-ini": PlaceholderFile;
  "placeholders-xml": PlaceholderFile;
  "placeholders-config": PlaceholderFile;
  "placeholders-lines": PlaceholderFile;
  /** A text file line by line, without line ends. */
  lines: { lines: string[]; carriageReturn: boolean };
  /** Every import of a JavaScript or TypeScript file. */
  "javascript-imports": JavascriptImports;
  /** Places where Python refuses a file. */
  "python-breaks": { breaks: PythonBreak[] };
  /** The line of a merge's conflict marker, in text of any language. */
  "conflict-marker": { line: number | null };
  /** Every import of a Python file. */
  "python-imports": PythonImports;
  /** An ini file (alembic.ini, supervisord.conf). */
  ini: IniFile;
  /** A Procfile. */
  procfile: Procfile;
  /** JSON columns of a Python file and their unguarded uses. */
  "json-columns": import("./json-columns.ts").JsonColumns;
  "json-mentions": import("./json-columns.ts").JsonMentions;
  "json-uses": import("./json-columns.ts").JsonUses;
  /** A Python file as a migration of Alembic or Django. */
  "python-migration": PythonMigration;
  /** A SQL file as a migration. */
  "sql-migration": TextMigration;
  /** A JavaScript or TypeScript file as a migration. */
  "script-migration": TextMigration;
  /** A Ruby file as a migration. */
  "ruby-migration": TextMigration;
  /** A Python file as a tree of plain objects; never cached on disk. */
  "python-syntax": PythonFile;
  /** A JavaScript or TypeScript file in the common syntax; never cached on disk. */
  "javascript-code": CodeFile;
}

export type FactKind = keyof FactKinds & string;

/**
 * Turns one file's content into facts. Pure: equal bytes give equal facts, whatever the path.
 * Never throws for content, however broken: broken syntax is part of the fact. Bump `version` when the answer for any input changes.
 */
export interface Extractor<K extends FactKind = FactKind> {
  kind: K;
  version: number;
  /** True for facts that are larger than their source: the disk cache leaves them out. */
  memoryOnly?: true;
  /** Loads what the extractor needs (a grammar); awaited once before the first `extract`. */
  prepare?(): Promise<void>;
  /** With `prepare`: few texts need it, and `extract` throws Unprepared for one that does, so that it may be left until then. */
  deferrable?: true;
  /** With `prepare`: false for paths that are never asked for, so that nothing is loaded where a tree holds no others. */
  claims?(path: RepoPath): boolean;
  /** Gets files too that are no text; the others have them noted as unread. */
  binary?: true;
  /** Kinds that `extract` may ask for, about the same content: what is dear to make is then made once. */
  needs?: readonly FactKind[];
  /** @param same what `needs` names of the same content; null where it could not be made */
  extract(source: Source, same?: <N extends FactKind>(kind: N) => FactKinds[N] | null): FactKinds[K];
}

/** Facts by path, extracted once per distinct content. Null: the file is absent, ignored or unread (which is noted). */
export interface FactReader {
  get<K extends FactKind>(kind: K, path: RepoPath): FactKinds[K] | null;
}
