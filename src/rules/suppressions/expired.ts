import type { Check } from "../../types/rule.ts";

export const expired: Check<"suppressions", "suppressions/expired"> = {
  needs: ["suppressions"],
  *run({ suppressions }) {
    for (const { state, rules, until, reason, token, at } of suppressions.outcomes) {
      if (state !== "expired") continue;
      const message = `This suppression held until ${until} ("${reason}"), so its findings count again. Mend them, or set a later date.`;
      yield { message, subject: token ?? rules.join(", "), at };
    }
  },
};
