import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Properties that are called. */
export const propertyCalled: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "property-called",
      ({ words }) =>
        `${words["name"]} is a property that gives ${words["gives"]}, so calling it is a TypeError. Drop the parentheses.`,
    ),
};
