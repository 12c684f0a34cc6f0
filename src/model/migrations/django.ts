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
    const facts = tree
      .children(directory)
      .filter((name) => /^[^_~].*\.py$/.test(name))
      .flatMap((name) => readDjango(tree, `${directory}/${name}`) ?? []);
    const own = labelOf(tree, directoryOf(directory));
    const app = otherLabel(facts, own) ?? own;
    const files = facts.map((one) => fileOf(one, app));
    if (files.length === 0) continue;
    for (const { path, django } of facts)
      for (const { name } of django.runBefore.filter((one) => one.app === app))
        files.find(({ id }) => id === `${app}.${name}`)?.parents?.push(`${app}.${baseName(path).slice(0, -3)}`);
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

/**
 * The label of another app whose migrations these are, by MIGRATION_MODULES: where several stand together, each but the first follows one
 * that is named here, under that label and never under the folder's own.
 */
function otherLabel(files: readonly DjangoFile[], own: string): string | null {
  const names = new Set(files.map(({ path }) => baseName(path).slice(0, -3)));
  const labels = new Set<string>();
  let firsts = 0;
  for (const { path, django } of files) {
    const self = baseName(path).slice(0, -3);
    const here = django.dependencies.filter(({ app, name }) => app === own || (name !== self && names.has(name)));
    for (const { app } of here) labels.add(app);
    if (here.length === 0) firsts++;
  }
  const [only] = labels;
  return labels.size === 1 && firsts <= 1 && only !== own ? only! : null;
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
