import { baseName, directoryOf } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import type {
  HeaderAssignment,
  HeaderValue,
  MigrationFile,
  MigrationGraph,
  PythonMigration,
} from "../../types/migrations.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { type AlembicLocation, alembicLocations } from "./alembic-config.ts";
import { joinPath, type MigrationTree } from "./tree.ts";

/** What alembic loads as a revision: no `__init__*`, no editor's `.#*`. */
const SOURCE = /^(?!\.#|__init__).*\.py$/;
/** A file without `revision` may carry its id as its name. */
const LEGACY = /^([a-f0-9]+)\.py$/;

/** Each script location as one graph, read as alembic reads it. */
export function alembicGraphs(tree: MigrationTree): MigrationGraph[] {
  return alembicLocations(tree).map((one) => graphOf(tree, one));
}

function graphOf(tree: MigrationTree, location: AlembicLocation): MigrationGraph {
  const files: MigrationFile[] = [];
  const strays: RepoPath[] = [];
  for (const directory of location.versions) {
    for (const name of tree.children(directory)) {
      const path = directory === "" ? name : `${directory}/${name}`;
      if (!SOURCE.test(name) || !tree.has(path)) continue;
      const fact = tree.python(path);
      if (!fact) continue;
      const file = fileOf(tree, location, path, fact);
      if (file) files.push(file);
      else strays.push(path);
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    tool: "alembic",
    name: location.location,
    directories: location.versions,
    config: location.config,
    files,
    strays: strays.sort(),
    importRoots: location.importRoots,
    anyOrder: false,
    database: "other",
    heads: [],
    complete: location.complete && files.every((file) => file.id !== null && file.parents !== null),
    schema: null,
  };
}

/** Null for a file that alembic refuses: it says no revision, and its name is none. */
function fileOf(
  tree: MigrationTree,
  location: AlembicLocation,
  path: RepoPath,
  fact: PythonMigration,
): MigrationFile | null {
  const read = (name: string): HeaderValue | null => headerOf(tree, location, path, fact, name);
  const revision = read("revision");
  const named = LEGACY.exec(baseName(path))?.[1] ?? null;
  if (revision === null && named === null && !fact.damaged && fact.imported["*"] === undefined) return null;
  const id = revision === null ? (fact.damaged ? null : named) : textOf(revision);
  const down = read("down_revision");
  return {
    path,
    id,
    parents: down === null ? null : listOf(down),
    dependsOn: listOf(read("depends_on")) ?? [],
    labels: listOf(read("branch_labels")) ?? [],
    replaces: [],
    at: {
      id: locationOf(path, fact, fact.assigned["revision"]),
      parents: locationOf(path, fact, fact.assigned["down_revision"] ?? fact.assigned["revision"]),
      dependsOn: locationOf(path, fact, fact.assigned["depends_on"] ?? fact.assigned["revision"]),
    },
    statements: fact.statements,
    notNull: fact.notNull,
    transaction: true,
    brokenImports: brokenImportsOf(tree, location, path, fact),
    repeatable: false,
    lineStarts: fact.lineStarts,
  };
}

const textOf = (value: HeaderValue): string | null =>
  value.kind === "literal" && typeof value.value === "string" ? value.value : null;

function listOf(value: HeaderValue | null): string[] | null {
  if (value?.kind !== "literal") return null;
  const items = Array.isArray(value.value) ? value.value : [value.value];
  // An empty string is no parent to the versions of alembic that take it at all.
  return items.filter((one): one is string => one !== null && one !== "");
}

function locationOf(path: RepoPath, fact: PythonMigration, assignment: HeaderAssignment | undefined): Location {
  if (!assignment) return { path, start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  return {
    path,
    start: positionAt(fact.lineStarts, assignment.start),
    end: positionAt(fact.lineStarts, assignment.end),
  };
}

/** A header's value; a name that another module defines is looked up there, one hop. Null where the file does not set it. */
function headerOf(
  tree: MigrationTree,
  location: AlembicLocation,
  path: RepoPath,
  fact: PythonMigration,
  name: string,
): HeaderValue | null {
  const assigned = Object.hasOwn(fact.assigned, name) ? fact.assigned[name]! : null;
  if (assigned && assigned.value.kind !== "name") return assigned.value;
  const wanted = assigned?.value.kind === "name" ? assigned.value.name : name;
  const from = Object.hasOwn(fact.imported, wanted) ? fact.imported[wanted]! : null;
  if (!from) return assigned ? { kind: "unknown" } : null;
  for (const candidate of moduleFiles(location, path, from)) {
    const found = tree.has(candidate) ? tree.python(candidate)?.assigned[from.name]?.value : undefined;
    if (found?.kind === "literal") return found;
  }
  return { kind: "unknown" };
}

function moduleFiles(location: AlembicLocation, path: RepoPath, from: { level: number; module: string }): RepoPath[] {
  const parts = from.module.replaceAll(".", "/");
  const up = "../".repeat(Math.max(0, from.level - 1));
  const roots =
    from.level > 0
      ? [joinPath(directoryOf(path), up)]
      : [...location.importRoots, "", "src", directoryOf(location.location), location.location];
  return roots.flatMap((root) => {
    const base = root === null ? null : joinPath(root, parts);
    return base === null ? [] : [`${base}.py`, `${base}/__init__.py`];
  });
}

/** Alembic loads a file without its package, so relative imports fail; first-party modules must exist below some import root. */
function brokenImportsOf(
  tree: MigrationTree,
  location: AlembicLocation,
  path: RepoPath,
  fact: PythonMigration,
): MigrationFile["brokenImports"] {
  const roots = [...new Set([...location.importRoots, directoryOf(location.config ?? ""), "", "src"])];
  return fact.imports.flatMap(({ level, module, start, end }): MigrationFile["brokenImports"] => {
    const at = { path, start, end };
    if (level > 0) return [{ module: ".".repeat(level) + module, relative: true, at }];
    const parts = module.split(".");
    const below = (root: RepoPath, count: number): RepoPath => joinPath(root, parts.slice(0, count).join("/")) ?? "";
    const exists = (file: RepoPath): boolean => tree.has(`${file}.py`) || tree.hasDirectory(file);
    // Only a package of this repository is first-party; a script location called `alembic` is not.
    const own = roots.filter(
      (root) => tree.has(`${below(root, 1)}/__init__.py`) && below(root, 1) !== location.location,
    );
    if (parts.length < 2 || own.length === 0) return [];
    const found = roots.some((root) => exists(below(root, parts.length)));
    return found ? [] : [{ module, relative: false, at }];
  });
}
