import type { Check } from "../../types/rule.ts";

export const unused: Check<"suppressions", "suppressions/unused"> = {
  needs: ["suppressions"],
  *run({ suppressions }) {
    for (const { state, rules, unknownRules, by, at } of suppressions.outcomes) {
      if (state !== "unused") continue;
      const subject = rules.join(", ");
      const [unknown] = unknownRules;
      const what =
        by === "inline" ? "This comment" : by === "config" ? "This entry of `suppress:`" : "This entry of the baseline";
      if (unknown !== undefined)
        yield {
          message: `${what} names "${unknown}", which is no rule and no family, so it leaves out nothing. Correct the name; \`predeploy rules\` lists them.`,
          subject,
          at,
        };
      else yield { message: `${what} leaves out nothing: no finding of ${subject} is there. Delete it.`, subject, at };
    }
  },
};
