// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { environmentKeyMissing } from "./environment-key-missing.ts";
import { lostCommits } from "./lost-commits.ts";
import { lostMigration } from "./lost-migration.ts";
import { undeployedAge } from "./undeployed-age.ts";
import { undeployedCommits } from "./undeployed-commits.ts";
import { undeployedFix } from "./undeployed-fix.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "drift/environment-key-missing": { needs: ["environmentKeys"], check: () => environmentKeyMissing as unknown as Check },
  "drift/lost-commits": { needs: ["drift"], check: () => lostCommits as unknown as Check },
  "drift/lost-migration": { needs: ["drift"], check: () => lostMigration as unknown as Check },
  "drift/undeployed-age": { needs: ["drift"], check: () => undeployedAge as unknown as Check },
  "drift/undeployed-commits": { needs: ["drift"], check: () => undeployedCommits as unknown as Check },
  "drift/undeployed-fix": { needs: ["drift"], check: () => undeployedFix as unknown as Check },
};
