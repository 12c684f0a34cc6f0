import type { Check } from "../../types/rule.ts";
import { nameOf } from "./wording.ts";

export const lostMigration: Check<"drift", "drift/lost-migration"> = {
  needs: ["drift"],
  *run({ drift }) {
    for (const one of drift.comparisons) {
      if (!Array.isArray(one.lostMigrations)) {
        yield { undecided: `${one.subject}: ${one.lostMigrations.missing}.`, remedy: one.lostMigrations.remedy };
        continue;
      }
      for (const { path, tool, revision } of one.lostMigrations) {
        const what = revision === null ? path : `${path} (revision ${revision})`;
        yield {
          message: `${nameOf(one.base)} holds the ${tool} migration ${what}, and ${nameOf(one.head)} lacks it. The database may already be stamped with it, so the deploy stops or the next migration builds on a schema that this code does not know. Merge it back before deploying.`,
          subject: path,
          at: one.at,
        };
      }
    }
  },
};
