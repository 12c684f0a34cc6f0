import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const unrenderedPath: Check<"placeholders", "placeholders/unrendered-path"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(
      placeholders,
      "unrendered-path",
      (finding) => `${holds(finding)}, a template placeholder in the path itself`,
    );
  },
};
