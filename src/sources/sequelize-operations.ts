import type { SchemaStatement } from "../types/migrations.ts";
import type { ScriptLink, ScriptValue } from "./javascript-chains.ts";
import { isFilled, isVolatile, isWord, type Operation, propertyOf, statementOf } from "./script-operations.ts";

/**
 * What a call of Sequelize's query interface does to the schema: `queryInterface.addColumn("users", "name", { … })`. Umzug opens no
 * transaction, so a call runs in one only where it is handed one.
 * https://sequelize.org/docs/v6/other-topics/query-interface/
 */
export const sequelizeStatements = ({ links, textOf }: Operation): SchemaStatement[] =>
  links.flatMap((link) => callStatements(link, textOf));

function callStatements(link: ScriptLink, literal: Operation["textOf"]): SchemaStatement[] {
  if (link.args === null) return [];
  const [first, second, third] = link.args;
  const textOf = (value: ScriptValue | undefined): string | null => literal(propertyOf(value, "tableName") ?? value);
  const table = textOf(first);
  const outside = link.args.some((one) => propertyOf(one, "transaction") !== undefined) ? {} : { outside: true };
  const make = (kind: SchemaStatement["kind"], column: string | null = null, more = {}): SchemaStatement =>
    statementOf(link, kind, table, column, { ...outside, ...more });
  switch (link.name) {
    case "createTable":
      return [make("create-table")];
    case "dropTable":
      return [make("drop-table")];
    case "renameTable":
      return [make("rename-table"), statementOf(link, "add-table", textOf(second))];
    case "addColumn": {
      const column = literal(second);
      const fallback = propertyOf(third, "defaultValue");
      const generated = isWord(propertyOf(third, "autoIncrement"), "true");
      const added = [make("add-column", column)];
      if (isWord(propertyOf(third, "allowNull"), "false") && !isFilled(fallback) && !generated) {
        added.push(make("add-column-not-null", column));
      } else if (isVolatile(fallback)) added.push(make("volatile-default", column));
      return added;
    }
    case "changeColumn": {
      const column = literal(second);
      const allows = propertyOf(third, "allowNull");
      if (isWord(allows, "false")) return [make("set-not-null", column, { restates: true })];
      if (isWord(allows, "true")) return [make("drop-not-null", column)];
      // The type has to be written in any case; who names nothing beside it means it.
      const retyped =
        third?.kind === "object" &&
        [...third.entries.keys()].every((key) => key === "type" || key === "comment") &&
        !isLooseText(propertyOf(third, "type"));
      return retyped ? [make("alter-type", column)] : [];
    }
    case "removeColumn":
      return [make("drop-column", literal(second))];
    case "renameColumn":
      return [make("rename-column", literal(second)), make("add-column", literal(third))];
    case "addIndex": {
      const options = second?.kind === "object" ? second : third;
      return [make("create-index", null, { concurrently: isWord(propertyOf(options, "concurrently"), "true") })];
    }
    case "removeIndex":
      return isWord(propertyOf(third, "concurrently"), "true")
        ? [statementOf(link, "create-index", "", null, { ...outside, concurrently: true })]
        : [];
    case "addConstraint": {
      const kind = literal(propertyOf(second?.kind === "object" ? second : third, "type"))?.toLowerCase();
      return kind === "foreign key" ? [make("add-foreign-key")] : kind === "check" ? [make("add-check")] : [];
    }
    case "bulkUpdate":
      return [make("update", null, second?.kind === "object" ? { sets: keysOf(second) } : {})];
    default:
      return [];
  }
}

const keysOf = (value: ScriptValue): string[] =>
  value.kind === "object" ? [...value.entries.keys()].map((key) => key.toLowerCase()) : [];

/** `Sequelize.TEXT`: a text of any length, so rows of shorter text stay as they are. */
const isLooseText = (type: ScriptValue | undefined): boolean =>
  type?.kind === "chain" && type.links.at(-1)?.name === "TEXT" && type.links.at(-1)?.args === null;
