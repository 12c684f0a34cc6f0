import type { Check } from "../../types/rule.ts";

export const composeUnreadable: Check<"compose", "startup-order/compose-unreadable"> = {
  needs: ["compose"],
  *run({ compose }) {
    for (const { path, message, at, example, development } of compose.broken)
      yield {
        severity: example ? "note" : development ? "warning" : "error",
        message: `This compose file is not valid YAML, so compose starts none of its services: ${message}`,
        subject: path,
        at,
      };
  },
};
