import { lineStartsOf } from "../text/positions.ts";
import type { SchemaStatement, TextMigration } from "../types/migrations.ts";
import { readSql } from "./sql.ts";

/** What starts the way back in a file that holds both ways: goose, sql-migrate, dbmate, node-pg-migrate. */
const DOWN = /^[ \t]*--[ \t]*(?:\+goose[ \t]+down|\+migrate[ \t]+down|migrate:down|down[ \t]+migration)\b/im;
/** What starts the way forth there, with what may be said of its transaction. */
const UP = /^[ \t]*--[ \t]*(?:\+goose[ \t]+up|\+migrate[ \t]+up|migrate:up|up[ \t]+migration)\b[^\n]*/im;
const WITHOUT_TRANSACTION =
  /^[ \t]*--[ \t]*(?:\+goose[ \t]+no[ \t]+transaction|\+migrate[ \t]+up[^\n]*\bnotransaction|migrate:up[^\n]*\btransaction:[ \t]*false|no-transaction)\b/im;

/** A SQL file as a migration; the way back is left out. */
export function readSqlMigration(text: string): TextMigration {
  const up = UP.exec(text);
  const down = DOWN.exec(text);
  // A runner that marks the ways opens a transaction by itself.
  const marked = up !== null && !WITHOUT_TRANSACTION.test(text);
  const [from, to] =
    down === null || (up !== null && up.index > down.index) ? [up?.index ?? 0, text.length] : [0, down.index];
  const script = readSql(text.slice(from, to), from);
  return {
    statements: script.statements,
    transaction: script.opensTransaction || marked,
    entry: null,
    schemaVersion: null,
    statementCount: script.count,
    lineStarts: lineStartsOf(text),
  };
}

const EXECUTE = /\bexecute[ (]+(?:"([^"\\]*(?:\\.[^"\\]*)*)"|'([^']*)'|<<[-~]?["']?(\w{1,40})["']?[^\n]*\n)/g;
const MAX_EXECUTES = 200;

/** The lines of a here document up to the one that is its name. */
function hereText(text: string, from: number, name: string): string {
  const end = new RegExp(`^[ \\t]*${name}[ \\t]*$`, "m").exec(text.slice(from));
  return text.slice(from, end === null ? text.length : from + end.index);
}

/** Of a reference the key's column, of `add_timestamps` the first of both. */
function columnOf(line: string, name: string | undefined): string | null {
  if (/^\s*add_timestamps\b/.test(line)) return "created_at";
  if (name === undefined) return null;
  return /^\s*add_reference\b/.test(line) ? `${name.toLowerCase()}_id` : name.toLowerCase();
}

/** A Ruby file as a migration, or as the `schema.rb` that Rails writes. */
export function readRubyMigration(text: string): TextMigration {
  const schema = /ActiveRecord::Schema(?:\[[\d.]+\])?\.define\(\s*version:\s*([\d_]+)/.exec(text);
  const statements: SchemaStatement[] = [];
  const downAt = text.search(/^[ \t]*def[ \t]+(?:self\.)?down\b/m);
  const up = downAt === -1 ? text : text.slice(0, downAt);
  const patterns: [RegExp, SchemaStatement["kind"]][] = [
    [/^[ \t]*create_table[ (]+[:"'](\w+)/gm, "create-table"],
    [/^[ \t]*add_column[ (]+[:"'](\w+)["']?,\s*[:"'](\w+)/gm, "add-column"],
    [/^[ \t]*rename_column[ (]+[:"'](\w+)["']?,\s*[:"']\w+["']?,\s*[:"'](\w+)/gm, "add-column"],
    [/^[ \t]*rename_table[ (]+[:"']\w+["']?,\s*[:"'](\w+)/gm, "add-table"],
    [/^[ \t]*add_index[ (]+[:"'](\w+)[^\n]*/gm, "create-index"],
    [/^[ \t]*add_column[ (]+[:"'](\w+)["']?,\s*[:"'](\w+)[^\n]*null:\s*false[^\n]*/gm, "add-column-not-null"],
    [/^[ \t]*add_reference[ (]+[:"'](\w+)["']?,\s*[:"'](\w+)[^\n]*null:\s*false[^\n]*/gm, "add-column-not-null"],
    [/^[ \t]*add_timestamps[ (]+[:"'](\w+)(?![^\n]*null:\s*true)[^\n]*/gm, "add-column-not-null"],
    [/^[ \t]*change_column_null[ (]+[:"'](\w+)["']?,\s*[:"'](\w+)["']?,\s*false\b[^\n]*/gm, "set-not-null"],
    [/^[ \t]*add_foreign_key[ (]+[:"'](\w+)[^\n]*/gm, "add-foreign-key"],
    [/^[ \t]*add_check_constraint[ (]+[:"'](\w+)[^\n]*/gm, "add-check"],
    [/^[ \t]*change_column[ (]+[:"'](\w+)["']?,\s*[:"'](\w+)[^\n]*/gm, "alter-type"],
    [/^[ \t]*remove_column[ (]+[:"'](\w+)["']?,\s*[:"'](\w+)[^\n]*/gm, "drop-column"],
    [/^[ \t]*rename_column[ (]+[:"'](\w+)["']?,\s*[:"'](\w+)[^\n]*/gm, "rename-column"],
    [/^[ \t]*drop_table[ (]+[:"'](\w+)[^\n]*/gm, "drop-table"],
    [/^[ \t]*rename_table[ (]+[:"'](\w+)[^\n]*/gm, "rename-table"],
  ];
  for (const [pattern, kind] of patterns) {
    for (const match of up.matchAll(pattern)) {
      const line = match[0];
      if (kind === "add-column-not-null" && /\bdefault:/.test(line)) continue;
      if (kind === "alter-type" && /,\s*:text\b/.test(line)) continue;
      statements.push({
        kind,
        table: match[1]!.toLowerCase(),
        column: columnOf(line, match[2]),
        start: match.index + (line.length - line.trimStart().length),
        end: match.index + line.length,
        ...(kind === "create-index" ? { concurrently: /algorithm:\s*:concurrently/.test(line) } : {}),
        ...(kind === "add-foreign-key" || kind === "add-check" ? { notValid: /validate:\s*false/.test(line) } : {}),
      });
    }
  }
  for (const match of [...up.matchAll(EXECUTE)].slice(0, MAX_EXECUTES)) {
    const [, double, single, heredoc] = match;
    const at = { start: match.index, end: match.index + "execute".length };
    const sql = double ?? single ?? hereText(up, match.index + match[0].length, heredoc ?? "");
    statements.push(...readSql(sql).statements.map((one) => ({ ...one, ...at })));
  }
  for (const match of up.matchAll(/\b(?:execute|update_all)\b/g)) {
    statements.push({
      kind: "update",
      table: "",
      column: null,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  statements.sort((a, b) => a.start - b.start);
  return {
    statements,
    transaction: !/^[ \t]*disable_ddl_transaction!/m.test(text),
    entry: /\bActiveRecord::Migration\b/.test(text) ? "rails" : null,
    schemaVersion: schema
      ? { version: schema[1]!.replaceAll("_", ""), start: schema.index, end: schema.index + schema[0].length }
      : null,
    statementCount: 0,
    lineStarts: lineStartsOf(text),
  };
}
