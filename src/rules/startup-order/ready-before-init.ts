import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Readiness that is announced too early. */
export const readyBeforeInit: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "ready-before-init",
      ({ words }) =>
        `${words["name"]} is set before ${words["step"]} has run: traffic comes while it is still being prepared. Set it last.`,
    ),
};
