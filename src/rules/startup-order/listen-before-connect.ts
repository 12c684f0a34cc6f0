import type { Check } from "../../types/rule.ts";
import { observed } from "./observed.ts";

/** Servers that take requests before their connections are there. */
export const listenBeforeConnect: Check<"startup"> = {
  needs: ["startup"],
  run: ({ startup }) =>
    observed(startup, "listen-before-connect", ({ words }) =>
      words["how"] !== "reversed"
        ? `${words["name"]} opens the port while ${words["connect"]} was started and not awaited: first requests meet no connection, and ${words["how"] === "handled" ? "where it fails, the service goes on without one" : "its failure comes when the port is open already"}. Await ${words["connect"]} before listening.`
        : `${words["name"]} opens the port before ${words["connect"]} has run: first requests meet no connection. Await ${words["connect"]} before listening.`,
    ),
};
