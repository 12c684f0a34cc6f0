import type { Check } from "../../types/rule.ts";
import { inventoryWords, levelOf, nearWords, otherPlaces } from "./reporting.ts";

export const missingBuildVariable: Check<"secrets", "secrets/missing-build-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const judgement of secrets.names) {
      const { namespace, status, name, near, environment, first } = judgement;
      if (namespace !== "build" || status !== "missing") continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      yield {
        message: `${first.form}: the build takes ${name} in, and nothing sets it for ${environment}. Setting it at run time is too late.${nearWords(near)} Give it to the build (ARG and \`--build-arg\`, or the env file of the build).${inventoryWords(judgement)}`,
        subject: name,
        at: first.at,
        severity,
        related: otherPlaces(judgement),
      };
    }
  },
};
