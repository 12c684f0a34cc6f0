// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { environmentScope } from "./environment-scope.ts";
import { missingCiSecret } from "./missing-ci-secret.ts";
import { missingCiVariable } from "./missing-ci-variable.ts";
import { missingStoreSecret } from "./missing-store-secret.ts";

export const checks: Readonly<Record<string, Check>> = {
  "secrets/environment-scope": environmentScope as unknown as Check,
  "secrets/missing-ci-secret": missingCiSecret as unknown as Check,
  "secrets/missing-ci-variable": missingCiVariable as unknown as Check,
  "secrets/missing-store-secret": missingStoreSecret as unknown as Check,
};
