// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { buildersDisagree } from "./builders-disagree.ts";
import { dataFileMissing } from "./data-file-missing.ts";
import { entryMissing } from "./entry-missing.ts";
import { ignoreFileUnused } from "./ignore-file-unused.ts";
import { moduleExcluded } from "./module-excluded.ts";
import { moduleNotCopied } from "./module-not-copied.ts";
import { moduleOffPath } from "./module-off-path.ts";
import { negationWithoutEffect } from "./negation-without-effect.ts";
import { patternComment } from "./pattern-comment.ts";
import { patternInvalid } from "./pattern-invalid.ts";
import { patternUnmatched } from "./pattern-unmatched.ts";

export const checks: Readonly<Record<string, Check>> = {
  "dockerignore/builders-disagree": buildersDisagree as unknown as Check,
  "dockerignore/data-file-missing": dataFileMissing as unknown as Check,
  "dockerignore/entry-missing": entryMissing as unknown as Check,
  "dockerignore/ignore-file-unused": ignoreFileUnused as unknown as Check,
  "dockerignore/module-excluded": moduleExcluded as unknown as Check,
  "dockerignore/module-not-copied": moduleNotCopied as unknown as Check,
  "dockerignore/module-off-path": moduleOffPath as unknown as Check,
  "dockerignore/negation-without-effect": negationWithoutEffect as unknown as Check,
  "dockerignore/pattern-comment": patternComment as unknown as Check,
  "dockerignore/pattern-invalid": patternInvalid as unknown as Check,
  "dockerignore/pattern-unmatched": patternUnmatched as unknown as Check,
};
