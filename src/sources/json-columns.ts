import type { JsonColumn, JsonColumns } from "../types/json-columns.ts";
import type { PyCall, PyClass, PyExpression, PyStatement } from "../types/python.ts";
import { parsePython } from "./python.ts";

/** What a file must hold somewhere to be worth a parse. */
const DECLARES = /\bJSONB?\b|JSONField/;

/** JSON columns that a file declares. Never throws. */
export function readJsonColumns(text: string): JsonColumns {
  if (!DECLARES.test(text)) return { columns: [], lineStarts: [0] };
  const file = parsePython(text);
  return {
    columns: file.body.flatMap((one) => (one.kind === "class" ? columnsOf(one) : [])),
    lineStarts: file.lineStarts,
  };
}

export const lastName = (one: PyExpression): string =>
  one.kind === "attribute" ? one.name.text : one.kind === "name" ? one.name : "";

function columnsOf(declared: PyClass): JsonColumn[] {
  const columns: JsonColumn[] = [];
  let table = "";
  for (const statement of declared.body) {
    const [target, value, annotation] = assignmentOf(statement);
    if (target === null || !value) continue;
    if (target === "__tablename__" && value.kind === "string") table = value.value.toLowerCase();
    if (value.kind !== "call") continue;
    const column = columnOf(value, annotation);
    if (column)
      columns.push({ model: declared.name.text, column: target, table, ...column, stored: column.stored ?? target });
  }
  return columns.map((one) => ({ ...one, table }));
}

function assignmentOf(statement: PyStatement): [string | null, PyExpression | null, PyExpression | null] {
  if (statement.kind === "assign" && statement.targets[0]?.kind === "name") {
    return [statement.targets[0].name, statement.value, null];
  }
  if (statement.kind === "annotated" && statement.target.kind === "name") {
    return [statement.target.name, statement.value, statement.annotation];
  }
  return [null, null, null];
}

type Column = Pick<JsonColumn, "mayBeNull" | "hasDefault" | "start" | "end"> & { stored: string | null };

function columnOf(call: PyCall, annotation: PyExpression | null): Column | null {
  const keyword = (name: string): PyExpression | undefined => call.keywords.find((one) => one.name === name)?.value;
  const isConstant = (value: PyExpression | undefined, wanted: boolean): boolean =>
    value?.kind === "constant" && value.value === wanted;
  const place = { start: call.start, end: call.end };
  const defaults = ["default", "server_default", "default_factory", "insert_default", "db_default"];
  const hasDefault = defaults.some((name) => {
    const value = keyword(name);
    return value !== undefined && !(value.kind === "constant" && value.value === null);
  });
  const callee = lastName(call.callee);
  if (callee === "JSONField") {
    return { mayBeNull: isConstant(keyword("null"), true), hasDefault, stored: null, ...place };
  }
  if (callee === "Field") {
    const inner = keyword("sa_column");
    return inner?.kind === "call" ? columnOf(inner, null) : null;
  }
  if (callee !== "Column" && callee !== "mapped_column") return null;
  if (!call.arguments.some(isJsonType) && !(keyword("type_") && isJsonType(keyword("type_")!))) return null;
  const nullable = keyword("nullable");
  const optional = annotation === null ? null : mentionsNone(annotation);
  const mayBeNull = nullable ? !isConstant(nullable, false) : optional !== false;
  const stored = call.arguments[0]?.kind === "string" ? call.arguments[0].value : null;
  return { mayBeNull, hasDefault, stored, ...place };
}

/** `JSON`, `sa.JSON(…)`, `postgresql.JSONB`, `MutableDict.as_mutable(JSONB)`. */
function isJsonType(value: PyExpression): boolean {
  if (value.kind === "call") return isJsonType(value.callee) || value.arguments.some(isJsonType);
  return /^JSONB?$/.test(lastName(value));
}

/** `Mapped[dict | None]`, `Mapped[Optional[dict]]`; an annotation that says neither means NOT NULL. */
function mentionsNone(annotation: PyExpression): boolean {
  if (annotation.kind === "constant") return annotation.value === null;
  if (annotation.kind === "string") return /\bNone\b|\bOptional\b/.test(annotation.value);
  if (annotation.kind === "subscript") {
    return lastName(annotation.object) === "Optional" || annotation.indexes.some(mentionsNone);
  }
  return annotation.kind === "binary" && (mentionsNone(annotation.left) || mentionsNone(annotation.right));
}
