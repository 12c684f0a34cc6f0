import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { Inventory } from "../../types/secrets.ts";
import { quotedList } from "./reporting.ts";

export const listsDisagree: Check<"secrets", "secrets/lists-disagree"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const { kind, name, at, list, near } of secrets.differences) {
      const meant = near.length === 0 ? "" : ` ${quotedList(near, "or")} is mapped and not listed.`;
      yield {
        message:
          kind === "unmapped"
            ? `This list names "${name}", which no deploy maps and no code reads.${meant} Lists that are kept by hand drift: take them from \`predeploy show secrets\`.`
            : `This list lacks "${name}", which is required and mapped: whoever works by the list forgets it. Add it, or take the list from \`predeploy show secrets\`.`,
        subject: name,
        at,
        related: [{ ...list, message: kind === "unmapped" ? "the list starts here" : "mapped here" }],
      };
    }
    yield* contradictions(secrets.inventories);
  },
};

/** Two inventories of one thing that are both said to be complete and do not name the same: one of them is stale. */
function* contradictions(inventories: readonly Inventory[]): Generator<Report> {
  for (const [index, one] of inventories.entries())
    for (const other of inventories.slice(0, index)) {
      if (one.of === undefined || one.of !== other.of || one.environment !== other.environment) continue;
      if (!one.complete || !other.complete) continue;
      const lacks = namesBeyond(other, one);
      const more = namesBeyond(one, other);
      if (lacks.length + more.length === 0) continue;
      const parts = [
        ...(lacks.length > 0 ? [`${one.label} lacks ${shortList(lacks)}`] : []),
        ...(more.length > 0 ? [`${other.label} lacks ${shortList(more)}`] : []),
      ];
      yield {
        message: `Two lists of the same names of ${one.environment} are said to be complete and differ: ${parts.join("; ")}. One of them is stale, and a name that is gone may count as there. Write both anew, or keep one.`,
        subject: one.label,
        at: one.at,
        related: [{ ...other.at, message: "the other list" }],
      };
    }
}

/** Names of one list that another, which should have them, does not. */
function namesBeyond(one: Inventory, other: Inventory): string[] {
  const known = new Set(other.names.map(keyOf));
  return [
    ...new Set(
      one.names
        .filter(
          (name) => (other.kind === undefined || (name.kind ?? other.kind) === other.kind) && !known.has(keyOf(name)),
        )
        .map((name) => name.name),
    ),
  ].sort();
}

const keyOf = ({ name, scope }: Inventory["names"][number]) => `${scope ?? ""}\n${name}`.toLowerCase();
const shortList = (names: readonly string[]) =>
  `${quotedList(names.slice(0, 5))}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
