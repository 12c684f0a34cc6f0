import type { MigrationFile } from "../../types/migrations.ts";
import type { Check } from "../../types/rule.ts";
import { nameOf } from "./chain.ts";

const JUDGED = new Set(["alembic", "flyway", "rails"]);

export const duplicateRevision: Check<"migrations", "migrations/duplicate-revision"> = {
  needs: ["migrations"],
  *run({ migrations }) {
    for (const graph of migrations.graphs) {
      if (!JUDGED.has(graph.tool)) continue;
      const byId = new Map<string, MigrationFile[]>();
      for (const file of graph.files) {
        if (file.id !== null && !file.repeatable) byId.set(file.id, [...(byId.get(file.id) ?? []), file]);
      }
      for (const [id, [first, ...others]] of byId) {
        for (const other of others) {
          yield {
            message: `Two files of the ${nameOf(graph)} are ${graph.tool === "alembic" ? "revision" : "version"} ${id}: this one and ${first!.path}. One of them never runs, or the tool refuses both. Give one a new ${graph.tool === "alembic" ? "id" : "version"}.`,
            subject: id,
            at: other.at.id,
            related: [{ ...first!.at.id, message: "the same id" }],
          };
        }
      }
    }
  },
};
