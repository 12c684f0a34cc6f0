import type { Check } from "../../types/rule.ts";
import { inventoryWords, levelOf, otherPlaces, quotedList } from "./reporting.ts";

export const environmentScope: Check<"secrets", "secrets/environment-scope"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const judgement of secrets.names) {
      const { namespace, status, elsewhere, first, name, environment } = judgement;
      if (namespace !== "ci" || status !== "missing" || elsewhere.length === 0 || judgement.chosenBy) continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      const held = `only the environment${elsewhere.length === 1 ? "" : "s"} ${quotedList(elsewhere)} ${elsewhere.length === 1 ? "has" : "have"} it`;
      const here = environment === null ? "this job runs in no environment" : `this job runs in ${environment}`;
      yield {
        message: `${first.form} is empty here: ${held}, and ${here}. Add \`environment: ${elsewhere[0]}\` to the job (of a reusable workflow: to the called job), or create it where the job can see it.${inventoryWords(judgement)}`,
        subject: name,
        at: first.at,
        severity,
        related: otherPlaces(judgement),
      };
    }
  },
};
