import type { Check } from "../../types/rule.ts";

const MAX_RELATED = 5;

export const nullableJsonFilter: Check<"jsonColumns", "migrations/nullable-json-filter"> = {
  needs: ["jsonColumns"],
  *run({ jsonColumns }, options) {
    const { strict = false } = options as { strict?: boolean };
    for (const { name, kind, places, column, hasDefault } of jsonColumns.uses) {
      if (hasDefault && !strict) continue;
      const effect =
        kind === "filter"
          ? "the filter silently leaves out every row that holds NULL there, and a cast of a malformed value fails the query"
          : "the first row that holds NULL there fails the request";
      const old = hasDefault ? " The model's default does not reach rows that are there already." : "";
      yield {
        message: `${name} may be NULL, and ${effect}.${old} Guard it here, and fill old rows, set a server default and NOT NULL in a migration.`,
        subject: name,
        at: places[0]!,
        related: [
          { ...column, message: "the column" },
          ...places.slice(1, MAX_RELATED + 1).map((place) => ({ ...place, message: "here as well" })),
        ],
      };
    }
  },
};
