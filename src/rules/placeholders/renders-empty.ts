import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const rendersEmpty: Check<"placeholders", "placeholders/renders-empty"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(placeholders, "renders-empty", (finding) => `${holds(finding)}, which becomes an empty text`);
  },
};
