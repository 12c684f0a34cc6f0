// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.

export interface RuleOptions {
  "dockerignore/builders-disagree": {  };
  "dockerignore/data-file-missing": {  };
  "dockerignore/entry-missing": {  };
  "dockerignore/ignore-file-unused": {  };
  "dockerignore/module-excluded": { "ignore": readonly string[] };
  "dockerignore/module-not-copied": {  };
  "dockerignore/module-off-path": {  };
  "dockerignore/negation-without-effect": {  };
  "dockerignore/pattern-comment": {  };
  "dockerignore/pattern-invalid": {  };
  "dockerignore/pattern-unmatched": {  };
  "drift/lost-commits": {  };
  "drift/lost-migration": {  };
  "drift/undeployed-age": {  };
  "drift/undeployed-commits": {  };
  "drift/undeployed-fix": { "trailers": readonly string[] };
  "migrations/duplicate-revision": {  };
  "migrations/edited-after-deploy": {  };
  "migrations/multiple-heads": {  };
  "migrations/not-a-migration": {  };
  "migrations/out-of-order": {  };
  "migrations/revision-cycle": {  };
  "migrations/unknown-parent": {  };
  "migrations/unresolvable-import": {  };
  "migrations/unsafe-statement": {  };
  "startup-order/declared-entry-unmatched": {  };
  "startup-order/declared-order": {  };
  "startup-order/unresolved-import": {  };
  "suppressions/expired": {  };
  "suppressions/missing-reason": {  };
  "suppressions/unused": {  };
}
