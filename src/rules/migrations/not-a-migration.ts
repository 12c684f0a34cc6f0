import type { Check } from "../../types/rule.ts";
import { nameOf, topOf } from "./chain.ts";

export const notAMigration: Check<"migrations", "migrations/not-a-migration"> = {
  needs: ["migrations"],
  *run({ migrations }) {
    for (const graph of migrations.graphs) {
      for (const path of graph.strays) {
        yield {
          message: `${path} stands among the ${nameOf(graph)} and declares no \`revision\`: every alembic command stops with "Could not determine revision id from filename". Move it out of the directory.`,
          subject: path,
          at: topOf(path),
        };
      }
    }
  },
};
