import type { MigrationFile, MigrationGraph } from "../../types/migrations.ts";
import type { Check } from "../../types/rule.ts";
import { ancestorsOf, incomplete, nameOf } from "./chain.ts";

export const multipleHeads: Check<"migrations", "migrations/multiple-heads"> = {
  needs: ["migrations"],
  *run({ migrations }) {
    for (const graph of migrations.graphs) {
      if (graph.tool !== "alembic" && graph.tool !== "django") continue;
      for (const heads of rivals(graph)) {
        if (!graph.complete) {
          yield incomplete(graph, "it cannot be told whether it has several heads");
          continue;
        }
        // The longer chain is taken for the newer one; its parent is where the branches part.
        const depth = new Map(heads.map((head) => [head, ancestorsOf(graph, head).size]));
        const [newest, ...others] = [...heads].sort(
          (a, b) => depth.get(b)! - depth.get(a)! || (a.path < b.path ? 1 : -1),
        );
        const ids = heads.map((head) => head.id!).sort();
        const how =
          graph.tool === "alembic"
            ? '`alembic upgrade head` stops with "Multiple head revisions are present". Join them: alembic merge heads'
            : '`migrate` stops with "Conflicting migrations detected". Join them: manage.py makemigrations --merge';
        yield {
          message: `The ${nameOf(graph)} ${graph.tool === "django" ? "has" : "have"} ${heads.length} heads: ${ids.join(", ")}. ${how}, or let one follow the other.`,
          subject: ids.join(", "),
          at: newest!.at.parents,
          severity: graph.tool === "alembic" && migrations.upgradesAllHeads ? "warning" : undefined,
          related: others.map((head) => ({ ...head.at.parents, message: `head ${head.id}` })),
        };
      }
    }
  },
};

/** Heads that get in each other's way: of one location, with the same branch labels and an id of their own (else they are duplicates). */
function rivals(graph: MigrationGraph): MigrationFile[][] {
  const groups = new Map<string, MigrationFile[]>();
  for (const head of graph.heads) {
    const labels = [...ancestorsOf(graph, head)].flatMap((file) => file.labels).sort();
    const directory = graph.directories.length > 1 ? head.path.slice(0, head.path.lastIndexOf("/")) : "";
    const key = JSON.stringify([directory, labels]);
    const group = groups.get(key) ?? [];
    if (!group.some((one) => one.id === head.id)) groups.set(key, [...group, head]);
  }
  return [...groups.values()].filter((heads) => heads.length > 1);
}
