import type { Check } from "../../types/rule.ts";
import { quotedList } from "./reporting.ts";

export const requiredNotProvided: Check<"secrets" | "config", "secrets/required-not-provided"> = {
  needs: ["secrets", "config"],
  *run({ secrets, config }) {
    for (const [environment, { requires }] of Object.entries(config.config.environments))
      for (const [index, name] of requires.entries()) {
        const inventories = secrets.inventories.filter((one) => one.environment === environment);
        const known = inventories.flatMap((one) => one.names);
        const given =
          known.some((one) => one.name === name || one.name.endsWith(`/${name}`)) ||
          secrets.edges.some(
            (edge) => edge.to.name === name && (edge.environments === null || edge.environments.includes(environment)),
          );
        if (given || (inventories.length === 0 && secrets.edges.length === 0)) continue;
        const complete = inventories.length > 0 && inventories.every((one) => one.complete);
        yield {
          message: `predeploy.yml says that ${environment} must have "${name}", and no inventory${inventories.length > 0 ? ` (${quotedList(inventories.map((one) => one.label))})` : ""} and no deploy gives it. Create it.`,
          subject: name,
          at: config.locate(["environments", environment, "requires", index]),
          severity: complete ? "error" : "warning",
        };
      }
  },
};
