import type { Check } from "../../types/rule.ts";
import { quotedList } from "./reporting.ts";

export const listsDisagree: Check<"secrets", "secrets/lists-disagree"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const { kind, name, at, list, near } of secrets.differences) {
      const meant = near.length === 0 ? "" : ` ${quotedList(near, "or")} is mapped and not listed.`;
      yield {
        message:
          kind === "unmapped"
            ? `This list names "${name}", which no deploy maps and no code reads.${meant} Lists that are kept by hand drift: take them from \`predeploy show secrets\`.`
            : `This list lacks "${name}", which is required and mapped: whoever works by the list forgets it. Add it, or take the list from \`predeploy show secrets\`.`,
        subject: name,
        at,
        related: [{ ...list, message: kind === "unmapped" ? "the list starts here" : "mapped here" }],
      };
    }
  },
};
