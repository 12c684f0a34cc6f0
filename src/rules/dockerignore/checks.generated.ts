// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check } from "../../types/rule.ts";
import { buildInputMissing } from "./build-input-missing.ts";
import { buildersDisagree } from "./builders-disagree.ts";
import { copyFlattens } from "./copy-flattens.ts";
import { copyGlobEmpty } from "./copy-glob-empty.ts";
import { copySourceMissing } from "./copy-source-missing.ts";
import { dataFileMissing } from "./data-file-missing.ts";
import { dockerfileMissing } from "./dockerfile-missing.ts";
import { entryMissing } from "./entry-missing.ts";
import { entryNotExecutable } from "./entry-not-executable.ts";
import { hostArtifactsIncluded } from "./host-artifacts-included.ts";
import { ignoreFileUnused } from "./ignore-file-unused.ts";
import { moduleExcluded } from "./module-excluded.ts";
import { moduleNotCopied } from "./module-not-copied.ts";
import { moduleOffPath } from "./module-off-path.ts";
import { negationWithoutEffect } from "./negation-without-effect.ts";
import { patternComment } from "./pattern-comment.ts";
import { patternInvalid } from "./pattern-invalid.ts";
import { patternUnmatched } from "./pattern-unmatched.ts";
import { requiredPathMissing } from "./required-path-missing.ts";
import { sensitiveFileIncluded } from "./sensitive-file-included.ts";
import { uploadExcluded } from "./upload-excluded.ts";

export const checks: Readonly<Record<string, Check>> = {
  "dockerignore/build-input-missing": buildInputMissing as unknown as Check,
  "dockerignore/builders-disagree": buildersDisagree as unknown as Check,
  "dockerignore/copy-flattens": copyFlattens as unknown as Check,
  "dockerignore/copy-glob-empty": copyGlobEmpty as unknown as Check,
  "dockerignore/copy-source-missing": copySourceMissing as unknown as Check,
  "dockerignore/data-file-missing": dataFileMissing as unknown as Check,
  "dockerignore/dockerfile-missing": dockerfileMissing as unknown as Check,
  "dockerignore/entry-missing": entryMissing as unknown as Check,
  "dockerignore/entry-not-executable": entryNotExecutable as unknown as Check,
  "dockerignore/host-artifacts-included": hostArtifactsIncluded as unknown as Check,
  "dockerignore/ignore-file-unused": ignoreFileUnused as unknown as Check,
  "dockerignore/module-excluded": moduleExcluded as unknown as Check,
  "dockerignore/module-not-copied": moduleNotCopied as unknown as Check,
  "dockerignore/module-off-path": moduleOffPath as unknown as Check,
  "dockerignore/negation-without-effect": negationWithoutEffect as unknown as Check,
  "dockerignore/pattern-comment": patternComment as unknown as Check,
  "dockerignore/pattern-invalid": patternInvalid as unknown as Check,
  "dockerignore/pattern-unmatched": patternUnmatched as unknown as Check,
  "dockerignore/required-path-missing": requiredPathMissing as unknown as Check,
  "dockerignore/sensitive-file-included": sensitiveFileIncluded as unknown as Check,
  "dockerignore/upload-excluded": uploadExcluded as unknown as Check,
};
