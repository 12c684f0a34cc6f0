import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const weakDefault: Check<"placeholders", "placeholders/weak-default"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(
      placeholders,
      "weak-default",
      (finding) => `${holds(finding)}, whose fallback is a placeholder: it deploys silently when the variable is unset`,
    );
  },
};
