import { isoDate } from "../../text/dates.ts";
import type { Check } from "../../types/rule.ts";
import { baseOf, nameOf, undecidedOf } from "./wording.ts";

/** `trailers` is an option, but the model reads it as well: the verdict of a comparison depends on it. */
export const undeployedFix: Check<"drift", "drift/undeployed-fix"> = {
  needs: ["drift"],
  *run({ drift }) {
    for (const one of drift.comparisons) {
      const { fixes } = one.limits;
      if (fixes === "off") continue;
      if (one.verdict === "undecided") yield undecidedOf(one);
      for (const commit of one.waiting.filter((candidate) => candidate.fix)) {
        yield {
          message: `The fix "${commit.subject.slice(0, 200)}" (${commit.sha.slice(0, 10)}, ${isoDate(commit.time).slice(0, 10)}) is in ${nameOf(one.head)} and not in ${baseOf(one)}. Deploy it, or cherry-pick it with -x.`,
          subject: commit.sha,
          at: one.at,
          severity: fixes,
        };
      }
    }
  },
};
