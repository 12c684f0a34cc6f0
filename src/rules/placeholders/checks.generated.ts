// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
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

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "placeholders/dummy-identifier": { needs: ["placeholders"], check: () => dummyIdentifier as unknown as Check },
  "placeholders/encoded-placeholder": { needs: ["placeholders"], check: () => encodedPlaceholder as unknown as Check },
  "placeholders/example-deployed": { needs: ["placeholders"], check: () => exampleDeployed as unknown as Check },
  "placeholders/leftover": { needs: ["placeholders"], check: () => leftover as unknown as Check },
  "placeholders/renderer-misses-token": { needs: ["placeholders"], check: () => rendererMissesToken as unknown as Check },
  "placeholders/renders-empty": { needs: ["placeholders"], check: () => rendersEmpty as unknown as Check },
  "placeholders/unrendered-path": { needs: ["placeholders"], check: () => unrenderedPath as unknown as Check },
  "placeholders/unrendered-reference": { needs: ["placeholders"], check: () => unrenderedReference as unknown as Check },
  "placeholders/unresolved-reference": { needs: ["placeholders"], check: () => unresolvedReference as unknown as Check },
  "placeholders/weak-default": { needs: ["placeholders"], check: () => weakDefault as unknown as Check },
};
