import type { NameJudgement } from "../../types/secret-reference.ts";
import type { TerraformSecrets } from "../../types/secret-uses.ts";
import type { Inventory } from "../../types/secrets.ts";
import type { RepoPath } from "../../types/text.ts";
import { configuredIn } from "./environments.ts";
import { nearSecretNames } from "./near-names.ts";
import { chosenFiles } from "./terraform-values.ts";

/** Holds the variables of root modules against the values that an environment's apply gets. */
export function judgeTerraform(
  terraform: TerraformSecrets,
  inventories: readonly Inventory[],
  environments: readonly string[],
  deployedFiles: (environment: string) => readonly RepoPath[],
): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  const { passed, roots, values, varFiles } = terraform;
  for (const environment of environments)
    for (const root of roots) {
      // A directory of another environment is not what is applied for this one.
      const own = configuredIn(root.directory, environments);
      if (own !== null && !own.includes(environment)) continue;
      const chosen = chosenFiles(root.directory, environment, environments, terraform, deployedFiles(environment));
      const given = new Set(chosen.flatMap((path) => [...values.get(path)!.keys()]));
      for (const { name, about } of passed) {
        const named = configuredIn(about, environments);
        if (named === null || named.includes(environment) || named.length === 0) given.add(name);
      }
      const asked = inventories.filter(
        (one) =>
          one.environment === environment &&
          (one.namespace === "object" || one.namespace === "process" || one.namespace === "ci"),
      );
      for (const { name } of asked.flatMap((one) => one.names)) {
        given.add(name);
        if (/^TF_VAR_/i.test(name)) given.add(name.slice(7));
      }
      const decided = !root.open && (chosen.length > 0 || varFiles.length > 0 || own !== null);
      for (const { name, required, reference } of root.variables)
        judgements.push({
          namespace: "object",
          kind: "variable",
          name,
          environment,
          status: given.has(name) ? "provided" : !required ? "provided" : decided ? "missing" : "unknown",
          need: reference.need,
          first: reference,
          others: [],
          asked: [],
          complete: chosen.length > 0,
          near: given.has(name) ? [] : nearSecretNames(name, given),
          anyOf: [],
          elsewhere: chosen,
        });
    }
  return judgements;
}
