import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const unrenderedReference: Check<"placeholders", "placeholders/unrendered-reference"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(
      placeholders,
      "unrendered-reference",
      (finding) => `${holds(finding)}, which nothing renders and whose reader takes it literally`,
    );
    yield* placeholders.unseen;
  },
};
