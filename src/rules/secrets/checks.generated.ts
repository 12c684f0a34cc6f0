// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
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

export const checks: Readonly<Record<string, Check>> = {
  "secrets/conflicting-mapping": conflictingMapping as unknown as Check,
  "secrets/duplicate-names": duplicateNames as unknown as Check,
  "secrets/dynamic-reference": dynamicReference as unknown as Check,
  "secrets/empty-value": emptyValue as unknown as Check,
  "secrets/environment-scope": environmentScope as unknown as Check,
  "secrets/lists-disagree": listsDisagree as unknown as Check,
  "secrets/missing-build-variable": missingBuildVariable as unknown as Check,
  "secrets/missing-ci-secret": missingCiSecret as unknown as Check,
  "secrets/missing-ci-variable": missingCiVariable as unknown as Check,
  "secrets/missing-object-key": missingObjectKey as unknown as Check,
  "secrets/missing-store-secret": missingStoreSecret as unknown as Check,
  "secrets/missing-terraform-variable": missingTerraformVariable as unknown as Check,
  "secrets/missing-variable": missingVariable as unknown as Check,
  "secrets/partially-wired": partiallyWired as unknown as Check,
  "secrets/placeholder-value": placeholderValue as unknown as Check,
  "secrets/plaintext-secret": plaintextSecret as unknown as Check,
  "secrets/present-list-stale": presentListStale as unknown as Check,
  "secrets/required-not-provided": requiredNotProvided as unknown as Check,
  "secrets/secret-not-accessible": secretNotAccessible as unknown as Check,
  "secrets/secret-not-passed": secretNotPassed as unknown as Check,
  "secrets/secret-version-unusable": secretVersionUnusable as unknown as Check,
  "secrets/unused-secret": unusedSecret as unknown as Check,
  "secrets/unwired-variable": unwiredVariable as unknown as Check,
};
