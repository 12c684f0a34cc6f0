// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { missingRollback } from "./missing-rollback.ts";
import { uncheckedItem } from "./unchecked-item.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "checklist/missing-rollback": { needs: ["checklists"], check: () => missingRollback as unknown as Check },
  "checklist/unchecked-item": { needs: ["checklists"], check: () => uncheckedItem as unknown as Check },
};
