import type { MigrationFile, MigrationGraph } from "../../types/migrations.ts";
import type { Location } from "../../types/text.ts";

/** The line 1 of a file. */
export const topOf = (path: string): Location => ({ path, start: { line: 1, column: 1 }, end: { line: 1, column: 1 } });

/** How a reader knows the graph: `alembic migrations of db/migrations`. */
export const nameOf = (graph: MigrationGraph): string =>
  graph.tool === "django"
    ? `Django app ${graph.name}`
    : `${graph.tool} migrations of ${graph.name === "" ? "the root" : graph.name}`;

/** Every id that a file may name: ids, labels, what squashes replace. */
export function namedIds(graph: MigrationGraph): Set<string> {
  return new Set(
    graph.files.flatMap((file) => [...(file.id === null ? [] : [file.id]), ...file.labels, ...file.replaces]),
  );
}

/** A file with all that it follows. */
export function ancestorsOf(graph: MigrationGraph, file: MigrationFile): Set<MigrationFile> {
  const byId = new Map(graph.files.flatMap((one) => (one.id === null ? [] : [[one.id, one] as const])));
  const seen = new Set<MigrationFile>();
  const open = [file];
  for (let one = open.pop(); one; one = open.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    for (const parent of one.parents ?? []) {
      const found = byId.get(parent);
      if (found) open.push(found);
    }
  }
  return seen;
}

/** Why a graph cannot be judged as a whole, as an undecided answer. */
export const incomplete = (graph: MigrationGraph, what: string) => ({
  undecided:
    graph.tool === "django"
      ? `${nameOf(graph)}: ${what}, because the dependencies of a migration are no list of literals.`
      : `${nameOf(graph)}: ${what}, because a revision's id or parent is no literal, or a directory of revisions is not in the repository.`,
  remedy:
    graph.tool === "django"
      ? "Write the dependencies as a list of literals, as makemigrations does."
      : "Write revision and down_revision as literals, as alembic's own template does.",
});
