// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { environmentFileBroken } from "./environment-file-broken.ts";
import { forbiddenValue } from "./forbidden-value.ts";
import { hostMismatch } from "./host-mismatch.ts";
import { settingConflict } from "./setting-conflict.ts";
import { valueMismatch } from "./value-mismatch.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "config/environment-file-broken": { needs: ["settings"], check: () => environmentFileBroken as unknown as Check },
  "config/forbidden-value": { needs: ["settings","config"], check: () => forbiddenValue as unknown as Check },
  "config/host-mismatch": { needs: ["settings"], check: () => hostMismatch as unknown as Check },
  "config/setting-conflict": { needs: ["settings"], check: () => settingConflict as unknown as Check },
  "config/value-mismatch": { needs: ["settings","config"], check: () => valueMismatch as unknown as Check },
};
