import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const encodedPlaceholder: Check<"placeholders", "placeholders/encoded-placeholder"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(
      placeholders,
      "encoded-placeholder",
      (finding) => `${holds(finding, "holds base64 that decodes to")}, a placeholder`,
    );
  },
};
