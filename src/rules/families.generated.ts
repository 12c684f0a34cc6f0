// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../types/rule.ts";

/** The checks of each family, loaded when one of its rules runs. */
export const families: Readonly<Record<string, () => Promise<Readonly<Record<string, Check>>>>> = {

};
