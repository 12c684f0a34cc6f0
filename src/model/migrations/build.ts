import type { MigrationGraph, MigrationsModel } from "../../types/migrations.ts";
import type { RepoPath } from "../../types/text.ts";
import { alembicGraphs } from "./alembic.ts";
import { databaseFinder } from "./database.ts";
import { djangoGraphs } from "./django.ts";
import { headsOf } from "./graph.ts";
import { orderedGraphs } from "./ordered.ts";
import type { MigrationTree } from "./tree.ts";

/** A path below `{{cookiecutter.name}}` and the like: which files there are is decided when the template is rendered. */
const isTemplate = (directory: RepoPath): boolean => /\{\{|\{%/.test(directory);

/** What tests migrate is theirs, broken on purpose as often as not. */
const isOfTests = (directory: RepoPath): boolean =>
  /(?:^|\/)(?:tests?|__tests__|fixtures?|testdata|test[-_]?(?:resources|apps?))(?:\/|$)/.test(directory);

/** Every migration graph of a tree. */
export function migrationGraphs(tree: MigrationTree): MigrationGraph[] {
  const alembic = alembicGraphs(tree);
  const taken = new Set<RepoPath>(alembic.flatMap((graph) => graph.directories));
  const django = djangoGraphs(tree, taken);
  for (const graph of django) for (const directory of graph.directories) taken.add(directory);
  const graphs = [...alembic, ...django, ...orderedGraphs(tree, taken)].filter(
    (graph) => !graph.directories.some((one) => isTemplate(one) || isOfTests(one)),
  );
  return graphs.map((graph) => ({ ...graph, heads: headsOf(graph) }));
}

const DEPLOYS =
  /(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|[\w.-]+\.sh|Procfile|Makefile|fly\.toml|render\.yaml|(?:docker-)?compose[\w.-]*\.ya?ml)$|^\.github\/workflows\/[^/]+\.ya?ml$/;
const MAX_READ = 100;

/** The migrations model of a tree. */
export function buildMigrations(tree: MigrationTree): MigrationsModel {
  const graphs = migrationGraphs(tree);
  const mentions = (names: RegExp, text: RegExp): boolean =>
    tree.paths
      .filter((path) => names.test(path) && path.split("/").length <= 5)
      .slice(0, MAX_READ)
      .some((path) => (tree.lines(path) ?? []).some((line) => text.test(line)));
  const databaseOf = databaseFinder(tree, graphs);
  const branched = graphs.some((graph) => graph.tool === "alembic" && graph.heads.length > 1);
  return {
    graphs: graphs.map((graph) => ({ ...graph, database: databaseOf(graph.directories[0] ?? "") })),
    upgradesAllHeads: branched && mentions(DEPLOYS, /\bupgrade["',\s]+heads\b/),
    apps: graphs.filter((graph) => graph.tool === "django").map((graph) => graph.name),
  };
}
