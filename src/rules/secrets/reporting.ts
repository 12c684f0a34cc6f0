import type { Related, Report, Severity, Undecided } from "../../types/finding.ts";
import type { NameJudgement, SecretsModel } from "../../types/secret-reference.ts";
import type { Namespace } from "../../types/secrets.ts";

/** `"a"`, `"a" and "b"`, `"a", "b" and "c"`. */
export function quotedList(names: readonly string[], joiner = "and"): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${joiner} ${quoted.at(-1)}`;
}

/** How sure it is that a wanted name fails: null where nothing is to be said. */
export function levelOf({
  need,
  complete,
  certain = true,
}: Pick<NameJudgement, "need" | "complete" | "certain">): Severity | null {
  if (need === "required") return complete && certain ? "error" : "warning";
  if (need === "likely") return complete ? "warning" : "note";
  return need === "read" && complete ? "note" : null;
}

/** The other places that want a name, at most ten. */
export function otherPlaces({ others }: NameJudgement): Related[] {
  return others.slice(0, 10).map(({ at, form }) => ({ ...at, message: `also wanted here: ${form}` }));
}

/** `Inventory: gcloud-secrets inventory/gcloud.json, 31 names, complete.` */
export function inventoryWords({ asked, complete }: NameJudgement): string {
  if (asked.length === 0) return "";
  const labels = [...new Set(asked.map((one) => `${one.label} (${one.names.length} names)`))];
  const why = [...new Set(asked.flatMap((one) => one.partial ?? []))];
  const known = complete ? "complete" : why.length > 0 ? `not complete: ${why.join("; ")}` : "not known to be complete";
  return ` Asked: ${labels.join(", ")}; ${known}.`;
}

/** What may be meant instead, and what other environments have of the name; or nothing. */
export function nearWords({ near, abroad = [] }: Pick<NameJudgement, "near" | "abroad">): string {
  const here = near.length === 0 ? "" : ` ${quotedList(near)} ${near.length === 1 ? "exists" : "exist"} there.`;
  return here + abroad.map(({ name, environment }) => ` "${name}" exists in ${environment}.`).join("");
}

/** Inventories that could not be read: a rule that stands on them cannot decide. */
export function* unreadableInventories(
  { unreadable }: SecretsModel,
  namespace: Namespace,
  kind: "secret" | "variable" = "secret",
): Generator<Undecided> {
  for (const { environment, label, reason, remedy, namespace: of, kind: only } of unreadable)
    if (of === namespace && (only ?? "secret") === kind)
      yield {
        undecided: `the inventory of ${environment} (${label}) cannot be read: ${reason}`,
        remedy: remedy ?? "Write the list anew, or take the entry out of predeploy.yml.",
      };
}

/** Of several names of which any one suffices only the first is reported. */
export function isAlternative(judgement: NameJudgement, names: readonly NameJudgement[]): boolean {
  if (judgement.anyOf.length === 0) return false;
  const { at } = judgement.first;
  return names.some(
    (other) =>
      other !== judgement &&
      judgement.anyOf.includes(other.name) &&
      other.anyOf.includes(judgement.name) &&
      other.environment === judgement.environment &&
      other.first.at.path === at.path &&
      (other.first.at.start.line < at.start.line ||
        (other.first.at.start.line === at.start.line && other.first.at.start.column < at.start.column)),
  );
}

export type SecretReport = Report | Undecided;
