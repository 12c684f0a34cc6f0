import type { Check } from "../../types/rule.ts";
import { missingInCi } from "./ci.ts";
import { unreadableInventories } from "./reporting.ts";

export const missingCiSecret: Check<"secrets", "secrets/missing-ci-secret"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    yield* unreadableInventories(secrets, "ci");
    yield* missingInCi(secrets, "secret");
  },
};
