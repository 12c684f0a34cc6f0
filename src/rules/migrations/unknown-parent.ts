import type { Check } from "../../types/rule.ts";
import { incomplete, namedIds, nameOf } from "./chain.ts";

export const unknownParent: Check<"migrations", "migrations/unknown-parent"> = {
  needs: ["migrations"],
  *run({ migrations }) {
    // Projects side by side may each have an app of one name.
    const apps = new Map<string, ReadonlySet<string>>();
    for (const one of migrations.graphs)
      if (one.tool === "django") apps.set(one.name, new Set([...(apps.get(one.name) ?? []), ...namedIds(one)]));
    for (const graph of migrations.graphs) {
      if (graph.tool !== "alembic" && graph.tool !== "django") continue;
      const known = namedIds(graph);
      const exists = (id: string, parent: boolean): boolean => {
        if (known.has(id)) return true;
        if (graph.tool === "alembic") return !parent && [...known].some((one) => one.startsWith(id));
        const app = id.slice(0, id.indexOf("."));
        // An app that is not of this repository is somebody else's to keep.
        return /\.__(?:first|latest)__$/.test(id) || !(apps.get(app)?.has(id) === false);
      };
      for (const file of graph.files) {
        const named = [
          ...(file.parents ?? []).map((id) => ({ id, parent: true })),
          ...file.dependsOn.map((id) => ({ id, parent: false })),
        ];
        for (const { id, parent } of named) {
          if (exists(id, parent)) continue;
          // Without a config here, the program that brings one may add the locations of other packages.
          // The ids of Django's migrations are the names of their files: never unknown.
          if (graph.tool === "alembic" && (!graph.complete || (graph.config === null && !parent))) {
            yield incomplete(graph, `it cannot be told whether ${id} exists`);
            continue;
          }
          const what = graph.tool === "django" ? "depends on" : parent ? "follows" : "depends on";
          yield {
            message: `This migration ${what} ${id}, which is not in the ${nameOf(graph)}: every ${graph.tool} command stops there. Add the missing file, or name the migration that it really follows.`,
            subject: id,
            at: parent ? file.at.parents : (file.at.dependsOn ?? file.at.parents),
          };
        }
      }
    }
  },
};
