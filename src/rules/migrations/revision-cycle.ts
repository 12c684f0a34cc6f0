import type { MigrationFile, MigrationGraph } from "../../types/migrations.ts";
import type { Check } from "../../types/rule.ts";
import { nameOf } from "./chain.ts";

export const revisionCycle: Check<"migrations", "migrations/revision-cycle"> = {
  needs: ["migrations"],
  *run({ migrations }) {
    for (const graph of migrations.graphs) {
      if (graph.tool !== "alembic" && graph.tool !== "django") continue;
      for (const circle of circlesOf(graph)) {
        const ids = circle.map((file) => file.id!).sort();
        const first = circle.find((file) => file.id === ids[0])!;
        yield {
          message: `${graph.tool === "django" ? "Migrations of the" : "Some of the"} ${nameOf(graph)} follow each other in a circle: ${ids.join(", ")}. None of them can run first. Give one of them the parent that it was written for.`,
          subject: ids[0]!,
          at: first.at.parents,
          related: circle
            .filter((file) => file !== first)
            .map((file) => ({ ...file.at.parents, message: "in the circle" })),
        };
      }
    }
  },
};

/** Groups of files that all lead to each other, by taking away what has no parent left, from both ends. */
function circlesOf(graph: MigrationGraph): MigrationFile[][] {
  let left = new Map(graph.files.flatMap((file) => (file.id === null ? [] : [[file.id, file] as const])));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    const parents = new Set([...left.values()].flatMap((file) => [...(file.parents ?? []), ...inner(file)]));
    left = new Map(
      [...left].filter(
        ([id, file]) => parents.has(id) && [...(file.parents ?? []), ...inner(file)].some((one) => left.has(one)),
      ),
    );
  }
  const circles: MigrationFile[][] = [];
  while (left.size > 0) {
    const [start] = left.values();
    const group = new Set([start!]);
    for (const file of group) {
      for (const parent of [...(file.parents ?? []), ...inner(file)]) {
        const next = left.get(parent);
        if (next) group.add(next);
      }
    }
    for (const file of group) left.delete(file.id!);
    circles.push([...group]);
  }
  return circles;
}

/** Alembic's `depends_on` orders files of one graph as well. */
const inner = (file: MigrationFile): readonly string[] => file.dependsOn;
