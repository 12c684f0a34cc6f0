import type { SchemaStatement } from "../types/migrations.ts";
import type { PyCall, PyExpression, PyFunction, PyStatement, PythonFile } from "../types/python.ts";
import { readSql } from "./sql.ts";

export interface ReadOperations {
  statements: SchemaStatement[];
  /** `table.column` that stops holding NULL. */
  notNull: string[];
}

interface Context {
  /** Table of the enclosing batch, by the name it is bound to. */
  batches: ReadonlyMap<string, string>;
  /** Inside `with …autocommit_block():`. */
  outside: boolean;
}

/** The operations that `upgrade` runs, with what it calls in the same file; `downgrade` is left out. */
export function alembicStatements(file: PythonFile, text: string): ReadOperations {
  const result: ReadOperations = { statements: [], notNull: [] };
  const functions = file.body.filter((one): one is PyFunction => one.kind === "function");
  for (const one of functions) {
    if (!/downgrade|_down\b|^down_/.test(one.name.text))
      walk(one.body, { batches: new Map(), outside: false }, result, text);
  }
  return result;
}

function walk(body: readonly PyStatement[], context: Context, into: ReadOperations, text: string): void {
  for (const statement of body) {
    if (statement.kind === "expression") readCall(statement.value, context, into, text);
    else if (statement.kind === "assign") readCall(statement.value, context, into, text);
    else if (statement.kind === "with") {
      const batches = new Map(context.batches);
      let { outside } = context;
      for (const { value, target } of statement.items) {
        if (value.kind !== "call") continue;
        const name = lastOf(value.callee);
        if (name === "autocommit_block") outside = true;
        if (name === "batch_alter_table" && target?.kind === "name")
          batches.set(target.id, textOf(value.arguments[0]) ?? "");
      }
      walk(statement.body, { batches, outside }, into, text);
    } else if (statement.kind === "if" || statement.kind === "for" || statement.kind === "while") {
      walk([...statement.body, ...statement.orElse], context, into, text);
    } else if (statement.kind === "try") {
      walk([...statement.body, ...statement.orElse, ...statement.finalBody], context, into, text);
    }
  }
}

const lastOf = (callee: PyExpression): string =>
  callee.kind === "attribute" ? callee.name.text : callee.kind === "name" ? callee.id : "";

const textOf = (value: PyExpression | undefined): string | null =>
  value?.kind === "string" ? value.value.toLowerCase() : null;

function readCall(value: PyExpression, context: Context, into: ReadOperations, text: string): void {
  if (value.kind !== "call" || value.callee.kind !== "attribute" || value.callee.object.kind !== "name") return;
  const holder = value.callee.object.id;
  const batch = context.batches.get(holder);
  const operation = value.callee.name.text;
  if (operation === "execute") {
    readExecute(value, context, into, text);
    return;
  }
  if (holder !== "op" && batch === undefined) return;
  const keyword = (...names: string[]): PyExpression | undefined =>
    value.keywords.find((one) => one.name !== null && names.includes(one.name))?.value;
  // A batch names its table once; then every position moves forward by one.
  const argument = (at: number, ...names: string[]): string | null => textOf(keyword(...names) ?? value.arguments[at]);
  const tableAt = (at: number): string => batch ?? argument(at, "table_name", "source", "source_table") ?? "";
  const shift = batch === undefined ? 0 : -1;
  const add = (kind: SchemaStatement["kind"], table: string, column: string | null = null, more = {}): void => {
    into.statements.push({
      kind,
      table,
      column,
      ...(context.outside ? { outside: true } : {}),
      start: value.start,
      end: value.end,
      ...more,
    });
  };
  const isTrue = (one: PyExpression | undefined): boolean => one?.kind === "constant" && one.value === true;
  const notValid = isTrue(keyword("postgresql_not_valid"));
  switch (operation) {
    case "create_table":
      add("create-table", argument(0, "table_name") ?? "");
      break;
    case "create_index":
      add("create-index", tableAt(1), null, { concurrently: isTrue(keyword("postgresql_concurrently")) });
      break;
    case "drop_index":
      if (isTrue(keyword("postgresql_concurrently"))) add("create-index", "", null, { concurrently: true });
      break;
    case "add_column":
      addColumn(value.arguments[1 + shift] ?? keyword("column"), tableAt(0), add);
      break;
    case "alter_column": {
      const [table, column] = [tableAt(0), argument(1 + shift, "column_name")];
      const nullable = keyword("nullable");
      if (nullable?.kind === "constant" && nullable.value === false) {
        add("set-not-null", table, column);
        into.notNull.push(`${table}.${column}`);
      }
      if (keyword("type_") && !isLooseText(keyword("type_"))) add("alter-type", table, column);
      if (keyword("new_column_name", "name")) {
        add("rename-column", table, column);
        add("add-column", table, argument(Infinity, "new_column_name", "name"));
      }
      break;
    }
    case "create_foreign_key":
      add("add-foreign-key", tableAt(1), null, { notValid });
      break;
    case "create_check_constraint":
      add("add-check", tableAt(1), null, { notValid });
      break;
    case "drop_column":
      add("drop-column", tableAt(0), argument(1 + shift, "column_name"));
      break;
    case "drop_table":
      add("drop-table", argument(0, "table_name") ?? "");
      break;
    case "rename_table":
      add("rename-table", argument(0, "old_table_name") ?? "");
      add("add-table", argument(1, "new_table_name") ?? "");
      break;
    default:
  }
}

/** `sa.Text()`, `sa.String()`: a text of any length holds every shorter one as it is. */
const isLooseText = (type: PyExpression | undefined): boolean =>
  type?.kind === "call" && /^(?:Text|TEXT|String|VARCHAR)$/.test(lastOf(type.callee)) && type.arguments.length === 0;

type Add = (kind: SchemaStatement["kind"], table: string, column?: string | null) => void;

function addColumn(column: PyExpression | undefined, table: string, add: Add): void {
  if (column?.kind !== "call" || lastOf(column.callee) !== "Column") return;
  const name = textOf(column.arguments[0]);
  const named = (key: string): PyExpression | undefined => column.keywords.find((one) => one.name === key)?.value;
  add("add-column", table, name);
  const [nullable, server] = [named("nullable"), named("server_default")];
  const filled =
    (server !== undefined && !(server.kind === "constant" && server.value === null)) ||
    column.arguments.some(
      (one) => one.kind === "call" && ["Computed", "Identity", "Sequence"].includes(lastOf(one.callee)),
    );
  const required = nullable?.kind === "constant" && nullable.value === false;
  if (required && !filled) add("add-column-not-null", table, name);
  const volatile = server?.kind === "call" && server.arguments[0]?.kind === "string" ? server.arguments[0].value : "";
  if (/\b(?:gen_random_uuid|uuid_generate_v4|random|clock_timestamp|nextval)\s*\(/i.test(volatile)) {
    add("volatile-default", table, name);
  }
}

/** SQL in `op.execute("…")`, `op.execute(sa.text("…"))`, `bind.execute(text("…"))`. */
function readExecute(call: PyCall, context: Context, into: ReadOperations, text: string): void {
  let [value] = call.arguments;
  if (value?.kind === "call" && lastOf(value.callee) === "text") [value] = value.arguments;
  if (value?.kind !== "string") {
    // A query built by expression, such as `users.update().where(…)`: it fills, or it is unknown.
    if (value?.kind === "call" && /\bupdate\b/.test(text.slice(value.start, value.end))) {
      into.statements.push({ kind: "update", table: "", column: null, start: value.start, end: value.end });
    }
    return;
  }
  for (const statement of readSql(value.value).statements) {
    into.statements.push({
      ...statement,
      ...(context.outside ? { outside: true } : {}),
      start: value.start,
      end: value.end,
    });
    if (statement.kind === "set-not-null") into.notNull.push(`${statement.table}.${statement.column}`);
  }
}
