import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const leftover: Check<"placeholders", "placeholders/leftover"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(placeholders, "leftover", (finding) => `${holds(finding)}, a placeholder that nobody replaced`);
    for (const { path, reason } of placeholders.unseen)
      yield {
        undecided: `${path} could not be read, and ${reason}.`,
        remedy: "Make the file readable text (see the list of unread files), or take it out of what is deployed.",
      };
  },
};
