import type { MigrationFile, MigrationGraph } from "../../types/migrations.ts";

/** The files that count: what a squash that is there replaces is left out. */
export function activeFiles(graph: MigrationGraph): MigrationFile[] {
  const replaced = new Set(graph.files.flatMap((file) => file.replaces));
  return graph.files.filter((file) => file.id === null || !replaced.has(file.id));
}

/** Files that no other file of the graph follows, by path; files without a known id are no heads. */
export function headsOf(graph: MigrationGraph): MigrationFile[] {
  const files = activeFiles(graph);
  const followed = new Set(files.flatMap((file) => file.parents ?? []));
  // A file that follows a replaced migration follows its squash.
  const standIns = files.filter((file) => file.replaces.some((id) => followed.has(id)));
  return files.filter((file) => file.id !== null && !followed.has(file.id) && !standIns.includes(file));
}

/** What is judged where nothing deployed is known: the newest of a chain. */
export function newestFiles(graph: MigrationGraph): MigrationFile[] {
  if (graph.tool === "alembic" || graph.tool === "django") return graph.heads;
  const last = graph.files.filter((file) => !file.repeatable).at(-1);
  return last ? [last] : [];
}
