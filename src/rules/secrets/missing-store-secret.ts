import type { Check } from "../../types/rule.ts";
import { inventoryWords, levelOf, nearWords, otherPlaces, unreadableInventories } from "./reporting.ts";

export const missingStoreSecret: Check<"secrets", "secrets/missing-store-secret"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    yield* unreadableInventories(secrets, "store");
    for (const judgement of secrets.names) {
      const { namespace, status, first, name, near, environment } = judgement;
      if (namespace !== "store" || status !== "missing") continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      const edges = secrets.edges.filter(
        (edge) => edge.from?.namespace === "store" && edge.from.name === name && edge.to.namespace === "process",
      );
      const variable = edges[0]?.to.name;
      const service = first.service === null ? "" : ` by service ${first.service}`;
      const use = variable === undefined ? "" : ` (needed as ${variable}${service})`;
      const mend =
        near.length > 0
          ? `Create it, or change the mapping to ${near[0]}.`
          : "Create it before the deploy, or take the mapping out.";
      if (first.need === "likely" && first.form.endsWith("without a version")) {
        yield {
          message: `"${name}" is created by this apply and given no version, and ${first.service ?? "the service"} reads it in the same apply: the deploy is refused. Add a version (a google_secret_manager_secret_version, or by hand after a first targeted apply).${inventoryWords(judgement)}`,
          subject: name,
          at: first.at,
          severity,
        };
        continue;
      }
      yield {
        message: `The secret store of ${environment} has no "${name}"${use}: the deploy is refused, or the service does not start.${nearWords(judgement)} ${mend}${inventoryWords(judgement)}`,
        subject: name,
        at: first.at,
        severity,
        related: otherPlaces(judgement),
      };
    }
  },
};
