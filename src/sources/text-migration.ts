import { lineStartsOf } from "../text/positions.ts";
import type { SchemaStatement, TextMigration } from "../types/migrations.ts";
import { readSql } from "./sql.ts";

/** A SQL file as a migration. */
export function readSqlMigration(text: string): TextMigration {
  const script = readSql(text);
  return {
    statements: script.statements,
    transaction: script.opensTransaction,
    entry: null,
    schemaVersion: null,
    statementCount: script.count,
    lineStarts: lineStartsOf(text),
  };
}

/** A JavaScript or TypeScript file as a migration: which tool it is for, and the SQL that it runs as literal text. */
export function readScriptMigration(text: string): TextMigration {
  const up = text.slice(0, downStart(text));
  return {
    statements: literalSql(up),
    transaction: !/\btransaction\s*[:=]\s*false\b/.test(text),
    entry: /\bimplements\s+MigrationInterface\b/.test(text)
      ? "typeorm"
      : /\bqueryInterface\b/.test(text)
        ? "sequelize"
        : /\bexports\.up\b|\bexport\s+(?:async\s+)?(?:function|const)\s+up\b|\bup\s*[:(]/.test(text)
          ? "knex"
          : null,
    schemaVersion: null,
    statementCount: 0,
    lineStarts: lineStartsOf(text),
  };
}

/** Where the way back starts, if it stands behind the way forth. */
function downStart(text: string): number {
  const match =
    /\b(?:exports\.down|(?:async\s+)?(?:function|const)\s+down|(?:public\s+)?(?:async\s+)?down\s*[:(])/.exec(text);
  return match && match.index > text.search(/\bup\b/) ? match.index : text.length;
}

const MAX_LITERAL = 100_000;

/** String literals that begin like a statement of SQL. */
function literalSql(text: string): SchemaStatement[] {
  const statements: SchemaStatement[] = [];
  for (const match of text.matchAll(/(["'`])(?=\s*(?:create|alter|drop|update)\b)/gi)) {
    const start = match.index + 1;
    const end = text.indexOf(match[1]!, start);
    if (end === -1 || end - start > MAX_LITERAL) continue;
    statements.push(...readSql(text.slice(start, end), start).statements);
  }
  return statements;
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
      statements.push({
        kind,
        table: match[1]!.toLowerCase(),
        column: match[2]?.toLowerCase() ?? null,
        start: match.index + (line.length - line.trimStart().length),
        end: match.index + line.length,
        ...(kind === "create-index" ? { concurrently: /algorithm:\s*:concurrently/.test(line) } : {}),
        ...(kind === "add-foreign-key" || kind === "add-check" ? { notValid: /validate:\s*false/.test(line) } : {}),
      });
    }
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
