import type { NameJudgement, SecretReference } from "../../types/secret-reference.ts";
import type { Inventory } from "../../types/secrets.ts";
import { nearSecretNames } from "./near-names.ts";

/**
 * Names that a template takes from the process that deploys it (`${env:X}`), and names that a build file must declare itself
 * (`secretEnv`): those are missing wherever they are asked for.
 */
export function judgeDeclared(
  references: readonly SecretReference[],
  inventories: readonly Inventory[],
  environments: readonly string[],
): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  const seen = new Set<string>();
  for (const environment of environments.length > 0 ? environments : [null])
    for (const first of references) {
      const { holder, name, at, need } = first;
      if (holder !== "cloud-build" && holder !== "serverless") continue;
      if (environment !== null && first.environments !== null && !first.environments.includes(environment)) continue;
      const asked =
        holder === "serverless"
          ? inventories.filter((one) => one.environment === environment && one.namespace !== "store")
          : [];
      const known = asked.flatMap((one) => one.names.map((each) => each.name));
      const provided = known.includes(name);
      const id = `${name}\n${at.path}`;
      const missing = !provided && (holder === "cloud-build" || asked.length > 0);
      if (missing && seen.has(id)) continue;
      if (missing) seen.add(id);
      judgements.push({
        namespace: "object",
        kind: "variable",
        name,
        environment,
        status: provided ? "provided" : missing ? "missing" : "unknown",
        need,
        first,
        others: [],
        asked,
        complete: holder === "cloud-build" || (asked.length > 0 && asked.every((one) => one.complete)),
        near: provided ? [] : nearSecretNames(name, known),
        anyOf: [],
        elsewhere: [],
      });
    }
  return judgements;
}
