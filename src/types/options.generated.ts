// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.

export interface RuleOptions {

}
