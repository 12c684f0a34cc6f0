// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { duplicateRevision } from "./duplicate-revision.ts";
import { editedAfterDeploy } from "./edited-after-deploy.ts";
import { multipleHeads } from "./multiple-heads.ts";
import { notAMigration } from "./not-a-migration.ts";
import { nullableJsonFilter } from "./nullable-json-filter.ts";
import { outOfOrder } from "./out-of-order.ts";
import { revisionCycle } from "./revision-cycle.ts";
import { unknownParent } from "./unknown-parent.ts";
import { unresolvableImport } from "./unresolvable-import.ts";
import { unsafeStatement } from "./unsafe-statement.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "migrations/duplicate-revision": { needs: ["migrations"], check: () => duplicateRevision as unknown as Check },
  "migrations/edited-after-deploy": { needs: ["migrations","history"], check: () => editedAfterDeploy as unknown as Check },
  "migrations/multiple-heads": { needs: ["migrations"], check: () => multipleHeads as unknown as Check },
  "migrations/not-a-migration": { needs: ["migrations"], check: () => notAMigration as unknown as Check },
  "migrations/nullable-json-filter": { needs: ["jsonColumns"], check: () => nullableJsonFilter as unknown as Check },
  "migrations/out-of-order": { needs: ["migrations","history"], check: () => outOfOrder as unknown as Check },
  "migrations/revision-cycle": { needs: ["migrations"], check: () => revisionCycle as unknown as Check },
  "migrations/unknown-parent": { needs: ["migrations"], check: () => unknownParent as unknown as Check },
  "migrations/unresolvable-import": { needs: ["migrations"], check: () => unresolvableImport as unknown as Check },
  "migrations/unsafe-statement": { needs: ["pendingMigrations"], check: () => unsafeStatement as unknown as Check },
};
