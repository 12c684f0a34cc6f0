// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { emptyValue } from "./empty-value.ts";
import { environmentScope } from "./environment-scope.ts";
import { missingBuildVariable } from "./missing-build-variable.ts";
import { missingCiSecret } from "./missing-ci-secret.ts";
import { missingCiVariable } from "./missing-ci-variable.ts";
import { missingObjectKey } from "./missing-object-key.ts";
import { missingStoreSecret } from "./missing-store-secret.ts";
import { missingTerraformVariable } from "./missing-terraform-variable.ts";
import { missingVariable } from "./missing-variable.ts";
import { placeholderValue } from "./placeholder-value.ts";

export const checks: Readonly<Record<string, Check>> = {
  "secrets/empty-value": emptyValue as unknown as Check,
  "secrets/environment-scope": environmentScope as unknown as Check,
  "secrets/missing-build-variable": missingBuildVariable as unknown as Check,
  "secrets/missing-ci-secret": missingCiSecret as unknown as Check,
  "secrets/missing-ci-variable": missingCiVariable as unknown as Check,
  "secrets/missing-object-key": missingObjectKey as unknown as Check,
  "secrets/missing-store-secret": missingStoreSecret as unknown as Check,
  "secrets/missing-terraform-variable": missingTerraformVariable as unknown as Check,
  "secrets/missing-variable": missingVariable as unknown as Check,
  "secrets/placeholder-value": placeholderValue as unknown as Check,
};
