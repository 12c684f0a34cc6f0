import type { JsonUse, NullableJsonUse } from "../../types/json-columns.ts";
import type { Check } from "../../types/rule.ts";

const MAX_RELATED = 10;

/** One finding per column: what mends it, the rows that are filled and the constraint, mends every use at once. */
export const nullableJsonFilter: Check<"jsonColumns", "migrations/nullable-json-filter"> = {
  needs: ["jsonColumns"],
  *run({ jsonColumns }, options) {
    const { strict = false } = options as { strict?: boolean };
    for (const { name, places, column, hasDefault } of jsonColumns.uses) {
      if (hasDefault && !strict) continue;
      const { kind, ...at } = places[0]!;
      const others = places.slice(1);
      const old = hasDefault ? " The model's default does not reach rows that are there already." : "";
      const more = others.length === 0 ? "" : ` and in ${others.length} more place${others.length === 1 ? "" : "s"}`;
      yield {
        message: `${name} may be NULL, and ${effect(kind, places)}.${old} Guard it here${more}, and fill old rows, set a server default and NOT NULL in a migration.`,
        subject: name,
        at,
        related: [
          { ...column, message: "the column" },
          ...others.slice(0, MAX_RELATED).map(({ kind, ...place }) => ({ ...place, message: AS_WELL[kind] })),
        ],
      };
    }
  },
};

const AS_WELL = { filter: "filters on it as well", access: "reads it as well" } as const;

function effect(kind: JsonUse["kind"], places: NullableJsonUse["places"]): string {
  if (places.some((place) => place.kind !== kind))
    return "a filter silently leaves out every row that holds NULL there, and code that reads such a row fails the request";
  return kind === "filter"
    ? "the filter silently leaves out every row that holds NULL there, and a cast of a malformed value fails the query"
    : "the first row that holds NULL there fails the request";
}
