import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Routes that come after `listen`. */
export const routesAfterListen: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "routes-after-listen",
      ({ words }) =>
        `${words["name"]} registers after ${words["listen"]} has opened the port: first requests miss it. Register before listening.`,
    ),
};
