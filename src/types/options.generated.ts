// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.

export interface RuleOptions {
  "dockerignore/builders-disagree": {  };
  "dockerignore/ignore-file-unused": {  };
  "dockerignore/negation-without-effect": {  };
  "dockerignore/pattern-comment": {  };
  "dockerignore/pattern-invalid": {  };
  "dockerignore/pattern-unmatched": {  };
  "drift/lost-commits": {  };
  "drift/undeployed-age": {  };
  "drift/undeployed-commits": {  };
  "drift/undeployed-fix": { "trailers": readonly string[] };
  "startup-order/declared-entry-unmatched": {  };
  "startup-order/declared-order": {  };
  "suppressions/expired": {  };
  "suppressions/missing-reason": {  };
  "suppressions/unused": {  };
}
