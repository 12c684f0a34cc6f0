// Generated from rules/**/*.yaml by `npm run generate`. Do not edit.
import type { CheckOfRule } from "../types/rule.ts";

/** The checks of each family, loaded when one of its rules runs. */
export const families: Readonly<Record<string, () => Promise<Readonly<Record<string, CheckOfRule>>>>> = {
  "checklist": async () => (await import("./checklist/checks.generated.ts")).checks,
  "config": async () => (await import("./config/checks.generated.ts")).checks,
  "dockerignore": async () => (await import("./dockerignore/checks.generated.ts")).checks,
  "drift": async () => (await import("./drift/checks.generated.ts")).checks,
  "migrations": async () => (await import("./migrations/checks.generated.ts")).checks,
  "placeholders": async () => (await import("./placeholders/checks.generated.ts")).checks,
  "secrets": async () => (await import("./secrets/checks.generated.ts")).checks,
  "startup-order": async () => (await import("./startup-order/checks.generated.ts")).checks,
  "suppressions": async () => (await import("./suppressions/checks.generated.ts")).checks,
};
