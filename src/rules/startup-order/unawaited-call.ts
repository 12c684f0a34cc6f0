import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Coroutines that are made and dropped. */
export const unawaitedCall: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "unawaited-call",
      ({ words }) => `${words["name"]}() is async and is not awaited: it never runs. Await it.`,
    ),
};
