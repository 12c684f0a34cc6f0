import type { Check } from "../../types/rule.ts";
import { otherPlaces, quotedList } from "./reporting.ts";

export const partiallyWired: Check<"secrets", "secrets/partially-wired"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const judgement of secrets.names) {
      const { status, name, first, elsewhere, wiring, complete, certain } = judgement;
      if (status !== "unwired" || elsewhere.length === 0) continue;
      yield {
        message: `${first.form}: ${quotedList([...elsewhere].sort())} and "${first.service}" run this code; the deploy of ${first.service} does not give it ${name}. Copy the mapping of ${elsewhere[0]}.`,
        subject: name,
        at: first.at,
        severity: complete && certain ? "error" : "warning",
        related: [...(wiring ? [{ ...wiring, message: `what ${first.service} gets` }] : []), ...otherPlaces(judgement)],
      };
    }
  },
};
