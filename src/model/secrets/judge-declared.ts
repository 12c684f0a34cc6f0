import { directoryOf } from "../../text/paths.ts";
import type { NameJudgement, SecretReference, WiringEdge } from "../../types/secret-reference.ts";
import type { Inventory } from "../../types/secrets.ts";
import type { RepoPath } from "../../types/text.ts";
import { ANY_PARAMETER } from "./cloudformation-parameters.ts";
import { nearSecretNames } from "./near-names.ts";

/**
 * Names that a template takes from the process that deploys it (`${env:X}`), parameters that the deploy gives it, and names that a
 * build file must declare itself (`secretEnv`): those are missing wherever they are asked for.
 */
export function judgeDeclared(
  references: readonly SecretReference[],
  edges: readonly WiringEdge[],
  inventories: readonly Inventory[],
  environments: readonly string[],
): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  const seen = new Set<string>();
  const templates = new Set(references.flatMap((one) => (one.holder === "cloudformation" ? [one.at.path] : [])));
  // What a template gives to the one that it nests says nothing of how others are deployed, a samconfig.toml only of the one beside it.
  const deploys = ({ path }: WiringEdge, template: RepoPath): boolean =>
    !templates.has(path) && (!path.endsWith("samconfig.toml") || directoryOf(path) === directoryOf(template));
  for (const environment of environments.length > 0 ? environments : [null])
    for (const first of references) {
      const { holder, name, at, need } = first;
      if (holder !== "cloud-build" && holder !== "serverless" && holder !== "cloudformation") continue;
      if (environment !== null && first.environments !== null && !first.environments.includes(environment)) continue;
      const own = inventories.filter((one) => one.environment === environment);
      const asked =
        holder === "cloud-build" ? [] : holder === "serverless" ? own.filter((one) => one.namespace !== "store") : own;
      const known = asked.flatMap((one) => one.names.map((each) => each.name));
      const given =
        holder === "cloudformation"
          ? edges.filter(
              (edge) =>
                edge.to.namespace === "object" &&
                (environment === null || edge.environments === null || edge.environments.includes(environment)),
            )
          : [];
      const provided =
        known.includes(name) ||
        need === "optional" ||
        given.some((edge) => edge.to.name === name || edge.to.name === ANY_PARAMETER);
      const decided =
        holder === "cloud-build" ||
        (holder === "serverless"
          ? asked.length > 0
          : asked.some((one) => one.complete) || given.some((edge) => deploys(edge, at.path)));
      const id = `${name}\n${at.path}`;
      const missing = !provided && decided;
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
        complete:
          holder === "cloud-build" ||
          (holder === "cloudformation"
            ? given.some((edge) => deploys(edge, at.path)) && asked.some((one) => one.complete)
            : asked.length > 0 && asked.every((one) => one.complete)),
        near: provided ? [] : nearSecretNames(name, [...known, ...given.map((edge) => edge.to.name)]),
        anyOf: [],
        elsewhere: [],
      });
    }
  return judgements;
}
