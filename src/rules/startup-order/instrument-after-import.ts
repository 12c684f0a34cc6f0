import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Instrumentation that comes too late. */
export const instrumentAfterImport: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "instrument-after-import",
      ({ words }) =>
        `${words["module"]} is loaded before ${words["start"]} instruments it, so it stays uninstrumented. Make the instrumentation the first import, or preload it with --import or -r.`,
    ),
};
