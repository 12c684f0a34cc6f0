import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Error handlers that stand before routes. */
export const errorHandlerBeforeRoutes: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(
      startup,
      "error-handler-before-routes",
      ({ words }) =>
        `This error handler is used before ${words["route"]}: Express looks for handlers only further down, so its errors never come here. Move it after the last route.`,
    ),
};
