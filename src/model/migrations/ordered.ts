import { baseName, directoryOf } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import { compareVersions } from "../../text/versions.ts";
import type { MigrationFile, MigrationGraph, MigrationTool, TextMigration } from "../../types/migrations.ts";
import type { RepoPath } from "../../types/text.ts";
import { isBelow, type MigrationTree } from "./tree.ts";

const MAX_CONFIGS = 500;

/** Tools that apply files in the order of their names: Prisma, Flyway, Rails, Knex, Sequelize, TypeORM, plain numbered SQL. */
export function orderedGraphs(tree: MigrationTree, taken: ReadonlySet<RepoPath>): MigrationGraph[] {
  const groups = new Map<string, Group>();
  const known = new Map<MigrationTool, boolean>();
  // Looked for only where it decides something: an index that is built CONCURRENTLY.
  const leaves = ({ tool, file }: ReadOrdered): boolean => {
    if (!file.transaction || !file.statements.some((one) => one.concurrently)) return false;
    const answer = known.get(tool) ?? leavesTransaction(tree, tool);
    known.set(tool, answer);
    return answer;
  };
  for (const path of tree.paths) {
    const directory = directoryOf(path);
    if (taken.has(directory)) continue;
    const read = readOrdered(tree, path, directory);
    if (!read) continue;
    const key = `${read.tool} ${read.directory}`;
    const group = groups.get(key) ?? { tool: read.tool, directory: read.directory, files: [] };
    group.files.push(leaves(read) ? { ...read.file, transaction: false } : read.file);
    groups.set(key, group);
  }
  return oneToolEach([...groups.values()])
    .filter(({ tool, files }) => tool !== "sql" || files.length > 1 || isBelow(files[0]!.path, tree.sqlDirectories))
    .map(({ tool, directory, files }) => ({
      tool,
      name: directory,
      directories: [directory],
      config: null,
      files: files.sort(inOrder),
      strays: [],
      importRoots: [],
      heads: [],
      complete: true,
      schema: tool === "rails" ? schemaOf(tree, directory) : null,
      anyOrder: tool === "flyway" && allowsAnyOrder(tree),
      database: "other",
    }));
}

interface Group {
  tool: MigrationTool;
  directory: RepoPath;
  files: MigrationFile[];
}

const SCRIPTED: readonly MigrationTool[] = ["knex", "sequelize", "typeorm"];

/** A directory of scripts is run by one tool: a file that names none of them by itself belongs to the one that most others name. */
function oneToolEach(groups: readonly Group[]): Group[] {
  const kept: Group[] = [];
  for (const group of [...groups].sort((a, b) => b.files.length - a.files.length)) {
    const same = SCRIPTED.includes(group.tool)
      ? kept.find(({ tool, directory }) => SCRIPTED.includes(tool) && directory === group.directory)
      : undefined;
    if (same) same.files.push(...group.files);
    else kept.push({ ...group, files: [...group.files] });
  }
  return kept.sort((a, b) => compareTexts(a.directory, b.directory) || compareTexts(a.tool, b.tool));
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order in which a tool applies files: by version, repeatables last. */
function inOrder(a: MigrationFile, b: MigrationFile): number {
  if (a.repeatable !== b.repeatable) return a.repeatable ? 1 : -1;
  return compareVersions(a.id ?? "", b.id ?? "") || (a.path < b.path ? -1 : 1);
}

function schemaOf(tree: MigrationTree, directory: RepoPath): MigrationGraph["schema"] {
  const path = `${directoryOf(directory)}/schema.rb`;
  const fact = tree.has(path) ? tree.ruby(path) : null;
  if (!fact?.schemaVersion) return null;
  const { version, start, end } = fact.schemaVersion;
  return { version, at: { path, start: positionAt(fact.lineStarts, start), end: positionAt(fact.lineStarts, end) } };
}

interface ReadOrdered {
  tool: MigrationTool;
  directory: RepoPath;
  file: MigrationFile;
}

function readOrdered(tree: MigrationTree, path: RepoPath, directory: RepoPath): ReadOrdered | null {
  const name = baseName(path);
  if (name === "migration.sql") {
    const root = directoryOf(directory);
    if (baseName(root) !== "migrations" || !(tree.has(`${root}/migration_lock.toml`) || isBesideSchema(tree, root)))
      return null;
    return { tool: "prisma", directory: root, file: fileOf(path, baseName(directory), tree.sql(path)) };
  }
  if (name.endsWith(".sql")) {
    const flyway = /^([VR])([\d._]*)__.+\.sql$/.exec(name);
    if (flyway && (flyway[1] === "R") === (flyway[2] === "")) {
      const file = fileOf(path, flyway[2] === "" ? name : flywayVersion(flyway[2]!), tree.sql(path));
      return { tool: "flyway", directory, file: { ...file, repeatable: flyway[1] === "R" } };
    }
    return readPlainSql(tree, path, directory);
  }
  if (/\.rb$/.test(name)) {
    const version = /^(\d+)_\w+\.rb$/.exec(name)?.[1];
    if (version === undefined || !/(?:^|\/)db\/\w*migrate$/.test(directory)) return null;
    return { tool: "rails", directory, file: fileOf(path, version, tree.ruby(path)) };
  }
  if (!/^\d{8,17}[-_]?\w.*\.[cm]?[jt]s$/.test(name) || /\.d\.[cm]?ts$|\.(?:test|spec)\./.test(name)) return null;
  const fact = tree.script(path);
  if (!fact?.entry) return null;
  return { tool: fact.entry, directory, file: fileOf(path, name.replace(/\.[cm]?[jt]s$/, ""), fact) };
}

/**
 * Numbered SQL of golang-migrate, goose, dbmate, sqlx, drizzle and own runners: `migrations/001_start.sql`, `migrations/001_start/up.sql`,
 * and versions as folders, `migration/0.2/01_start.sql`, which are one chain.
 */
function readPlainSql(tree: MigrationTree, path: RepoPath, directory: RepoPath): ReadOrdered | null {
  const name = baseName(path);
  const named = isBelow(path, tree.sqlDirectories);
  if (!named && !/(?:^|\/)(?:migrations?|migrate|drizzle)(?:\/|$)/.test(directory)) return null;
  const folder = baseName(directory);
  if (name === "up.sql" && /^\d+[._-]/.test(folder)) {
    return { tool: "sql", directory: directoryOf(directory), file: fileOf(path, folder, tree.sql(path)) };
  }
  if (!(named || /^\d+[._-]/.test(name)) || /(?:^|[._-])down\.sql$/.test(name)) return null;
  const version = /^v?\d+(?:\.\d+)*$/.test(folder) ? folder.replace(/^v/, "") : null;
  const file = fileOf(path, version === null ? name : `${version}.${name}`, tree.sql(path));
  return { tool: "sql", directory: version === null ? directory : directoryOf(directory), file };
}

const isBesideSchema = (tree: MigrationTree, migrations: RepoPath): boolean =>
  tree.children(directoryOf(migrations)).some((name) => name.endsWith(".prisma"));

/** `1_2`, `1.2`, `01.2.0`: one version. */
export const flywayVersion = (text: string): string =>
  text
    .split(/[._]/)
    .filter((part) => part !== "")
    .map((part) => part.replace(/^0+(?=\d)/, ""))
    .join(".")
    .replace(/(?:\.0)+$/, "");

function fileOf(path: RepoPath, id: string, fact: TextMigration | null): MigrationFile {
  const at = { path, start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  return {
    path,
    id,
    parents: [],
    dependsOn: [],
    labels: [],
    replaces: [],
    at: { id: at, parents: at },
    statements: fact?.statements ?? [],
    notNull: [],
    transaction: fact?.transaction ?? false,
    brokenImports: [],
    repeatable: false,
    lineStarts: fact?.lineStarts ?? [0],
  };
}

function allowsAnyOrder(tree: MigrationTree): boolean {
  return tree.paths.some(
    (path) =>
      /(?:^|\/)(?:flyway\.(?:conf|toml)|application[\w-]*\.(?:properties|ya?ml)|pom\.xml|build\.gradle(?:\.kts)?)$/.test(
        path,
      ) && (tree.lines(path) ?? []).some((line) => /out-?of-?order["']?\s*(?:[=:>]|\()\s*["']?true/i.test(line)),
  );
}

/** Whether the tool is configured to wrap no migration in a transaction. */
function leavesTransaction(tree: MigrationTree, tool: MigrationTool): boolean {
  const [names, says] =
    tool === "typeorm"
      ? [
          /(?:^|\/)(?:[\w.-]*(?:data-?source|orm-?config|typeorm|database|config|module|options)[\w.-]*\.(?:[cm]?[jt]s|json)|package\.json|[\w.-]*Dockerfile[\w.-]*|[\w.-]+\.sh|Procfile|Makefile)$|^\.github\/workflows\/[^/]+$/i,
          /\bmigrationsTransactionMode["']?\s*:\s*["']none["']|\bmigration:run\b.*(?:--transaction|-t)[= ]none\b/,
        ]
      : tool === "knex"
        ? [/(?:^|\/)[\w.-]*(?:knex|database)[\w.-]*\.(?:[cm]?[jt]s|json)$/i, /\bdisableTransactions["']?\s*:\s*true\b/]
        : [/(?!)/, /(?!)/];
  return tree.paths
    .filter((path) => names.test(path) && !path.includes("node_modules/"))
    .slice(0, MAX_CONFIGS)
    .some((path) => (tree.lines(path) ?? []).some((line) => line.length < 1000 && says.test(line)));
}
