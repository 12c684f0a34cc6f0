import type { Check } from "../../types/rule.ts";
import { baseOf, countOf, listCommits, nameOf, sidesOf, undecidedOf } from "./wording.ts";

export const undeployedAge: Check<"drift", "drift/undeployed-age"> = {
  needs: ["drift"],
  *run({ drift }) {
    for (const one of drift.comparisons) {
      if (one.limits.maxAgeDays === null) continue;
      if (one.verdict === "undecided") yield undecidedOf(one);
      if (!one.tooOld || one.ageDays === null) continue;
      const oldest = one.waiting.filter(
        (commit) => commit.time === Math.min(...one.waiting.map((other) => other.time)),
      );
      yield {
        message: `The oldest commit of ${nameOf(one.head)} that waits to reach ${baseOf(one)} has waited ${countOf(one.ageDays, "day")}; ${countOf(one.limits.maxAgeDays, "day")} ${one.limits.maxAgeDays === 1 ? "is" : "are"} allowed. Deploy. Oldest: ${listCommits(oldest.slice(0, 1))}. ${sidesOf(one)}`,
        subject: one.subject,
        at: one.at,
      };
    }
  },
};
