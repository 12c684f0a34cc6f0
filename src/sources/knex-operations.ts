import type { SchemaStatement } from "../types/migrations.ts";
import type { ScriptLink } from "./javascript-chains.ts";
import { isFilled, isVolatile, isWord, itemsOf, type Operation, propertyOf, statementOf } from "./script-operations.ts";

/** Column builders that fill the column themselves. */
const COUNTS = /^(?:increments|bigIncrements|bigincrements|tinyint?Increments|smallint?Increments)$/;
const COLUMNS =
  /^(?:string|text|integer|tinyint|smallint|mediumint|bigint|bigInteger|float|double|decimal|boolean|date|datetime|dateTime|time|timestamp|binary|enum|enu|json|jsonb|uuid|geometry|geography|point|specificType)$/;

/**
 * What a chain of Knex does to the schema: `knex.schema.alterTable("users", (t) => …)`, `knex("users").update(…)`.
 * https://knexjs.org/guide/schema-builder.html
 */
export function knexStatements({ links, textOf, chainsOf }: Operation): SchemaStatement[] {
  const statements: SchemaStatement[] = [];
  for (const link of links) {
    const [first, second] = link.args ?? [];
    const table = textOf(first);
    if (/^createTable(?:IfNotExists|Like)?$/.test(link.name)) statements.push(statementOf(link, "create-table", table));
    else if (/^dropTable(?:IfExists)?$/.test(link.name)) statements.push(statementOf(link, "drop-table", table));
    else if (link.name === "renameTable") {
      statements.push(statementOf(link, "rename-table", table), statementOf(link, "add-table", textOf(second)));
    } else if (/^(?:alterTable|table)$/.test(link.name) && second?.kind === "function") {
      const [builder = ""] = second.parameters;
      for (const chain of chainsOf(second)) {
        if (chain[0]?.name === builder || chain[0]?.name === "this") {
          statements.push(...tableStatements(chain.slice(1), table, textOf));
        }
      }
    }
  }
  const update = links.find(({ name, args }) => name === "update" && args !== null);
  const [root] = links;
  if (update && root) {
    const from = links.find(({ name }) => name === "from" || name === "table" || name === "into") ?? root;
    const [values] = update.args ?? [];
    const sets = values?.kind === "object" ? [...values.entries.keys()] : textOf(values) ? [textOf(values)!] : null;
    const named = sets === null ? {} : { sets: sets.map((one) => one.toLowerCase()) };
    statements.push(statementOf(update, "update", textOf(from.args?.[0]), null, named));
  }
  return statements;
}

/** What one chain on the table builder does: `t.string("name").notNullable()`. */
function tableStatements(
  chain: readonly ScriptLink[],
  table: string | null,
  textOf: Operation["textOf"],
): SchemaStatement[] {
  const [link, ...modifiers] = chain;
  if (!link?.args) return [];
  const has = (...names: string[]): ScriptLink | undefined => modifiers.find(({ name }) => names.includes(name));
  const name = textOf(link.args[0]);
  const make = (kind: SchemaStatement["kind"], column: string | null = null, more = {}): SchemaStatement =>
    statementOf({ ...link, end: chain.at(-1)!.end }, kind, table, column, more);
  if (COUNTS.test(link.name)) return [make("add-column", name ?? "id")];
  if (COLUMNS.test(link.name)) {
    const required = has("notNullable", "notNull") !== undefined;
    const alter = has("alter");
    if (alter) {
      const typed = !isWord(propertyOf(alter.args?.[0], "alterType"), "false");
      // Knex writes the type in any case; who names nullability or a default means that.
      const retyped = typed && !has("notNullable", "notNull", "nullable", "defaultTo") && !isLooseText(link);
      const nullable = required ? "set-not-null" : has("nullable") ? "drop-not-null" : null;
      return [
        ...(nullable ? [make(nullable, name, { restates: true })] : []),
        ...(retyped ? [make("alter-type", name)] : []),
      ];
    }
    const fallback = has("defaultTo")?.args?.[0];
    const statements = [make("add-column", name)];
    if (required && !isFilled(fallback)) statements.push(make("add-column-not-null", name));
    else if (isVolatile(fallback)) statements.push(make("volatile-default", name));
    if (has("index")) statements.push(make("create-index"));
    return statements;
  }
  switch (link.name) {
    case "dropNullable":
      return [make("set-not-null", name)];
    case "setNullable":
      return [make("drop-not-null", name)];
    case "index":
      return [make("create-index")];
    case "foreign":
      return has("inTable", "references") ? [make("add-foreign-key")] : [];
    case "check":
      return [make("add-check")];
    case "renameColumn":
      return [make("rename-column", name), make("add-column", textOf(link.args[1]))];
    case "dropColumn":
    case "dropColumns":
      return link.args.flatMap(itemsOf).map((one) => make("drop-column", textOf(one) ?? ""));
    default:
      return [];
  }
}

/** A text of any length: rows of shorter text stay as they are. */
const isLooseText = ({ name }: ScriptLink): boolean => name === "text";
