import type { Check } from "../../types/rule.ts";
import { levelOf, nearWords, quotedList } from "./reporting.ts";

export const missingTerraformVariable: Check<"secrets", "secrets/missing-terraform-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const judgement of secrets.names) {
      const { namespace, status, name, first, environment, elsewhere } = judgement;
      if (namespace !== "object" || status !== "missing" || first.holder !== "terraform") continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      const read = elsewhere.length > 0 ? ` (read: ${quotedList(elsewhere)})` : "";
      yield {
        message: `The variable "${name}" has no default, and nothing sets it for ${environment}${read}: \`terraform apply -input=false\` ends with "No value for required variable".${nearWords(judgement)} Set it in the environment's tfvars, or as TF_VAR_${name}.`,
        subject: name,
        at: first.at,
        severity,
      };
    }
  },
};
