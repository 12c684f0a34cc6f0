import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Middlewares that run before or after what they need. */
export const middlewareOrder: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(startup, "middleware-order", ({ words }) =>
      words["how"] === "catch"
        ? "These routes are used before the middleware that catches errors: Koa runs in the order of `use`, so their errors pass it by. Use the catching middleware first."
        : words["how"] === "session"
          ? "This middleware reads the session and is added after SessionMiddleware. Starlette runs the last added first, so there is no session yet: AssertionError on each request. Add SessionMiddleware after it."
          : "This middleware reads the session and stands before SessionMiddleware in the list. Starlette runs the first of the list first, so there is no session yet. Put SessionMiddleware before it.",
    ),
};
