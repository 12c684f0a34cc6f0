// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { conflictingMapping } from "./conflicting-mapping.ts";
import { duplicateNames } from "./duplicate-names.ts";
import { dynamicReference } from "./dynamic-reference.ts";
import { emptyValue } from "./empty-value.ts";
import { environmentScope } from "./environment-scope.ts";
import { listsDisagree } from "./lists-disagree.ts";
import { missingBuildVariable } from "./missing-build-variable.ts";
import { missingCiSecret } from "./missing-ci-secret.ts";
import { missingCiVariable } from "./missing-ci-variable.ts";
import { missingObjectKey } from "./missing-object-key.ts";
import { missingStoreSecret } from "./missing-store-secret.ts";
import { missingTerraformVariable } from "./missing-terraform-variable.ts";
import { missingVariable } from "./missing-variable.ts";
import { partiallyWired } from "./partially-wired.ts";
import { placeholderValue } from "./placeholder-value.ts";
import { plaintextSecret } from "./plaintext-secret.ts";
import { presentListStale } from "./present-list-stale.ts";
import { requiredNotProvided } from "./required-not-provided.ts";
import { secretNotAccessible } from "./secret-not-accessible.ts";
import { secretNotPassed } from "./secret-not-passed.ts";
import { secretVersionUnusable } from "./secret-version-unusable.ts";
import { unusedSecret } from "./unused-secret.ts";
import { unwiredVariable } from "./unwired-variable.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "secrets/conflicting-mapping": { needs: ["secrets"], check: () => conflictingMapping as unknown as Check },
  "secrets/duplicate-names": { needs: ["secrets"], check: () => duplicateNames as unknown as Check },
  "secrets/dynamic-reference": { needs: ["secrets"], check: () => dynamicReference as unknown as Check },
  "secrets/empty-value": { needs: ["secrets"], check: () => emptyValue as unknown as Check },
  "secrets/environment-scope": { needs: ["secrets"], check: () => environmentScope as unknown as Check },
  "secrets/lists-disagree": { needs: ["secrets"], check: () => listsDisagree as unknown as Check },
  "secrets/missing-build-variable": { needs: ["secrets"], check: () => missingBuildVariable as unknown as Check },
  "secrets/missing-ci-secret": { needs: ["secrets"], check: () => missingCiSecret as unknown as Check },
  "secrets/missing-ci-variable": { needs: ["secrets"], check: () => missingCiVariable as unknown as Check },
  "secrets/missing-object-key": { needs: ["secrets"], check: () => missingObjectKey as unknown as Check },
  "secrets/missing-store-secret": { needs: ["secrets"], check: () => missingStoreSecret as unknown as Check },
  "secrets/missing-terraform-variable": { needs: ["secrets"], check: () => missingTerraformVariable as unknown as Check },
  "secrets/missing-variable": { needs: ["secrets"], check: () => missingVariable as unknown as Check },
  "secrets/partially-wired": { needs: ["secrets"], check: () => partiallyWired as unknown as Check },
  "secrets/placeholder-value": { needs: ["secrets"], check: () => placeholderValue as unknown as Check },
  "secrets/plaintext-secret": { needs: ["secrets"], check: () => plaintextSecret as unknown as Check },
  "secrets/present-list-stale": { needs: ["secrets"], check: () => presentListStale as unknown as Check },
  "secrets/required-not-provided": { needs: ["secrets","config"], check: () => requiredNotProvided as unknown as Check },
  "secrets/secret-not-accessible": { needs: ["secrets"], check: () => secretNotAccessible as unknown as Check },
  "secrets/secret-not-passed": { needs: ["secrets"], check: () => secretNotPassed as unknown as Check },
  "secrets/secret-version-unusable": { needs: ["secrets"], check: () => secretVersionUnusable as unknown as Check },
  "secrets/unused-secret": { needs: ["secrets"], check: () => unusedSecret as unknown as Check },
  "secrets/unwired-variable": { needs: ["secrets"], check: () => unwiredVariable as unknown as Check },
};
