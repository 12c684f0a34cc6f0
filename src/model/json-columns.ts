import type { JsonColumn, JsonUse, NullableJsonUse } from "../types/json-columns.ts";
import type { ModelProvider } from "../types/model.ts";
import type { Location, RepoPath } from "../types/text.ts";
import { locate } from "./data.ts";

const APART =
  /(?:^|\/)(?:tests?|migrations|versions|alembic|docs?|examples?|scripts)\/|(?:^|\/)(?:test_[^/]*|conftest)\.py$|_test\.py$/;

const MANIFEST = /(?:^|\/)(?:requirements[^/]*\.(?:txt|in)|pyproject\.toml|Pipfile|setup\.(?:py|cfg))$/;
const MAPPERS = /\b(?:sqlalchemy|sqlmodel|django)\b/i;

/** JSON columns that may hold NULL, and code that takes them for never NULL. Looked for only where a mapper is in use. */
export const jsonColumns: ModelProvider<"jsonColumns", "migrations"> = {
  needs: ["migrations"],
  facts: ["json-columns", "json-mentions", "json-uses", "lines"],
  build({ files, facts, known }) {
    const mapped = (): boolean =>
      files.entries.some(
        ({ path }) => MANIFEST.test(path) && facts.get("lines", path)?.lines.some((line) => MAPPERS.test(line)),
      );
    if (known.migrations.graphs.length === 0 && !mapped()) return { columns: 0, uses: [] };
    const paths = files.entries.filter(
      ({ path, ignored, kind }) => path.endsWith(".py") && !ignored && kind !== "symlink" && !APART.test(path),
    );
    const declaring = paths.flatMap(({ path }) => {
      const fact = facts.get("json-columns", path);
      return fact && fact.columns.length > 0 ? [{ path, fact }] : [];
    });
    const notNull = new Set(known.migrations.graphs.flatMap((graph) => graph.files.flatMap((file) => file.notNull)));
    const columns = new Map<string, { column: JsonColumn; at: Location } | null>();
    // Services that lie side by side map one table each in a class of their own: outside of its file a class of such a name is not known.
    const homes = new Map<string, Set<string>>();
    for (const { path, fact } of declaring)
      for (const { model } of fact.columns) homes.set(model, (homes.get(model) ?? new Set()).add(path));
    for (const { path, fact } of declaring) {
      for (const column of fact.columns) {
        const name = `${column.model}.${column.column}`;
        const isOpen = column.mayBeNull && !notNull.has(`${column.table}.${column.stored.toLowerCase()}`);
        // Two classes of one name: which one is meant cannot be told, so neither is judged.
        columns.set(name, columns.has(name) || !isOpen ? null : { column, at: locate(path, fact, column) });
      }
    }
    const uses = new Map<string, NullableJsonUse>();
    const open = [...columns.values()].flatMap((one) => (one === null ? [] : one));
    const mayUse = (path: RepoPath): boolean => {
      const { classes, sql } = facts.get("json-mentions", path) ?? { classes: [], sql: false };
      return sql || open.some(({ column, at }) => at.path === path || classes.includes(column.model));
    };
    for (const { path } of open.length === 0 ? [] : paths) {
      const fact = mayUse(path) ? facts.get("json-uses", path) : null;
      if (fact === null) continue;
      for (const use of fact.uses) {
        const found = use.model === null ? ofTable(columns.values(), use) : columns.get(`${use.model}.${use.column}`);
        if (!found || (use.model !== null && homes.get(use.model)!.size > 1 && found.at.path !== path)) continue;
        const name = `${found.column.model}.${found.column.column}`;
        const place = { ...locate(path, fact, use), kind: use.kind };
        const known = uses.get(name);
        if (known) known.places.push(place);
        else uses.set(name, { name, places: [place], column: found.at, hasDefault: found.column.hasDefault });
      }
    }
    return { columns: columns.size, uses: [...uses.values()] };
  },
  isEmpty: (model) => model.columns === 0,
};

/** The column that raw SQL means, by its name in the database and its table. */
function ofTable(
  columns: Iterable<{ column: JsonColumn; at: Location } | null>,
  use: JsonUse,
): { column: JsonColumn; at: Location } | null {
  for (const one of columns) {
    if (one && one.column.table !== "" && use.tables.includes(one.column.table) && one.column.stored === use.column)
      return one;
  }
  return null;
}
