// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { declaredEntryUnmatched } from "./declared-entry-unmatched.ts";
import { declaredOrder } from "./declared-order.ts";
import { unresolvedImport } from "./unresolved-import.ts";

export const checks: Readonly<Record<string, Check>> = {
  "startup-order/declared-entry-unmatched": declaredEntryUnmatched as unknown as Check,
  "startup-order/declared-order": declaredOrder as unknown as Check,
  "startup-order/unresolved-import": unresolvedImport as unknown as Check,
};
