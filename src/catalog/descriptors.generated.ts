// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { RuleDescriptor } from "../types/rule.ts";

/** Every rule, sorted by id; examples stand in examples.generated.ts. */
export const descriptors: readonly RuleDescriptor[] = [
  {"id":"suppressions/expired","check":"suppressions/expired","title":"A suppression has passed its last day.","severity":"warning","why":"`until=YYYY-MM-DD` says how long a finding may be put up with. From the day after, the finding counts again, and this rule says where\nthe date stands.","fix":"Mend the finding, or set a later date with a reason that still holds.","options":{},"examples":[]},
  {"id":"suppressions/missing-reason","check":"suppressions/missing-reason","title":"A suppression does not say why.","severity":"warning","why":"A suppression without a reason cannot be judged by whoever finds it later, so it suppresses nothing: the finding counts.","fix":"Write the reason behind a colon: `predeploy-ignore RULE: reason`.","options":{},"examples":[]},
  {"id":"suppressions/unused","check":"suppressions/unused","title":"A suppression leaves out nothing.","severity":"warning","why":"A `predeploy-ignore` comment, an entry of `suppress:` or an entry of the baseline matches no finding of this run: what it excused is\nmended, has moved, or the rule's name is misspelt. Left in place it hides the next real finding at that place.\n\nSuppressions of rules that are switched off, or that could not decide in this run, are not judged.","fix":"Delete it. For a baseline, write it anew with `--write-baseline FILE`.","options":{},"examples":[]},
];
