import type { Check } from "../../types/rule.ts";
import { holds, reportsOf } from "./report.ts";

export const dummyIdentifier: Check<"placeholders", "placeholders/dummy-identifier"> = {
  needs: ["placeholders"],
  *run({ placeholders }) {
    yield* reportsOf(
      placeholders,
      "dummy-identifier",
      (finding) => `${holds(finding)}, an address or id that belongs to nobody`,
    );
  },
};
