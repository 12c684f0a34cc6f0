// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { environmentFileBroken } from "./environment-file-broken.ts";
import { forbiddenValue } from "./forbidden-value.ts";
import { hostMismatch } from "./host-mismatch.ts";
import { settingConflict } from "./setting-conflict.ts";
import { valueMismatch } from "./value-mismatch.ts";

export const checks: Readonly<Record<string, Check>> = {
  "config/environment-file-broken": environmentFileBroken as unknown as Check,
  "config/forbidden-value": forbiddenValue as unknown as Check,
  "config/host-mismatch": hostMismatch as unknown as Check,
  "config/setting-conflict": settingConflict as unknown as Check,
  "config/value-mismatch": valueMismatch as unknown as Check,
};
