import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Coroutines that are used as if they were their result. */
export const unawaitedValue: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "unawaited-value",
      ({ words }) =>
        `${words["name"]}() is async and is not awaited, but ${words["use"]}: there is only a coroutine object. Await it.`,
    ),
};
