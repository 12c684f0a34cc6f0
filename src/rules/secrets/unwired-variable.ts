import type { Check } from "../../types/rule.ts";
import { levelOf, nearWords, otherPlaces } from "./reporting.ts";

export const unwiredVariable: Check<"secrets", "secrets/unwired-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const judgement of secrets.names) {
      const { status, name, near, first, environment, elsewhere, wiring } = judgement;
      if (status !== "unwired" || elsewhere.length > 0) continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      const where = environment === null ? "" : ` in ${environment}`;
      const edge =
        near.length > 0
          ? `--set-secrets ${name}=${near[0]}:latest`
          : `--set-secrets ${name}=SECRET:latest, or --set-env-vars`;
      yield {
        message: `${first.form}: the code needs ${name}, and the deploy of ${first.service} gives it no such variable${where}.${nearWords(judgement)} Add it to the deploy: ${edge}.`,
        subject: name,
        at: first.at,
        severity,
        related: [...(wiring ? [{ ...wiring, message: `what ${first.service} gets` }] : []), ...otherPlaces(judgement)],
      };
    }
  },
};
