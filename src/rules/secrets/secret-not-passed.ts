import type { Check } from "../../types/rule.ts";

export const secretNotPassed: Check<"secrets", "secrets/secret-not-passed"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const { kind, name, at, of } of secrets.passing) {
      const message =
        kind === "not-passed"
          ? `${of} requires the secret ${name}, and this call does not pass it: GitHub refuses the whole workflow. Add \`${name}: \${{ secrets.${name} }}\` under \`secrets:\`.`
          : kind === "undeclared"
            ? `${of} declares no secret ${name}: GitHub refuses the whole workflow. Declare it under \`on.workflow_call.secrets\`, or do not pass it.`
            : `A composite action has no \`secrets\` context, so this action does not load. Give it an input, and pass \`\${{ secrets.${name} }}\` with \`with:\`.`;
      yield { message, subject: name, at };
    }
  },
};
