import type { Check } from "../../types/rule.ts";

export const duplicateNames: Check<"secrets", "secrets/duplicate-names"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    const first = new Map<string, { name: string; at: (typeof secrets.edges)[number]["at"] }>();
    for (const { from, to, service, path, at } of secrets.edges) {
      if (from?.namespace !== "store" || to.namespace !== "process" || service === null) continue;
      const id = [path, service, from.name, from.part ?? ""].join("\n");
      const known = first.get(id);
      if (!known) first.set(id, { name: to.name, at });
      else if (known.name !== to.name)
        yield {
          message: `${known.name} and ${to.name} of ${service} both hold the secret "${from.name}". Keep one name.`,
          subject: `${known.name} ${to.name}`,
          at,
          related: [{ ...known.at, message: `${known.name} here` }],
        };
    }
  },
};
