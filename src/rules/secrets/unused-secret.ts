import type { Check } from "../../types/rule.ts";

export const unusedSecret: Check<"secrets", "secrets/unused-secret"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    // One name that nobody can tell may be any of them.
    if (secrets.dynamic.length > 0) return;
    const used = new Set(secrets.references.map((one) => one.name.toLowerCase()));
    for (const edge of secrets.edges) {
      used.add(edge.to.name.toLowerCase());
      if (edge.from) used.add(edge.from.name.toLowerCase());
    }
    for (const { environment, names } of secrets.inventories)
      for (const { name, at } of names)
        if (!used.has(name.toLowerCase()))
          yield {
            message: `Nothing that was read names "${name}" of ${environment}. Check by hand before deleting it: a name can be used where nobody looked.`,
            subject: name,
            at,
          };
  },
};
