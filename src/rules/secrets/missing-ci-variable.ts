import type { Check } from "../../types/rule.ts";
import { missingInCi } from "./ci.ts";
import { unreadableInventories } from "./reporting.ts";

export const missingCiVariable: Check<"secrets", "secrets/missing-ci-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    yield* unreadableInventories(secrets, "ci", "variable");
    yield* missingInCi(secrets, "variable");
  },
};
