import type { Check } from "../../types/rule.ts";

export const missingReason: Check<"suppressions", "suppressions/missing-reason"> = {
  needs: ["suppressions"],
  *run({ suppressions }) {
    for (const { state, rules, unknownRules, at } of suppressions.outcomes) {
      if (state !== "without-reason") continue;
      const subject = rules.join(", ");
      // A reason without its colon reads like further rules.
      const known = rules.filter((name) => !unknownRules.includes(name));
      yield {
        message: `This suppression gives no reason and so suppresses nothing. Write \`predeploy-ignore ${known.join(", ") || subject}: reason\`.`,
        subject,
        at,
      };
    }
  },
};
