import type { Check } from "../../types/rule.ts";
import { countOf, listCommits, nameOf, sidesOf, undecidedOf } from "./wording.ts";

export const lostCommits: Check<"drift", "drift/lost-commits"> = {
  needs: ["drift"],
  *run({ drift }) {
    for (const one of drift.comparisons) {
      if (one.limits.maxLost === null) continue;
      if (one.verdict === "undecided") yield undecidedOf(one);
      if (!one.tooManyLost) continue;
      const allowed = one.limits.maxLost > 0 ? `; ${one.limits.maxLost} may be lost` : "";
      yield {
        message: `Shipping ${nameOf(one.head)} takes back ${countOf(one.lost.length, "commit")} that ${one.environment === null ? `${nameOf(one.base)} holds` : `${one.environment} runs (${nameOf(one.base)})`}${allowed}. Merge the base back with a merge commit before deploying. Lost: ${listCommits(one.lost)}. ${sidesOf(one)}`,
        subject: one.subject,
        at: one.at,
      };
    }
  },
};
