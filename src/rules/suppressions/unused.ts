import type { Check } from "../../types/rule.ts";

export const unused: Check<"suppressions", "suppressions/unused"> = {
  needs: ["suppressions"],
  *run({ suppressions }) {
    for (const { state, rules, unknownRules, until, by, token, at } of suppressions.outcomes) {
      if (state === "malformed") {
        const why = until === null ? "is not written as one" : `ends on ${until}, which is no day,`;
        const form = "`predeploy-ignore RULE: reason`, or `predeploy-ignore RULE until=YYYY-MM-DD: reason`";
        yield { message: `This suppression ${why} and leaves out nothing. Write ${form}.`, subject: "", at };
        continue;
      }
      if (state !== "unused") continue;
      if (token !== undefined) {
        const message = `This entry of \`placeholders.allow\` leaves out nothing: no file that it names holds \`${token}\` where it would be found. Delete it.`;
        yield { message, subject: token, at };
        continue;
      }
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
