import type { Check } from "../../types/rule.ts";

export const placeholderValue: Check<"secrets", "secrets/placeholder-value"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const inventory of secrets.inventories)
      for (const { name, placeholder, at } of inventory.names) {
        if (placeholder !== true || /\.(?:example|sample|template|dist)(?:\.|$)/i.test(at.path)) continue;
        const deployed = /prod|live|stag|stg/i.test(inventory.environment);
        yield {
          message: `${name} of ${inventory.environment} still holds a template's placeholder: the service would start with it. Set the real value.`,
          subject: name,
          at,
          severity: deployed ? "error" : "warning",
        };
      }
  },
};
