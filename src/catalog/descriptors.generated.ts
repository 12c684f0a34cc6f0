// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { RuleDescriptor } from "../types/rule.ts";

/** Every rule, sorted by id; examples stand in examples.generated.ts. */
export const descriptors: readonly RuleDescriptor[] = [

];
