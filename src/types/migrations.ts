import type { Location, RepoPath } from "./text.ts";

/** Databases that take the same statement differently; `other` is any that fails where PostgreSQL fails. */
export type Database = "postgresql" | "mysql" | "clickhouse" | "other";

export type MigrationTool =
  | "alembic"
  | "django"
  | "prisma"
  | "knex"
  | "typeorm"
  | "sequelize"
  | "rails"
  | "flyway"
  | "sql";

/** What a statement does to the schema, whatever language it is written in. */
export type SchemaChange =
  | "create-table"
  /** Takes all rows out. */
  | "empty-table"
  | "create-index"
  /** A name that is there afterwards, by adding or by renaming to it. */
  | "add-column"
  | "add-table"
  | "add-column-not-null"
  | "volatile-default"
  | "set-not-null"
  | "drop-not-null"
  | "add-check"
  | "add-foreign-key"
  | "alter-type"
  | "drop-column"
  | "drop-table"
  | "rename-column"
  | "rename-table"
  | "update"
  | "validate";

export interface SchemaStatement {
  kind: SchemaChange;
  /** Lower case, without schema and quotes; "" where it is not literal. */
  table: string;
  column: string | null;
  /** What an UPDATE sets, where that can be read; absent: unknown, so anything. */
  sets?: readonly string[];
  /** Says a column anew as a whole, so what it says of NULL may have held before. */
  restates?: boolean;
  /** `CONCURRENTLY`. */
  concurrently?: boolean;
  /** `NOT VALID`. */
  notValid?: boolean;
  /** Inside a block that leaves the transaction (`autocommit_block`). */
  outside?: boolean;
  /** Offsets into the text, UTF-16. */
  start: number;
  end: number;
}

/** A value as far as the text alone gives it: literal strings, None as null, lists of them; a name; anything else is unknown. */
export type HeaderValue =
  | { kind: "literal"; value: string | null | (string | null)[] }
  | { kind: "name"; name: string }
  | { kind: "unknown" };

export interface HeaderAssignment {
  value: HeaderValue;
  start: number;
  end: number;
}

/** What a Python file says as a migration of Alembic or Django. */
export interface PythonMigration {
  /** Module-level assignments, the last of each name. */
  assigned: Record<string, HeaderAssignment>;
  /** `from module import name as local`: local name to where it comes from. */
  imported: Record<string, { level: number; module: string; name: string }>;
  django: DjangoMigration | null;
  /** Of `upgrade` or `operations`. */
  statements: SchemaStatement[];
  /** Columns that are, or stop being, able to hold NULL: `table.column`. */
  notNull: string[];
  /** Imports that run when the file is loaded or `upgrade` runs, unguarded. */
  imports: { level: number; module: string; start: Location["start"]; end: Location["end"] }[];
  /** False where the file's transaction is left (`atomic = False`). */
  transaction: boolean;
  /** Whether anything names PostgreSQL. */
  postgresql: boolean;
  /** Whether the text is no valid Python somewhere: what is absent may only be unread. */
  damaged: boolean;
  lineStarts: number[];
}

export interface DjangoMigration {
  /** `app.name`; null for what is no literal (`swappable_dependency`). */
  dependencies: { app: string; name: string; start: number; end: number }[];
  /** False where text does not show all of the dependencies: a call makes them, or another module holds them. */
  complete: boolean;
  replaces: { app: string; name: string }[];
  /** Migrations that follow this one, whatever they say themselves. */
  runBefore: { app: string; name: string }[];
  start: number;
  end: number;
}

/** What a SQL, JavaScript, TypeScript or Ruby file says as a migration. */
export interface TextMigration {
  statements: SchemaStatement[];
  /** False where the file says that it runs outside a transaction. */
  transaction: boolean;
  /** Exports or defines what its tool calls (`up`, `change`, `MigrationInterface`, `ActiveRecord::Migration`). */
  entry: "knex" | "sequelize" | "typeorm" | "rails" | null;
  /** Version that a `schema.rb` is at, digits only. */
  schemaVersion: { version: string; start: number; end: number } | null;
  statementCount: number;
  lineStarts: number[];
}

/** One migration as its tool sees it. */
export interface MigrationFile {
  path: RepoPath;
  /** Revision id, migration name or version; null where it cannot be known. */
  id: string | null;
  /** Ids that it follows; null where they cannot be known. */
  parents: string[] | null;
  /** Ids or labels that have to run before it without being its parents. */
  dependsOn: string[];
  labels: string[];
  /** Ids that it stands for (Django squashes). */
  replaces: string[];
  /** Where id and parents stand. */
  at: { id: Location; parents: Location; dependsOn?: Location };
  statements: SchemaStatement[];
  notNull: string[];
  transaction: boolean;
  /** Imports that run with the file and resolve to nothing. */
  brokenImports: { module: string; relative: boolean; at: Location }[];
  /** Repeatable (Flyway `R__`): may change and run again. */
  repeatable: boolean;
  lineStarts: number[];
}

/** One chain of migrations: an Alembic script location, a Django app, a directory of another tool. */
export interface MigrationGraph {
  tool: MigrationTool;
  /** Shown to the reader: directory, or app. */
  name: string;
  /** Directories that hold the files. */
  directories: RepoPath[];
  /** The file that configures it, if any. */
  config: RepoPath | null;
  /** Sorted by path; by version where the tool applies them in that order. */
  files: MigrationFile[];
  /** Files there that the tool refuses. */
  strays: RepoPath[];
  /** Directories that the tool puts in front of the import path; Alembic's `prepend_sys_path`. */
  importRoots: RepoPath[];
  /** Files that no other follows; without branch labels and locations taken into account. */
  heads: MigrationFile[];
  /** False where some file's id or parents, or a listed directory, cannot be known. */
  complete: boolean;
  /** Version that `schema.rb` is at. */
  schema: { version: string; at: Location } | null;
  /** Whether files may be applied in any order by configuration (Flyway outOfOrder). */
  anyOrder: boolean;
  /** Which database it is for, as far as anything says so. */
  database: Database;
}

export interface MigrationsModel {
  graphs: MigrationGraph[];
  /** Whether a deploy command says `upgrade heads` (all heads). */
  upgradesAllHeads: boolean;
  /** Django apps by label. */
  apps: string[];
}

/** The migrations that have not run yet, as far as anything says so. */
export interface PendingMigrationsModel {
  graphs: PendingGraph[];
  /** Where the code still declares what one of them drops or renames. */
  stillNamed: StillNamed[];
  /** Directories that the config names and that hold no SQL. */
  withoutSql: RepoPath[];
}

export interface PendingGraph {
  graph: MigrationGraph;
  /** In the order of the graph's files. */
  files: MigrationFile[];
}

export interface StillNamed {
  graph: MigrationGraph;
  /** `table` or `table.column`. */
  name: string;
  at: Location;
}
