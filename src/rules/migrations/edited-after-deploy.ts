import type { Check } from "../../types/rule.ts";
import { topOf } from "./chain.ts";

/** What the tools that compare checksums do. https://github.com/prisma/prisma/issues/9829 */
const CHECKSUMS = {
  flyway: "flyway compares checksums and refuses to go on",
  prisma:
    "prisma compares checksums: `migrate deploy` warns at each run and never runs the change, `migrate dev` wants to reset the database",
};

export const editedAfterDeploy: Check<"migrations" | "history", "migrations/edited-after-deploy"> = {
  needs: ["migrations", "history"],
  *run({ migrations, history }) {
    const { deployed } = history;
    if (deployed === null || migrations.graphs.length === 0) return;
    if ("missing" in deployed) {
      yield { undecided: `the deployed migrations are not known: ${deployed.missing}.`, remedy: deployed.remedy };
      return;
    }
    const edits = new Map(deployed.files.map((file) => [file.path, file.edited]));
    for (const graph of migrations.graphs) {
      const checksummed = Object.hasOwn(CHECKSUMS, graph.tool);
      for (const file of graph.files) {
        const edited = edits.get(file.path) ?? "no";
        if (file.repeatable || edited === "no" || (edited === "comments" && !checksummed)) continue;
        const effect = checksummed
          ? CHECKSUMS[graph.tool as keyof typeof CHECKSUMS]
          : "what the database holds is no longer what this file says, and nothing will run it again";
        yield {
          message: `${file.path} has run in ${deployed.environment} (commit ${deployed.commit.slice(0, 10)}) and says something else here: ${effect}. Restore it, and write the change as a new migration.`,
          subject: file.path,
          at: topOf(file.path),
          severity: checksummed ? "error" : "warning",
        };
      }
    }
  },
};
