import type { Check } from "../../types/rule.ts";
import { baseOf, countOf, listCommits, nameOf, sidesOf, undecidedOf } from "./wording.ts";

export const undeployedCommits: Check<"drift", "drift/undeployed-commits"> = {
  needs: ["drift"],
  *run({ drift }) {
    for (const one of drift.comparisons) {
      if (one.verdict === "undecided") yield undecidedOf(one);
      if (!one.tooManyWaiting) continue;
      const fixes = one.waiting.filter((commit) => commit.fix).length;
      const only = one.waiting.length === 1;
      const among =
        fixes === 0 ? "" : only ? ", a fix," : fixes === 1 ? ", 1 of them a fix," : `, ${fixes} of them fixes,`;
      yield {
        message: `${countOf(one.waiting.length, "commit")} of ${nameOf(one.head)}${among} ${only ? "waits" : "wait"} to reach ${baseOf(one)}; ${one.limits.maxWaiting === 0 ? "none" : one.limits.maxWaiting} may wait. Deploy, or raise max-waiting on purpose. Waiting: ${listCommits(one.waiting)}. ${sidesOf(one)}`,
        subject: one.subject,
        at: one.at,
      };
    }
  },
};
