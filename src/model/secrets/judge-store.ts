import type { NameJudgement, SecretReference } from "../../types/secret-reference.ts";
import type { Inventory } from "../../types/secrets.ts";
import { nearSecretNames } from "./near-names.ts";
import { byPlace } from "./order.ts";

/** Holds what is wanted of a secret manager against what exists there, one judgement an environment and name. */
export function judgeStore(
  references: readonly SecretReference[],
  inventories: readonly Inventory[],
  environments: readonly string[],
): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  const wanted = references.filter((one) => one.namespace === "store");
  for (const environment of environments.length > 0 ? environments : [null]) {
    const stores = inventories.filter((one) => one.namespace === "store" && one.environment === environment);
    const groups = new Map<string, SecretReference[]>();
    for (const one of wanted)
      if (environment === null || one.environments === null || one.environments.includes(environment))
        groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
    for (const [name, group] of groups) {
      const [first, ...others] = [...group].sort(byPlace);
      // Secrets Manager and the parameters of SSM are two stores.
      const asked = stores.filter(
        (one) => !one.label.startsWith(first!.kind === "variable" ? "aws-secrets" : "aws-parameters"),
      );
      const known = new Set(asked.flatMap((one) => one.names.map((each) => each.name)));
      const provided = [name, ...first!.anyOf].some((one) => known.has(one));
      judgements.push({
        namespace: "store",
        kind: "secret",
        name,
        environment,
        status: provided ? "provided" : asked.length === 0 ? "unknown" : "missing",
        need: first!.need,
        first: first!,
        others,
        asked,
        complete: asked.length > 0 && asked.every((one) => one.complete),
        near: provided ? [] : nearSecretNames(name, known),
        anyOf: [],
        elsewhere: [],
      });
    }
  }
  return judgements;
}
