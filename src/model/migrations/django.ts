import { baseName, directoryOf } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import type { DjangoMigration, MigrationFile, MigrationGraph, PythonMigration } from "../../types/migrations.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { MigrationTree } from "./tree.ts";

/** Each Django app with migrations as one graph; ids are `app.name`. */
export function djangoGraphs(tree: MigrationTree, taken: ReadonlySet<RepoPath>): MigrationGraph[] {
  const directories = new Set(
    tree.paths.filter((path) => /(?:^|\/)migrations\/[^_~/][^/]*\.py$/.test(path)).map(directoryOf),
  );
  const graphs: MigrationGraph[] = [];
  for (const directory of [...directories].sort()) {
    if (taken.has(directory) || !tree.has(`${directory}/__init__.py`)) continue;
    const app = labelOf(tree, directoryOf(directory));
    const facts = tree
      .children(directory)
      .filter((name) => /^[^_~].*\.py$/.test(name))
      .flatMap((name) => readDjango(tree, `${directory}/${name}`) ?? []);
    const files = facts.map((one) => fileOf(one, app));
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
      complete: facts.every((one) => one.django.complete),
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

interface DjangoFile {
  path: RepoPath;
  fact: PythonMigration;
  django: DjangoMigration;
}

function readDjango(tree: MigrationTree, path: RepoPath): DjangoFile | null {
  const fact = tree.python(path);
  return fact?.django ? { path, fact, django: fact.django } : null;
}

function fileOf({ path, fact, django }: DjangoFile, app: string): MigrationFile {
  const { dependencies, replaces, start, end } = django;
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
