// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { expired } from "./expired.ts";
import { missingReason } from "./missing-reason.ts";
import { unused } from "./unused.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "suppressions/expired": { needs: ["suppressions"], check: () => expired as unknown as Check },
  "suppressions/missing-reason": { needs: ["suppressions"], check: () => missingReason as unknown as Check },
  "suppressions/unused": { needs: ["suppressions"], check: () => unused as unknown as Check },
};
