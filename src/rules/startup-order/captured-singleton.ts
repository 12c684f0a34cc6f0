import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Names that are imported before they are bound. */
export const capturedSingleton: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "captured-singleton",
      ({ words }) =>
        `${words["name"]} is None in ${words["module"]} until ${words["function"]}() rebinds it there; this import keeps the None for ever. Import the module and read ${words["name"]} from it, or call a getter.`,
    ),
};
