import type { Check } from "../../types/rule.ts";

export const missingReason: Check<"suppressions", "suppressions/missing-reason"> = {
  needs: ["suppressions"],
  *run({ suppressions }) {
    for (const { state, rules, at } of suppressions.outcomes) {
      if (state !== "without-reason") continue;
      const subject = rules.join(", ");
      yield {
        message: `This suppression gives no reason and so suppresses nothing. Write \`predeploy-ignore ${subject}: reason\`.`,
        subject,
        at,
      };
    }
  },
};
