import type { HistoryModel } from "../types/history.ts";
import type { MigrationFile, MigrationGraph } from "../types/migrations.ts";
import type { ModelProvider } from "../types/model.ts";
import { newestFiles } from "./migrations/graph.ts";
import { stillNamed } from "./migrations/still-named.ts";
import { isBelow, plainDirectories } from "./migrations/tree.ts";

/** The migrations that have not run yet, with what the code still names of what they take away. */
export const pendingMigrations: ModelProvider<"pendingMigrations", "migrations" | "history"> = {
  needs: ["migrations", "history"],
  facts: ["lines"],
  build({ files, facts, config: { config }, known: { migrations, history } }) {
    const held = heldBy(history);
    const graphs = migrations.graphs.map((graph) => ({ graph, files: pendingFiles(graph, held) }));
    const paths = files.entries
      .filter((entry) => !entry.ignored && (entry.kind === "file" || entry.kind === "executable"))
      .map((entry) => entry.path);
    const withoutSql = plainDirectories(config.migrations["sql-directories"]).filter(
      (directory) => !paths.some((path) => path.endsWith(".sql") && isBelow(path, [directory])),
    );
    return {
      graphs,
      stillNamed: graphs.length === 0 ? [] : stillNamed(paths, (path) => facts.get("lines", path)?.lines ?? [], graphs),
      withoutSql,
    };
  },
  isEmpty: (model) => model.graphs.length + model.withoutSql.length === 0,
};

/** What has run, as far as anything says so: what the deployed commit holds, else what the change's base holds; null: not known. */
function heldBy({ deployed, base }: HistoryModel): ReadonlySet<string> | null {
  if (deployed !== null && "held" in deployed) return new Set(deployed.held);
  return base === null ? null : new Set(base.held);
}

/** What is not held yet; where nothing says what is, the newest files alone, since history that has run cannot be mended. */
const pendingFiles = (graph: MigrationGraph, held: ReadonlySet<string> | null): MigrationFile[] =>
  held === null ? newestFiles(graph) : graph.files.filter((file) => !held.has(file.path));
