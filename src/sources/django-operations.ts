import type { SchemaStatement } from "../types/migrations.ts";
import type { PyCall, PyExpression } from "../types/python.ts";
import type { ReadOperations } from "./alembic-operations.ts";
import { readSql } from "./sql.ts";

/** The operations of a Django migration; tables are models in lower case. */
export function djangoStatements(operations: readonly PyExpression[]): ReadOperations {
  const result: ReadOperations = { statements: [], notNull: [] };
  for (const one of operations) read(one, result);
  return result;
}

const lastOf = (callee: PyExpression): string =>
  callee.kind === "attribute" ? callee.name.text : callee.kind === "name" ? callee.name : "";

function read(value: PyExpression, into: ReadOperations): void {
  if (value.kind !== "call") return;
  const keyword = (name: string): PyExpression | undefined => value.keywords.find((one) => one.name === name)?.value;
  const argument = (name: string, at: number): string | null => {
    const found = keyword(name) ?? value.arguments[at];
    return found?.kind === "string" ? found.value.toLowerCase() : null;
  };
  const add = (kind: SchemaStatement["kind"], table: string | null, column: string | null = null, more = {}): void => {
    into.statements.push({ kind, table: table ?? "", column, start: value.start, end: value.end, ...more });
  };
  switch (lastOf(value.callee)) {
    case "CreateModel":
      add("create-table", argument("name", 0));
      break;
    case "AddIndex":
      add("create-index", argument("model_name", 0), null, { concurrently: false });
      break;
    case "AddIndexConcurrently":
    case "RemoveIndexConcurrently":
      add("create-index", argument("model_name", 0), null, { concurrently: true });
      break;
    case "AddConstraint":
      if (isCheck(keyword("constraint") ?? value.arguments[1])) add("add-check", argument("model_name", 0));
      break;
    case "AddConstraintNotValid":
      add("add-check", argument("model_name", 0), null, { notValid: true });
      break;
    case "ValidateConstraint":
      add("validate", argument("model_name", 0));
      break;
    // AddField fills old rows with its default, and asks for one where the field may not be NULL: never a failure by itself.
    case "AddField":
      add("add-column", argument("model_name", 0), argument("name", 1));
      break;
    case "RemoveField":
      add("drop-column", argument("model_name", 0), argument("name", 1));
      break;
    case "RenameField":
      add("rename-column", argument("model_name", 0), argument("old_name", 1));
      add("add-column", argument("model_name", 0), argument("new_name", 2));
      break;
    case "DeleteModel":
      add("drop-table", argument("name", 0));
      break;
    case "RenameModel":
      add("rename-table", argument("old_name", 0));
      add("add-table", argument("new_name", 1));
      break;
    case "RunPython":
      add("update", "");
      break;
    case "RunSQL":
      for (const text of textsOf(keyword("sql") ?? value.arguments[0])) {
        for (const one of readSql(text).statements)
          into.statements.push({ ...one, start: value.start, end: value.end });
      }
      break;
    case "SeparateDatabaseAndState": {
      const list = keyword("database_operations") ?? value.arguments[0];
      if (list?.kind === "list") for (const one of list.items) read(one, into);
      break;
    }
    default:
  }
}

const isCheck = (value: PyExpression | undefined): value is PyCall =>
  value?.kind === "call" && lastOf(value.callee) === "CheckConstraint";

function textsOf(value: PyExpression | undefined): string[] {
  if (value?.kind === "string") return [value.value];
  if (value?.kind !== "list" && value?.kind !== "tuple") return [];
  return value.items.flatMap((one) => (one.kind === "string" ? [one.value] : []));
}
