// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
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

export const checks: Readonly<Record<string, Check>> = {
  "migrations/duplicate-revision": duplicateRevision as unknown as Check,
  "migrations/edited-after-deploy": editedAfterDeploy as unknown as Check,
  "migrations/multiple-heads": multipleHeads as unknown as Check,
  "migrations/not-a-migration": notAMigration as unknown as Check,
  "migrations/nullable-json-filter": nullableJsonFilter as unknown as Check,
  "migrations/out-of-order": outOfOrder as unknown as Check,
  "migrations/revision-cycle": revisionCycle as unknown as Check,
  "migrations/unknown-parent": unknownParent as unknown as Check,
  "migrations/unresolvable-import": unresolvableImport as unknown as Check,
  "migrations/unsafe-statement": unsafeStatement as unknown as Check,
};
