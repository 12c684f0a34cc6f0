import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Plain values that are awaited. */
export const awaitOfSync: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "await-of-sync",
      ({ words }) =>
        `${words["name"]}() is not async and returns ${words["gives"]}, which cannot be awaited: TypeError when this line runs. Drop the await.`,
    ),
};
