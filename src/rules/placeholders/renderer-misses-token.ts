import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const rendererMissesToken: Check<"placeholders", "placeholders/renderer-misses-token"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(
      placeholders,
      "renderer-misses-token",
      (finding) => `${holds(finding)}, which the step that renders the file does not replace`,
    );
  },
};
