import type { ModelProvider } from "../types/model.ts";
import { buildMigrations } from "./migrations/build.ts";
import { plainDirectories } from "./migrations/tree.ts";

/** The migration graphs of the workspace. */
export const migrations: ModelProvider<"migrations", never> = {
  needs: [],
  facts: ["python-migration", "sql-migration", "script-migration", "ruby-migration", "ini", "lines"],
  build({ files, facts, config: { config } }) {
    const readable = files.entries.filter(
      (entry) => !entry.ignored && (entry.kind === "file" || entry.kind === "executable"),
    );
    const listed = new Set(readable.map((entry) => entry.path));
    return buildMigrations({
      paths: readable.map((entry) => entry.path),
      sqlDirectories: plainDirectories(config.migrations["sql-directories"]),
      has: (path) => listed.has(path),
      hasDirectory: (path) => files.hasDirectory(path),
      children: (directory) => files.children(directory),
      python: (path) => facts.get("python-migration", path),
      sql: (path) => facts.get("sql-migration", path),
      script: (path) => facts.get("script-migration", path),
      ruby: (path) => facts.get("ruby-migration", path),
      ini: (path) => facts.get("ini", path),
      lines: (path) => facts.get("lines", path)?.lines ?? null,
    });
  },
  isEmpty: (model) => model.graphs.length === 0,
};
