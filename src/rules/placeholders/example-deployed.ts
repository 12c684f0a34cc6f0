import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const exampleDeployed: Check<"placeholders", "placeholders/example-deployed"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(placeholders, "example-deployed", (finding) => `${holds(finding)}, an example that is deployed`);
  },
};
