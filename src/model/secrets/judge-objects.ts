import type { NameJudgement } from "../../types/secret-reference.ts";
import type { KubernetesSecrets, ObjectWish } from "../../types/secret-uses.ts";
import type { Inventory } from "../../types/secrets.ts";
import type { RepoPath } from "../../types/text.ts";
import { configuredIn } from "./environments.ts";
import { referenceTo } from "./found.ts";
import { nearSecretNames } from "./near-names.ts";

/** Holds the wishes of manifests against the objects of the repository and the inventories, once for each name. */
export function judgeObjects(
  { wishes: all, objects, operators }: Pick<KubernetesSecrets, "wishes" | "objects" | "operators">,
  inventories: readonly Inventory[],
  environments: readonly string[],
): NameJudgement[] {
  const judgements: NameJudgement[] = [];
  const seen = new Set<string>();
  for (const environment of environments.length > 0 ? environments : [null]) {
    const asked = inventories.filter((one) => one.environment === environment && one.namespace === "object");
    const others = inventories.filter((one) => one.environment === environment && one.namespace === "store");
    const applies = (path: RepoPath) => {
      const named = environment === null ? null : configuredIn(path, environments);
      return named === null || named.includes(environment!);
    };
    const here = objects.filter((one) => applies(one.path));
    const groups = new Map<string, ObjectWish[]>();
    for (const one of all) {
      if (one.environments ? !one.environments.includes(environment ?? "") : !applies(one.at.path)) continue;
      const id = [one.kind, one.namespace ?? "", one.name, one.key ?? ""].join("\n");
      groups.set(id, [...(groups.get(id) ?? []), one]);
    }
    for (const group of groups.values()) {
      const first =
        group.find((one) => one.need === "required") ?? group.find((one) => one.need === "likely") ?? group[0]!;
      const { name, key, kind } = first;
      const subject = key === null ? name : `${name}/${key}`;
      const same = here.filter(
        (one) =>
          one.kind === kind &&
          one.name === name &&
          (one.namespace === null || first.namespace === null || one.namespace === first.namespace),
      );
      const listed = asked.flatMap((one) =>
        one.names.filter(
          (each) =>
            (each.kind === null || each.kind === (kind === "secret" ? "secret" : "variable")) &&
            (each.scope === null || first.namespace === null || each.scope === first.namespace),
        ),
      );
      const operated =
        kind === "secret" &&
        operators.some((one) => name === one || name.startsWith(`${one}-`) || name.startsWith(`${one}.`));
      const there =
        operated ||
        same.some((one) => key === null || one.keys === null || one.keys.has(key)) ||
        listed.some((one) => one.name === subject || (one.name === key && one.scope === null)) ||
        // A list of names without keys says nothing of the keys.
        (key !== null &&
          listed.some((one) => one.name === name) &&
          !listed.some((one) => one.name.startsWith(`${name}/`)));
      const known = [
        ...same.flatMap((one) => [...(one.keys ?? [])].map((each) => `${name}/${each}`)),
        ...listed.map((one) => one.name),
      ];
      const decided = same.length > 0 || asked.length > 0 || others.some((one) => one.complete);
      const id = `${subject}\n${first.at.path}\n${first.at.start.line}`;
      if (!there && seen.has(id)) continue;
      if (!there && decided) seen.add(id);
      const [head, ...rest] = [first, ...group.filter((one) => one !== first)].map((one) =>
        referenceTo("object", subject, one.need, `${one.form} ${subject}`, one.at, {
          kind: kind === "secret" ? "secret" : "variable",
          holder: "kubernetes",
        }),
      );
      judgements.push({
        namespace: "object",
        kind: kind === "secret" ? "secret" : "variable",
        name: subject,
        environment,
        status: there ? "provided" : decided ? "missing" : "unknown",
        need: first.need,
        first: head!,
        others: rest,
        asked,
        complete:
          asked.length > 0
            ? asked.every((one) => one.complete)
            : // What is not in the repository may have been made by hand: said once more weakly, but said.
              (same.length > 0 && inventories.length > 0) || (first.need === "likely" && decided),
        near: there ? [] : nearSecretNames(subject, known),
        anyOf: [],
        elsewhere: [],
      });
    }
  }
  return judgements;
}
