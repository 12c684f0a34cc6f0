// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.

// biome-ignore lint/suspicious/noEmptyInterface: filled by the generator
export interface RuleOptions {}
