import type { MigrationGraph, MigrationsModel } from "../../types/migrations.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { newestFiles } from "./graph.ts";
import { directoryOf, type MigrationTree } from "./tree.ts";

const MAX_FILES = 3000;

/**
 * Where mapped classes of the code still declare a table or column that the newest migrations drop or rename: SQLAlchemy's
 * `__tablename__` with its columns, Django's models. Only such declarations count: a bare word may mean anything.
 */
export function stillNamed(tree: MigrationTree, graphs: readonly MigrationGraph[]): MigrationsModel["stillNamed"] {
  const scopes = new Map<RepoPath, Map<string, Set<string>>>();
  for (const graph of graphs) {
    // A Django migration names a model of its own app; the others name tables, which may be declared anywhere.
    const scope = graph.tool === "django" ? directoryOf(graph.directories[0] ?? "") : "";
    const dropped = scopes.get(scope) ?? new Map<string, Set<string>>();
    for (const { kind, table, column } of newestFiles(graph).flatMap((file) => file.statements)) {
      if (!/^(?:drop|rename)-/.test(kind) || table === "") continue;
      dropped.set(table, (dropped.get(table) ?? new Set()).add(column ?? ""));
    }
    if (dropped.size > 0) scopes.set(scope, dropped);
  }
  if (scopes.size === 0) return [];
  const owned = new Set(graphs.flatMap((graph) => graph.directories));
  const code = tree.paths.filter(
    (path) =>
      path.endsWith(".py") &&
      !/(?:^|\/)(?:tests?|migrations)\/|(?:^|\/)(?:test_|conftest)/.test(path) &&
      ![...owned].some((one) => path.startsWith(`${one}/`)),
  );
  const within = (path: RepoPath, scope: RepoPath): boolean => scope === "" || path.startsWith(`${scope}/`);
  return code.slice(0, MAX_FILES).flatMap((path) => {
    const inScope = [...scopes].filter(([scope]) => within(path, scope));
    return inScope.flatMap(([, dropped]) => declarationsIn(path, tree.lines(path) ?? [], dropped));
  });
}

function declarationsIn(
  path: string,
  lines: readonly string[],
  dropped: ReadonlyMap<string, ReadonlySet<string>>,
): MigrationsModel["stillNamed"] {
  const found: MigrationsModel["stillNamed"] = [];
  let wanted: ReadonlySet<string> | undefined;
  let table = "";
  lines.forEach((line, index) => {
    if (line.length > 500) return;
    const at: Location = {
      path,
      start: { line: index + 1, column: 1 },
      end: { line: index + 1, column: line.length + 1 },
    };
    const opened = /^class\s+(\w+)\s*(?:\(([^)]*))?/.exec(line);
    if (opened) {
      table = /\bmodels\.Model\b|\bModel\b/.test(opened[2] ?? "") ? opened[1]!.toLowerCase() : "";
      wanted = dropped.get(table);
      if (wanted?.has("")) found.push({ name: table, at });
    }
    const named = /^\s+__tablename__\s*(?::[^=]*)?=\s*["'](\w+)["']/.exec(line)?.[1]?.toLowerCase();
    if (named !== undefined) {
      table = named;
      wanted = dropped.get(table);
      if (wanted?.has("")) found.push({ name: table, at });
    }
    const column = /^\s+(\w+)\s*(?::[^=]*)?=\s*(?:\w+\.)*(?:Column|mapped_column|\w*Field|ForeignKey)\s*\(/
      .exec(line)?.[1]
      ?.toLowerCase();
    if (column !== undefined && wanted?.has(column)) found.push({ name: `${table}.${column}`, at });
  });
  return found;
}
