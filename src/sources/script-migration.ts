import { lineStartsOf } from "../text/positions.ts";
import type { SchemaStatement, TextMigration } from "../types/migrations.ts";
import {
  chainsIn,
  type ScriptLink,
  type ScriptToken,
  type ScriptTokens,
  type ScriptValue,
  scriptTokens,
  walkChains,
} from "./javascript-chains.ts";
import { knexStatements } from "./knex-operations.ts";
import type { Operation, ReadOperation } from "./script-operations.ts";
import { sequelizeStatements } from "./sequelize-operations.ts";
import { readSql } from "./sql.ts";
import { typeormStatements } from "./typeorm-operations.ts";

const READERS: Readonly<Record<"knex" | "sequelize" | "typeorm", ReadOperation>> = {
  knex: knexStatements,
  sequelize: sequelizeStatements,
  typeorm: typeormStatements,
};

/**
 * A JavaScript or TypeScript file as a migration: which tool it is for, the calls of that tool's builder, and the SQL that it runs as
 * literal text. The way back (`down`) is left out. Never throws.
 */
export function readScriptMigration(text: string): TextMigration {
  const entry = entryOf(text);
  const script = scriptTokens(text);
  const down = downRanges(script);
  const isForth = ({ start }: { start: number }): boolean => !down.some(([from, to]) => start >= from && start < to);
  const statements = entry === "knex" || entry === "sequelize" || entry === "typeorm" ? built(script, entry) : [];
  const back = statements.filter((one) => one.kind === "drop-not-null" && !isForth(one));
  // Who changes a column's type or default says again that it is NOT NULL. It was not before only where the way back takes that off.
  const isNew = ({ restates, table, column, kind }: SchemaStatement): boolean =>
    kind !== "set-not-null" || !restates || back.some((one) => one.table === table && one.column === column);
  const all = [...statements.filter(isNew), ...literalSql(script, entry)].filter(isForth);
  return {
    statements: all.sort((a, b) => a.start - b.start),
    transaction: !/\btransaction\s*[:=]\s*false\b|\bcommitTransaction\s*\(/.test(text),
    entry,
    schemaVersion: null,
    statementCount: 0,
    lineStarts: lineStartsOf(text),
  };
}

function entryOf(text: string): TextMigration["entry"] {
  if (/\bimplements\s+(?:\w+\s*,\s*)*MigrationInterface\b|\bqueryRunner\b/.test(text)) return "typeorm";
  if (/\bqueryInterface\b|\bQueryInterface\b/.test(text)) return "sequelize";
  return /\bexports\.up\b|\bexport\s+(?:async\s+)?(?:function|const)\s+up\b|\bup\s*[:(]/.test(text) ? "knex" : null;
}

/** What the tool's builder is called with. */
function built(script: ScriptTokens, tool: keyof typeof READERS): SchemaStatement[] {
  const constants = constantsOf(script);
  const objects = objectsOf(script);
  const statements: SchemaStatement[] = [];
  const made = (value: ScriptValue): ScriptValue =>
    value.kind === "word"
      ? (objects.get(value.text) ?? value)
      : value.kind === "array"
        ? { kind: "array", items: value.items.map(made) }
        : value;
  const textOf = (value: ScriptValue | undefined): string | null => {
    if (value?.kind === "word") return constants.get(value.text) ?? null;
    return value?.kind === "string" && !/__/.test(value.text) ? value.text : null;
  };
  const chainsOf = (value: ScriptValue | undefined): ScriptLink[][] =>
    value?.kind === "function" ? [...chainsIn(script, value.from, value.to)] : [];
  walkChains(script, 0, script.tokens.length, (links) => {
    const operation: Operation = { links, textOf, made, chainsOf };
    statements.push(...READERS[tool](operation));
  });
  return statements;
}

/** `const TABLE = "users"`. */
function constantsOf({ tokens }: ScriptTokens): Map<string, string> {
  const constants = new Map<string, string>();
  tokens.forEach(({ kind, text }, at) => {
    const [name, equals, value] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]];
    if (kind !== "word" || text !== "const" || name?.kind !== "word" || equals?.text !== "=") return;
    if (value?.kind === "string" && tokens[at + 4]?.text !== "+") constants.set(name.text, value.text);
  });
  return constants;
}

/** `const column = new TableColumn({ … })`: what each name was made with; none for a name that is given twice. */
function objectsOf(script: ScriptTokens): Map<string, ScriptValue> {
  const { tokens, closing } = script;
  const objects = new Map<string, ScriptValue>();
  const twice = new Set<string>();
  tokens.forEach(({ kind, text }, at) => {
    const [name, equals, maker, open] = [tokens[at + 1], tokens[at + 2], tokens[at + 3], tokens[at + 5]];
    if (kind !== "word" || text !== "const" || name?.kind !== "word" || equals?.text !== "=") return;
    if (maker?.text !== "new" || open?.text !== "(") return;
    const [links] = chainsIn(script, at + 4, (closing.get(at + 5) ?? at + 5) + 1);
    if (objects.has(name.text)) twice.add(name.text);
    if (links) objects.set(name.text, { kind: "chain", links });
  });
  for (const name of twice) objects.delete(name);
  return objects;
}

/** Where `down` is defined, as offsets: a method, a function, an exported or assigned one. */
function downRanges({ tokens, closing }: ScriptTokens): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== "word" || token.text !== "down") continue;
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    const assigned = after?.text === "=" || after?.text === ":";
    if (!assigned && (before?.text === "." || after?.text !== "(")) continue;
    at = endOfDefinition(tokens, closing, at + 1);
    ranges.push([token.start, tokens[at]?.end ?? Number.POSITIVE_INFINITY]);
  }
  return ranges;
}

/** Index of the last token of a definition: its body's bracket, or what stands before the next statement or member. */
function endOfDefinition(tokens: readonly ScriptToken[], closing: ReadonlyMap<number, number>, from: number): number {
  for (let at = from; at < tokens.length; at++) {
    const { kind, text } = tokens[at]!;
    if (kind !== "mark") {
      // A new statement where the last one ended without a semicolon: `exports.up = …`.
      if (kind === "word" && at > from + 1 && /^(?:exports|module|export)$/.test(text)) return at - 1;
      continue;
    }
    if (text === "{") return closing.get(at) ?? tokens.length;
    if (text === ";" || text === "," || text === "}") return at - 1;
    at = closing.get(at) ?? at;
  }
  return tokens.length;
}

const MAX_LITERAL = 100_000;
const SAYS = /^(?:log|info|warn|error|debug|trace|notice|write|Error|describe|it|test|comment)$/;

/** String literals that begin like a statement of SQL, but for those that are only said. */
function literalSql({ tokens }: ScriptTokens, entry: TextMigration["entry"]): SchemaStatement[] {
  return tokens.flatMap((token, at) => {
    if (token.kind !== "string" || token.text.length > MAX_LITERAL) return [];
    if (!/^\s*(?:--[^\n]*\n\s*)*(?:create|alter|drop|rename|update|truncate|delete|begin|with)\b/i.test(token.text))
      return [];
    if (tokens[at - 1]?.text === "(" && SAYS.test(tokens[at - 2]?.text ?? "")) return [];
    const outside = entry === "sequelize" && !handsTransaction(tokens, at) ? { outside: true } : {};
    const escaped = /\\["'`n]/.test(token.text);
    const sql = escaped ? token.text.replace(/\\n/g, "\n").replace(/\\(["'`])/g, "$1") : token.text;
    return readSql(sql, escaped ? 0 : token.start + 1).statements.map((one) => ({
      ...one,
      ...outside,
      // What a template puts in is not known.
      table: /^_{3,}$/.test(one.table) ? "" : one.table,
      ...(escaped ? { start: token.start, end: token.end } : {}),
    }));
  });
}

/** Whether the call that a literal is handed to takes a transaction as well: `query("…", { transaction })`. */
function handsTransaction(tokens: readonly ScriptToken[], from: number): boolean {
  let depth = 0;
  for (let at = from + 1; at < tokens.length; at++) {
    const { kind, text } = tokens[at]!;
    if (kind === "word" && text === "transaction") return true;
    if (kind !== "mark") continue;
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text) && --depth < 0) return false;
  }
  return false;
}
