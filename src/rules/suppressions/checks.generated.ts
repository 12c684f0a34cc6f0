// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { expired } from "./expired.ts";
import { missingReason } from "./missing-reason.ts";
import { unused } from "./unused.ts";

export const checks: Readonly<Record<string, Check>> = {
  "suppressions/expired": expired as unknown as Check,
  "suppressions/missing-reason": missingReason as unknown as Check,
  "suppressions/unused": unused as unknown as Check,
};
