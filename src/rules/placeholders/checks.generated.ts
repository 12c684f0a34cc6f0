// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { dummyIdentifier } from "./dummy-identifier.ts";
import { encodedPlaceholder } from "./encoded-placeholder.ts";
import { exampleDeployed } from "./example-deployed.ts";
import { leftover } from "./leftover.ts";
import { rendererMissesToken } from "./renderer-misses-token.ts";
import { rendersEmpty } from "./renders-empty.ts";
import { unrenderedPath } from "./unrendered-path.ts";
import { unrenderedReference } from "./unrendered-reference.ts";
import { unresolvedReference } from "./unresolved-reference.ts";
import { weakDefault } from "./weak-default.ts";

export const checks: Readonly<Record<string, Check>> = {
  "placeholders/dummy-identifier": dummyIdentifier as unknown as Check,
  "placeholders/encoded-placeholder": encodedPlaceholder as unknown as Check,
  "placeholders/example-deployed": exampleDeployed as unknown as Check,
  "placeholders/leftover": leftover as unknown as Check,
  "placeholders/renderer-misses-token": rendererMissesToken as unknown as Check,
  "placeholders/renders-empty": rendersEmpty as unknown as Check,
  "placeholders/unrendered-path": unrenderedPath as unknown as Check,
  "placeholders/unrendered-reference": unrenderedReference as unknown as Check,
  "placeholders/unresolved-reference": unresolvedReference as unknown as Check,
  "placeholders/weak-default": weakDefault as unknown as Check,
};
