import type { SchemaStatement } from "../types/migrations.ts";

interface Token {
  /** Lower case for words; quoted identifiers keep their case and lose their quotes. */
  text: string;
  kind: "word" | "quoted" | "string" | "other";
  start: number;
  end: number;
}

const MAX_TOKENS = 200_000;

/** One statement, cut at `;`. */
interface Statement {
  tokens: Token[];
  start: number;
  end: number;
}

export interface SqlScript {
  statements: SchemaStatement[];
  /** Statements of any kind. */
  count: number;
  /** Whether it opens a transaction itself (`BEGIN`, `START TRANSACTION`). */
  opensTransaction: boolean;
  /** The tokens, joined: equal for scripts that differ in comments and white space only. */
  essence: string;
}

/** Reads a SQL script as far as the schema changes of a migration need it. Never throws; linear in the text. */
export function readSql(text: string, offset = 0): SqlScript {
  const tokens = tokenize(text, offset);
  const statements = cut(tokens);
  return {
    statements: statements.flatMap(classify),
    count: statements.length,
    opensTransaction: statements.some(({ tokens: [first, second] }) =>
      first?.text === "begin" ? true : first?.text === "start" && second?.text === "transaction",
    ),
    essence: tokens.map((token) => token.text).join(" "),
  };
}

function tokenize(text: string, offset: number): Token[] {
  const tokens: Token[] = [];
  const scanner =
    /--[^\n]*|\/\*|'|"|`|\[(?=[A-Za-z_])|\$[A-Za-z_]*\$|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\S/g;
  const push = (kind: Token["kind"], value: string, start: number, end: number): void => {
    tokens.push({ kind, text: value, start: start + offset, end: end + offset });
  };
  const upTo = (mark: string, from: number): number => {
    const at = text.indexOf(mark, from);
    return at === -1 ? text.length : at + mark.length;
  };
  for (let match = scanner.exec(text); match && tokens.length < MAX_TOKENS; match = scanner.exec(text)) {
    const [word] = match;
    const start = match.index;
    if (word.startsWith("--")) continue;
    if (word === "/*") scanner.lastIndex = upTo("*/", start + 2);
    else if (word === "'") {
      let end = start + 1;
      for (;;) {
        end = upTo("'", end);
        if (text[end] !== "'") break;
        end++;
      }
      push("string", text.slice(start, end), start, end);
      scanner.lastIndex = end;
    } else if (word === '"' || word === "`" || word === "[") {
      const end = upTo(word === "[" ? "]" : word, start + 1);
      push("quoted", text.slice(start + 1, end - 1), start, end);
      scanner.lastIndex = end;
    } else if (word.length > 1 && word.startsWith("$")) {
      const end = upTo(word, start + word.length);
      push("string", text.slice(start, end), start, end);
      scanner.lastIndex = end;
    } else
      push(/^[A-Za-z_\u0080-\uffff]/.test(word) ? "word" : "other", word.toLowerCase(), start, start + word.length);
  }
  return tokens;
}

function cut(tokens: readonly Token[]): Statement[] {
  const statements: Statement[] = [];
  let current: Token[] = [];
  const close = (): void => {
    if (current.length > 0) statements.push({ tokens: current, start: current[0]!.start, end: current.at(-1)!.end });
    current = [];
  };
  for (const token of tokens) {
    if (token.kind === "other" && token.text === ";") close();
    else current.push(token);
  }
  close();
  return statements;
}

/** A walk over the tokens of one statement. */
class Words {
  private at = 0;
  private readonly tokens: readonly Token[];
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }
  peek(ahead = 0): string {
    const token = this.tokens[this.at + ahead];
    return token && token.kind !== "string" ? token.text : "";
  }
  skip(...words: string[]): boolean {
    if (!words.every((word, index) => this.peek(index) === word)) return false;
    this.at += words.length;
    return true;
  }
  /** A possibly qualified name: its last part, lower case. */
  name(): string {
    let last = this.peek();
    this.at++;
    while (this.peek() === ".") {
      this.at++;
      last = this.peek();
      this.at++;
    }
    return last.toLowerCase();
  }
  has(...words: string[]): boolean {
    for (let from = 0; this.at + from < this.tokens.length; from++) {
      if (words.every((word, index) => this.peek(from + index) === word)) return true;
    }
    return false;
  }
}

function classify(statement: Statement): SchemaStatement[] {
  const { tokens, start, end } = statement;
  const words = new Words(tokens);
  const one = (
    kind: SchemaStatement["kind"],
    table: string,
    column: string | null = null,
    more = {},
  ): SchemaStatement => ({
    kind,
    table,
    column,
    start,
    end,
    ...more,
  });
  if (words.skip("truncate")) {
    words.skip("table");
    return actionsOf(tokens.slice(tokens[1]?.text === "table" ? 2 : 1)).map((part) => {
      const names = new Words(part);
      names.skip("only");
      return one("empty-table", names.name());
    });
  }
  if (words.skip("delete", "from")) {
    words.skip("only");
    const table = words.name();
    return words.has("where") || words.has("using") ? [] : [one("empty-table", table)];
  }
  if (words.skip("create")) {
    if (words.skip("materialized", "view")) {
      words.skip("if", "not", "exists");
      return [one("create-table", words.name())];
    }
    words.skip("unique");
    if (words.skip("index")) {
      const concurrently = words.skip("concurrently");
      words.skip("if", "not", "exists");
      if (words.peek() !== "on") words.name();
      if (!words.skip("on")) return [];
      words.skip("only");
      return [one("create-index", words.name(), null, { concurrently })];
    }
    for (const word of ["global", "local", "temporary", "temp", "unlogged"]) words.skip(word);
    if (!words.skip("table")) return [];
    words.skip("if", "not", "exists");
    return [one("create-table", words.name())];
  }
  if (words.skip("drop")) {
    if (words.skip("index")) {
      return words.skip("concurrently") ? [one("create-index", "", null, { concurrently: true })] : [];
    }
    if (!words.skip("table")) return [];
    words.skip("if", "exists");
    return [one("drop-table", words.name())];
  }
  if (words.skip("rename", "table")) {
    return actionsOf(tokens.slice(2)).flatMap((pair) => {
      const names = new Words(pair);
      const renamed = one("rename-table", names.name());
      return names.skip("to") ? [renamed, one("add-table", names.name())] : [renamed];
    });
  }
  if (words.skip("update")) {
    words.skip("only");
    return [one("update", words.name(), null, { sets: setColumnsOf(tokens) })];
  }
  if (!words.skip("alter", "table")) return [];
  words.skip("if", "exists");
  words.skip("only");
  const table = words.name();
  const rest = tokens;
  return actionsOf(rest).flatMap((action) => alteration(action, table, one));
}

/** The columns that an UPDATE sets: the words before each `=` between SET and WHERE, and those of `(a, b) = …`. */
function setColumnsOf(tokens: readonly Token[]): string[] {
  const is = (token: Token, text: string): boolean => token.kind !== "quoted" && token.text === text;
  const start = tokens.findIndex((token) => is(token, "set"));
  const end = tokens.findIndex((token, at) => at > start && (is(token, "where") || is(token, "from")));
  const parts = actionsOf(tokens.slice(start + 1, end === -1 ? undefined : end));
  return parts
    .flatMap((part) => {
      const left = part.slice(
        0,
        part.findIndex((token) => token.kind === "other" && token.text === "="),
      );
      const names = left.filter((token) => token.kind === "word" || token.kind === "quoted");
      return is(left[0] ?? names[0] ?? { kind: "other", text: "", start: 0, end: 0 }, "(") ? names : names.slice(-1);
    })
    .map((token) => token.text.toLowerCase());
}

/** The actions of ALTER TABLE: what stands between commas outside brackets, the head included in the first. */
function actionsOf(tokens: readonly Token[]): Token[][] {
  const actions: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "other" && token.text === "(") depth++;
    if (token.kind === "other" && token.text === ")") depth--;
    if (token.kind === "other" && token.text === "," && depth <= 0) actions.push([]);
    else actions.at(-1)!.push(token);
  }
  return actions;
}

type Make = (
  kind: SchemaStatement["kind"],
  table: string,
  column?: string | null,
  more?: Partial<SchemaStatement>,
) => SchemaStatement;

const VOLATILE =
  /^(?:random|clock_timestamp|timeofday|gen_random_uuid|uuid_generate_v4|nextval|uuidv7|uuid_generate_v1mc?)$/;

function alteration(action: readonly Token[], table: string, one: Make): SchemaStatement[] {
  const words = new Words(action);
  if (words.skip("alter", "table")) {
    words.skip("if", "exists");
    words.skip("only");
    words.name();
  }
  const notValid = words.has("not", "valid");
  if (words.skip("add")) {
    if (words.skip("constraint")) words.name();
    if (words.skip("check")) return [one("add-check", table, null, { notValid })];
    if (words.skip("foreign", "key")) return [one("add-foreign-key", table, null, { notValid })];
    if (["unique", "primary", "exclude", "index", "key", "fulltext"].includes(words.peek())) return [];
    words.skip("column");
    words.skip("if", "not", "exists");
    const column = words.name();
    const withDefault =
      words.has("default") ||
      words.has("generated") ||
      words.has("identity") ||
      /^(?:big|small)?serial$/.test(words.peek());
    const volatile = action.some((token) => token.kind === "word" && VOLATILE.test(token.text)) && words.has("default");
    const added = one("add-column", table, column);
    if (words.has("not", "null") && !withDefault) return [added, one("add-column-not-null", table, column)];
    return volatile ? [added, one("volatile-default", table, column)] : [added];
  }
  if (words.skip("alter") || words.peek() === "modify") {
    words.skip("modify");
    words.skip("column");
    const column = words.name();
    if (words.skip("set", "not", "null")) return [one("set-not-null", table, column)];
    if (words.skip("set", "data", "type") || words.skip("type")) {
      // A text of any length holds every shorter one as it is; only a USING clause says that it was none.
      const isText = /^(?:text|varchar|citext)$/.test(words.peek()) && words.peek(1) !== "(";
      const isLong = words.peek() === "character" && words.peek(1) === "varying" && words.peek(2) !== "(";
      return (isText || isLong) && !words.has("using") ? [] : [one("alter-type", table, column)];
    }
    return [];
  }
  if (words.skip("drop")) {
    if (words.peek() === "constraint" || ["primary", "foreign", "index", "key", "check"].includes(words.peek()))
      return [];
    words.skip("column");
    words.skip("if", "exists");
    return [one("drop-column", table, words.name())];
  }
  if (words.skip("rename")) {
    if (words.skip("to")) return [one("rename-table", table), one("add-table", words.name())];
    if (words.skip("constraint")) return [];
    words.skip("column");
    const renamed = one("rename-column", table, words.name());
    return words.skip("to") ? [renamed, one("add-column", table, words.name())] : [renamed];
  }
  if (words.skip("validate", "constraint")) return [one("validate", table)];
  return [];
}
