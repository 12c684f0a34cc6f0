import type { Check } from "../../types/rule.ts";
import { missingInCi } from "./ci.ts";

export const missingCiVariable: Check<"secrets", "secrets/missing-ci-variable"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    yield* missingInCi(secrets, "variable");
  },
};
