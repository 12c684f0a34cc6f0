import type { Report } from "../../types/finding.ts";
import type { SecretsModel } from "../../types/secret-reference.ts";
import { inventoryWords, isAlternative, levelOf, nearWords, otherPlaces, quotedList } from "./reporting.ts";

/** Names of one kind that workflows want and the forge does not have at all. */
export function* missingInCi({ names }: SecretsModel, kind: "secret" | "variable"): Generator<Report> {
  for (const judgement of names) {
    const { namespace, status, first, near, anyOf, elsewhere, name } = judgement;
    if (
      namespace !== "ci" ||
      judgement.kind !== kind ||
      (status !== "missing" && status !== "empty") ||
      (elsewhere.length > 0 && judgement.chosenBy === undefined)
    )
      continue;
    if (isAlternative(judgement, names)) continue;
    const severity = levelOf(judgement);
    if (severity === null) continue;
    const scope =
      judgement.environment === null
        ? "neither organisation nor repository has"
        : `neither the environment ${judgement.environment} nor repository or organisation has`;
    const what =
      anyOf.length > 0 ? `any of the ${kind}s ${quotedList([...anyOf].sort(), "or")}` : `a ${kind} "${name}"`;
    const consequence =
      first.need === "likely"
        ? "what stands behind it is taken without a word"
        : "GitHub puts an empty text in its place without a word";
    const order = kind === "secret" ? `gh secret set ${name}` : `gh variable set ${name}`;
    const create = `${order}${judgement.environment === null ? "" : ` --env ${judgement.environment}`}`;
    const chosen =
      judgement.chosenBy === undefined
        ? ""
        : ` The input \`${judgement.chosenBy}\` may choose it${elsewhere.length > 0 ? `; only ${quotedList(elsewhere)} ${elsewhere.length === 1 ? "has" : "have"} it` : ""}.`;
    const unseen = !judgement.complete && judgement.asked.some((one) => one.partial !== null);
    const absence = unseen ? `${what} is not in the part that could be read` : `${scope} ${what}`;
    yield {
      message: `${first.form} is wanted here, but ${absence}, ${unseen ? "and where it is absent " : "so "}${consequence}.${chosen}${nearWords(judgement)} Create it (\`${create}\`)${near.length > 0 ? ", or use the name that exists" : ""}.${inventoryWords(judgement)}`,
      subject: name,
      at: first.at,
      severity,
      related: otherPlaces(judgement),
    };
  }
}
