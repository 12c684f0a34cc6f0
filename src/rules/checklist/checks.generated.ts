// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { missingRollback } from "./missing-rollback.ts";
import { uncheckedItem } from "./unchecked-item.ts";

export const checks: Readonly<Record<string, Check>> = {
  "checklist/missing-rollback": missingRollback as unknown as Check,
  "checklist/unchecked-item": uncheckedItem as unknown as Check,
};
