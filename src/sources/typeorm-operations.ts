import type { SchemaStatement } from "../types/migrations.ts";
import type { ScriptLink, ScriptValue } from "./javascript-chains.ts";
import {
  isFilled,
  isVolatile,
  isWord,
  itemsOf,
  madeWith,
  type Operation,
  propertyOf,
  statementOf,
} from "./script-operations.ts";

/**
 * What a call of TypeORM's query runner does to the schema: `queryRunner.addColumn("users", new TableColumn({ … }))`.
 * https://typeorm.io/docs/migrations/api
 */
export const typeormStatements = ({ links, textOf, made }: Operation): SchemaStatement[] =>
  links.flatMap((link) => callStatements(link, textOf, made));

function callStatements(link: ScriptLink, textOf: Operation["textOf"], madeAs: Operation["made"]): SchemaStatement[] {
  if (link.args === null) return [];
  const [first, second, third] = link.args.map(madeAs);
  const nameOf = (value: ScriptValue | undefined): string | null =>
    textOf(value) ?? textOf(propertyOf(madeWith(value), "name"));
  const table = nameOf(first);
  const make = (kind: SchemaStatement["kind"], column: string | null = null, more = {}): SchemaStatement =>
    statementOf(link, kind, table, column, more);
  switch (link.name) {
    case "createTable":
      return [make("create-table")];
    case "dropTable":
      return [make("drop-table")];
    case "renameTable":
      return [make("rename-table"), statementOf(link, "add-table", textOf(second))];
    case "addColumn":
    case "addColumns":
      return itemsOf(second).flatMap((one) => {
        const made = madeWith(one);
        const column = nameOf(one);
        const fallback = propertyOf(made, "default");
        const added = [make("add-column", column)];
        if (made?.kind !== "object") return added;
        const filled =
          isFilled(fallback) ||
          ["generatedType", "asExpression", "generatedIdentity"].some((key) => made.entries.has(key)) ||
          isWord(propertyOf(made, "isGenerated"), "true");
        // A TableColumn is NOT NULL unless it says otherwise.
        const nullable = propertyOf(made, "isNullable");
        if ((nullable === undefined || isWord(nullable, "false")) && !filled) {
          added.push(make("add-column-not-null", column));
        } else if (isVolatile(fallback)) added.push(make("volatile-default", column));
        return added;
      });
    case "changeColumn": {
      const nullable = propertyOf(madeWith(third), "isNullable");
      if (isWord(nullable, "false")) return [make("set-not-null", nameOf(second), { restates: true })];
      return isWord(nullable, "true") ? [make("drop-not-null", nameOf(second))] : [];
    }
    case "dropColumn":
      return [make("drop-column", nameOf(second) ?? "")];
    case "dropColumns":
      return itemsOf(second).map((one) => make("drop-column", nameOf(one) ?? ""));
    case "renameColumn":
      return [make("rename-column", nameOf(second)), make("add-column", nameOf(third))];
    case "createIndex":
    case "createIndices":
      return itemsOf(second).map((one) =>
        make("create-index", null, { concurrently: isWord(propertyOf(madeWith(one), "isConcurrent"), "true") }),
      );
    case "createForeignKey":
    case "createForeignKeys":
      return [make("add-foreign-key")];
    case "createCheckConstraint":
    case "createCheckConstraints":
      return [make("add-check")];
    case "update":
      return [statementOf(link, "update", "")];
    default:
      return [];
  }
}
