import { positionAt } from "../../text/positions.ts";
import type { MigrationFile, MigrationGraph } from "../../types/migrations.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { baseName, directoryOf, type MigrationTree } from "./tree.ts";

/** Each Django app with migrations as one graph; ids are `app.name`. */
export function djangoGraphs(tree: MigrationTree, taken: ReadonlySet<RepoPath>): MigrationGraph[] {
  const directories = new Set(
    tree.paths.filter((path) => /(?:^|\/)migrations\/[^_~/][^/]*\.py$/.test(path)).map(directoryOf),
  );
  const graphs: MigrationGraph[] = [];
  for (const directory of [...directories].sort()) {
    if (taken.has(directory) || !tree.has(`${directory}/__init__.py`)) continue;
    const app = labelOf(tree, directoryOf(directory));
    const files = tree
      .children(directory)
      .filter((name) => /^[^_~].*\.py$/.test(name))
      .flatMap((name) => fileOf(tree, `${directory}/${name}`, app) ?? []);
    if (files.length === 0) continue;
    graphs.push({
      tool: "django",
      name: app,
      directories: [directory],
      config: null,
      files,
      strays: [],
      importRoots: [],
      anyOrder: false,
      database: "other",
      heads: [],
      complete: true,
      schema: null,
    });
  }
  return graphs;
}

/** The app's label: `label` of its AppConfig in apps.py or the package itself, else the last part of its module. */
function labelOf(tree: MigrationTree, app: RepoPath): string {
  for (const name of ["apps.py", "__init__.py"]) {
    const config = app === "" ? name : `${app}/${name}`;
    for (const line of tree.has(config) ? (tree.lines(config) ?? []) : []) {
      const label = /^\s+label\s*(?::\s*str\s*)?=\s*["'](\w+)["']/.exec(line)?.[1];
      if (label !== undefined) return label;
    }
  }
  return baseName(app);
}

function fileOf(tree: MigrationTree, path: RepoPath, app: string): MigrationFile | null {
  const fact = tree.python(path);
  if (!fact?.django) return null;
  const { dependencies, replaces, start, end } = fact.django;
  const at: Location = { path, start: positionAt(fact.lineStarts, start), end: positionAt(fact.lineStarts, end) };
  const idOf = (one: { app: string; name: string }): string => `${one.app}.${one.name}`;
  return {
    path,
    id: `${app}.${baseName(path).slice(0, -3)}`,
    parents: dependencies.filter((one) => one.app === app).map(idOf),
    dependsOn: dependencies.filter((one) => one.app !== app).map(idOf),
    labels: [],
    replaces: replaces.map(idOf),
    at: { id: at, parents: at },
    statements: fact.statements,
    notNull: fact.notNull,
    transaction: fact.transaction,
    brokenImports: [],
    repeatable: false,
    lineStarts: fact.lineStarts,
  };
}
