import type { Check } from "../../types/rule.ts";

export const emptyValue: Check<"secrets", "secrets/empty-value"> = {
  needs: ["secrets"],
  *run({ secrets }) {
    for (const inventory of secrets.inventories) {
      if (inventory.namespace !== "process" && inventory.namespace !== "build") continue;
      for (const { name, empty, at } of inventory.names) {
        if (empty !== true) continue;
        const judgement = secrets.names.find(
          (one) =>
            one.name === name &&
            one.environment === inventory.environment &&
            (one.namespace === "process" || one.namespace === "build"),
        );
        if (judgement && judgement.status !== "empty") continue;
        // What counts an empty value as none falls back on its default.
        const reads = judgement ? [judgement.first, ...judgement.others] : [];
        if (reads.length > 0 && reads.every((one) => one.emptyIsAbsent && one.need === "optional")) continue;
        const required = judgement?.need === "required";
        yield {
          message: required
            ? `${name} is there, and empty, in ${inventory.environment}; the code cannot go on without it. Set it.`
            : `${name} is there, and empty, in ${inventory.environment}. Set it, or take the line out.`,
          subject: name,
          at,
          severity: required ? "error" : "note",
          related: required ? [{ ...judgement.first.at, message: `needed here: ${judgement.first.form}` }] : [],
        };
      }
    }
  },
};
