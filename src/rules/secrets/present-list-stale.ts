import type { Check } from "../../types/rule.ts";

export const presentListStale: Check<"secrets", "secrets/present-list-stale"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    if (secrets.presence.length === 0) return;
    const listed = new Set(secrets.presence.map((one) => one.name.toLowerCase()));
    const used = new Set<string>();
    for (const { namespace, need, name, anyOf, first, chosenBy } of secrets.names) {
      if (namespace !== "ci" || chosenBy !== undefined) continue;
      used.add(name.toLowerCase());
      if (need !== "required" || [name, ...anyOf].some((one) => listed.has(one.toLowerCase()))) continue;
      yield {
        message: `${first.form} is wanted here, and the presence step does not say whether it is there. Write the step anew: \`predeploy secrets --emit-step\`.`,
        subject: name,
        at: first.at,
      };
    }
    for (const { name, at } of secrets.presence)
      if (!used.has(name.toLowerCase()) && secrets.dynamic.length === 0)
        yield {
          message: `The presence step speaks of ${name}, which nothing uses. Write the step anew: \`predeploy secrets --emit-step\`.`,
          subject: name,
          at,
          severity: "note",
        };
  },
};
