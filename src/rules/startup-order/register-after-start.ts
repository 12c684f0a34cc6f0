import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Registrations on an application that has started. */
export const registerAfterStart: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "register-after-start",
      ({ words }) => `${words["name"]} is called after ${words["started"]}: ${words["error"]}. Register it before.`,
    ),
};
