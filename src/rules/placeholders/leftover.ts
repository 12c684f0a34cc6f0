import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const leftover: Check<"placeholders", "placeholders/leftover"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(placeholders, "leftover", (finding) => `${holds(finding)}, a placeholder that nobody replaced`);
    yield* placeholders.unseen;
  },
};
