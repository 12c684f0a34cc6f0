import type { Database, MigrationGraph } from "../../types/migrations.ts";
import type { MigrationTree } from "./tree.ts";

const NAMES_DATABASE =
  /(?:^|\/)(?:pyproject\.toml|requirements[\w.-]*\.txt|Pipfile|package\.json|Gemfile|go\.mod|Cargo\.toml|alembic\.ini|migration_lock\.toml|[\w.-]*\.prisma|(?:docker-)?compose[\w.-]*\.ya?ml|pom\.xml|build\.gradle|knexfile\.\w+|flyway[\w.-]*\.(?:conf|toml|properties)|\.env\.example)$/;
const MAX_READ = 100;

const FOLDERS: readonly (readonly [pattern: RegExp, database: Database])[] = [
  [/(?:^|[/._-])(?:postgres(?:ql)?|psql|pg)(?=$|[/._-])/i, "postgresql"],
  [/(?:^|[/._-])(?:mysql|mariadb)(?=$|[/._-])/i, "mysql"],
  [/(?:^|[/._-])(?:sqlite3?|mssql|sqlserver|oracle|cockroach(?:db)?|h2)(?=$|[/._-])/i, "other"],
  [/(?:^|[/._-])clickhouse(?=$|[/._-])/i, "clickhouse"],
];

/**
 * Which database the migrations of each graph run in: the one that its directory names, else PostgreSQL where anything in the repository
 * names that, else MySQL where anything names that.
 */
export function databaseFinder(tree: MigrationTree, graphs: readonly MigrationGraph[]): (name: string) => Database {
  const names = (text: RegExp): boolean =>
    tree.paths
      .filter((path) => NAMES_DATABASE.test(path) && path.split("/").length <= 5)
      .slice(0, MAX_READ)
      .some((path) => (tree.lines(path) ?? []).some((line) => text.test(line)));
  let ofRepository: Database | null = null;
  const find = (): Database => {
    const inCode = graphs.some((graph) =>
      graph.files.some((file) => file.path.endsWith(".py") && tree.python(file.path)?.postgresql),
    );
    if (inCode || names(/psycopg|asyncpg|postgres|"pg"|'pg'|\/pgx?\b|lib\/pq\b/i)) return "postgresql";
    return names(/mysql|mariadb/i) ? "mysql" : "other";
  };
  return (directory) => {
    const named = FOLDERS.find(([pattern]) => pattern.test(directory));
    return named ? named[1] : (ofRepository ??= find());
  };
}
