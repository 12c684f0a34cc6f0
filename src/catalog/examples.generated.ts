// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { RuleExample } from "../types/rule.ts";

export const examples: Readonly<Record<string, readonly RuleExample[]>> = {

};
