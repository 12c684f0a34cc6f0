import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const unresolvedReference: Check<"placeholders", "placeholders/unresolved-reference"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(
      placeholders,
      "unresolved-reference",
      (finding) => `${holds(finding)}, which nothing gives a value`,
    );
  },
};
