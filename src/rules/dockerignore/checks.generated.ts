// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { Check, CheckOfRule } from "../../types/rule.ts";
import { buildInputMissing } from "./build-input-missing.ts";
import { buildersDisagree } from "./builders-disagree.ts";
import { copyFlattens } from "./copy-flattens.ts";
import { copyGlobEmpty } from "./copy-glob-empty.ts";
import { copySourceMissing } from "./copy-source-missing.ts";
import { dataFileMissing } from "./data-file-missing.ts";
import { dockerfileInvalid } from "./dockerfile-invalid.ts";
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
import { stageMissing } from "./stage-missing.ts";
import { uploadExcluded } from "./upload-excluded.ts";

export const checks: Readonly<Record<string, CheckOfRule>> = {
  "dockerignore/build-input-missing": { needs: ["images","imageContents","files"], check: () => buildInputMissing as unknown as Check },
  "dockerignore/builders-disagree": { needs: ["ignorePatterns","images","closures"], check: () => buildersDisagree as unknown as Check },
  "dockerignore/copy-flattens": { needs: ["images"], check: () => copyFlattens as unknown as Check },
  "dockerignore/copy-glob-empty": { needs: ["images"], check: () => copyGlobEmpty as unknown as Check },
  "dockerignore/copy-source-missing": { needs: ["images","files"], check: () => copySourceMissing as unknown as Check },
  "dockerignore/data-file-missing": { needs: ["lostFiles"], check: () => dataFileMissing as unknown as Check },
  "dockerignore/dockerfile-invalid": { needs: ["images"], check: () => dockerfileInvalid as unknown as Check },
  "dockerignore/dockerfile-missing": { needs: ["builds","files"], check: () => dockerfileMissing as unknown as Check },
  "dockerignore/entry-missing": { needs: ["entries","images","imageContents","lostFiles","closures"], check: () => entryMissing as unknown as Check },
  "dockerignore/entry-not-executable": { needs: ["images","imageContents","files"], check: () => entryNotExecutable as unknown as Check },
  "dockerignore/host-artifacts-included": { needs: ["images"], check: () => hostArtifactsIncluded as unknown as Check },
  "dockerignore/ignore-file-unused": { needs: ["ignoreFiles","builds","files"], check: () => ignoreFileUnused as unknown as Check },
  "dockerignore/module-excluded": { needs: ["lostFiles"], check: () => moduleExcluded as unknown as Check },
  "dockerignore/module-not-copied": { needs: ["lostFiles"], check: () => moduleNotCopied as unknown as Check },
  "dockerignore/module-off-path": { needs: ["lostFiles","entries","images"], check: () => moduleOffPath as unknown as Check },
  "dockerignore/negation-without-effect": { needs: ["ignorePatterns"], check: () => negationWithoutEffect as unknown as Check },
  "dockerignore/pattern-comment": { needs: ["ignorePatterns"], check: () => patternComment as unknown as Check },
  "dockerignore/pattern-invalid": { needs: ["ignorePatterns"], check: () => patternInvalid as unknown as Check },
  "dockerignore/pattern-unmatched": { needs: ["ignorePatterns"], check: () => patternUnmatched as unknown as Check },
  "dockerignore/required-path-missing": { needs: ["images","files","config"], check: () => requiredPathMissing as unknown as Check },
  "dockerignore/sensitive-file-included": { needs: ["images","imageContents"], check: () => sensitiveFileIncluded as unknown as Check },
  "dockerignore/stage-missing": { needs: ["images"], check: () => stageMissing as unknown as Check },
  "dockerignore/upload-excluded": { needs: ["images","lostFiles"], check: () => uploadExcluded as unknown as Check },
};
