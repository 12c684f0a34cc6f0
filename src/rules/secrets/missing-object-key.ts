import type { Check } from "../../types/rule.ts";
import { inventoryWords, levelOf, nearWords, otherPlaces, quotedList, unreadableInventories } from "./reporting.ts";

export const missingObjectKey: Check<"secrets", "secrets/missing-object-key"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    yield* unreadableInventories(secrets, "object");
    for (const judgement of secrets.names) {
      const { namespace, status, name, near, first, kind, environment } = judgement;
      if (namespace !== "object" || status !== "missing" || first.holder === "terraform") continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      const compose = first.holder === "compose" || first.holder === "serverless";
      const what = compose ? "compose" : kind === "secret" ? "Secret" : "ConfigMap";
      const taker = first.holder === "compose" ? "compose" : "the deploy";
      const message =
        first.holder === "helm"
          ? `${first.form}: no value of the chart${environment === null ? "" : ` for ${environment}`} gives it (read: ${quotedList(judgement.elsewhere.slice(0, 5))}), so Helm renders nothing.${nearWords(near)} Set ${name} there, or with \`--set\`.`
          : first.holder === "cloud-build"
            ? `${first.form}: \`availableSecrets\` does not declare it, so the build is refused. Declare it there.`
            : compose
              ? `${first.form}: nothing gives ${taker} "${name}". ${judgement.need === "required" ? "It does not start." : "It is taken as empty."}${nearWords(near)} Set it, or give it a default.${inventoryWords(judgement)}`
              : `${first.form}: no ${what} "${name}" is in the repository or the inventory, so the container is not started.${nearWords(near)} Add it${near.length > 0 ? ", or use the name that exists" : ""}.${inventoryWords(judgement)}`;
      yield { message, subject: name, at: first.at, severity, related: otherPlaces(judgement) };
    }
  },
};
