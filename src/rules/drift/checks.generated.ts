// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { environmentKeyMissing } from "./environment-key-missing.ts";
import { lostCommits } from "./lost-commits.ts";
import { lostMigration } from "./lost-migration.ts";
import { undeployedAge } from "./undeployed-age.ts";
import { undeployedCommits } from "./undeployed-commits.ts";
import { undeployedFix } from "./undeployed-fix.ts";

export const checks: Readonly<Record<string, Check>> = {
  "drift/environment-key-missing": environmentKeyMissing as unknown as Check,
  "drift/lost-commits": lostCommits as unknown as Check,
  "drift/lost-migration": lostMigration as unknown as Check,
  "drift/undeployed-age": undeployedAge as unknown as Check,
  "drift/undeployed-commits": undeployedCommits as unknown as Check,
  "drift/undeployed-fix": undeployedFix as unknown as Check,
};
