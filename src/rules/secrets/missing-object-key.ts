import type { Check } from "../../types/rule.ts";
import type { NameJudgement } from "../../types/secret-reference.ts";
import { inventoryWords, levelOf, nearWords, otherPlaces, quotedList, unreadableInventories } from "./reporting.ts";

export const missingObjectKey: Check<"secrets", "secrets/missing-object-key"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    yield* unreadableInventories(secrets, "object");
    for (const judgement of secrets.names) {
      const { namespace, status, name, first } = judgement;
      if (namespace !== "object" || status !== "missing" || first.holder === "terraform") continue;
      const severity = levelOf(judgement);
      if (severity === null) continue;
      yield { message: messageOf(judgement), subject: name, at: first.at, severity, related: otherPlaces(judgement) };
    }
  },
};

function messageOf(judgement: NameJudgement): string {
  const { name, near, first, kind, environment, need, elsewhere } = judgement;
  const [nearby, inventories] = [nearWords(judgement), inventoryWords(judgement)];
  switch (first.holder) {
    case "cloud-build":
      return `${first.form}: \`availableSecrets\` does not declare it, so the build is refused. Declare it there.`;
    case "cloudformation":
      return `${first.form} has no default, and no deploy that was read gives it: the stack is refused.${nearby} Give it with \`--parameter-overrides\` or in samconfig.toml, or write a Default.${inventories}`;
    case "helm": {
      const read = elsewhere.length === 0 ? "" : ` (read: ${quotedList(elsewhere.slice(0, 5))})`;
      const where = environment === null ? "" : ` for ${environment}`;
      return `${first.form}: no value of the chart${where} gives it${read}, so Helm renders nothing.${nearby} Set ${name} there, or with \`--set\`.`;
    }
    case "compose":
    case "serverless": {
      const taker = first.holder === "compose" ? "compose" : "the deploy";
      const consequence = need === "required" ? "It does not start." : "It is taken as empty.";
      return `${first.form}: nothing gives ${taker} "${name}". ${consequence}${nearby} Set it, or give it a default.${inventories}`;
    }
    default: {
      const what = kind === "secret" ? "Secret" : "ConfigMap";
      return `${first.form}: no ${what} "${name}" is in the repository or the inventory, so the container is not started.${nearby} Add it${near.length > 0 ? ", or use the name that exists" : ""}.${inventories}`;
    }
  }
}
