import type { Check } from "../../types/rule.ts";

export const dynamicReference: Check<"secrets", "secrets/dynamic-reference"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const { expression, at } of secrets.dynamic) {
      const shown = expression.slice(0, 80);
      yield {
        message: `The name of a secret is computed here (${shown}), so nobody can tell whether it exists. List what it may be under \`requires\` of the environment.`,
        subject: shown,
        at,
        // A folder that puts one word into all names says nothing new with each.
        cause: at.path.slice(0, at.path.lastIndexOf("/") + 1),
      };
    }
  },
};
