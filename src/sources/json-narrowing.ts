import type { PyCall, PyExpression } from "../types/python.ts";
import { pathOf } from "./json-guards.ts";
import { partsOf } from "./python-parts.ts";

/** https://docs.djangoproject.com/en/5.2/ref/models/querysets/#field-lookups and those of JSONField. */
const LOOKUPS =
  /^(?:i?exact|i?contains|in|gte?|lte?|i?startswith|i?endswith|range|isnull|i?regex|contained_by|has_keys?|has_any_keys)$/;

/** Whether what follows `column__` in Django is a lookup on the whole column: every other word, and every but the last, is a key. */
export const isWholeColumnLookup = (path: readonly string[]): boolean =>
  path.length === 1 && LOOKUPS.test(path[0] ?? "");

/** Functions whose result may be there although an argument is NULL. */
const TAKES_NULL = /^(?:coalesce|ifnull|isnull|nvl|case|concat|jsonb?_build_\w+|nullif|count)$/;
/** Comparisons that hold for NULL. */
const HOLDS_FOR_NULL = /^(?:is_|is_distinct_from|isnot_distinct_from|is_not_distinct_from)$/;

const nameOf = (call: PyCall): string =>
  call.callee.kind === "attribute" ? call.callee.name.text : call.callee.kind === "name" ? call.callee.name : "";

/**
 * The `row.column` or `Model.column` that a value is NULL with: the column itself, a key of it, an accessor `row.get_column()`, and
 * what a function of SQL makes of a model's column.
 */
export function columnsRead(value: PyExpression): string[] {
  const path = pathOf(value);
  if (path !== null) return [path];
  if (value.kind === "attribute" || value.kind === "subscript") return columnsRead(value.object);
  if (value.kind !== "call" || TAKES_NULL.test(nameOf(value))) return [];
  const ofArguments = value.arguments.flatMap(columnsRead).filter((one) => /^[A-Z]/.test(one));
  if (value.callee.kind === "call") return [...columnsRead(value.callee), ...ofArguments];
  if (value.callee.kind !== "attribute") return ofArguments;
  const { object, name } = value.callee;
  if (object.kind !== "name") return [...columnsRead(object), ...ofArguments];
  return name.text.startsWith("get_") ? [`${object.name}.${name.text.slice(4)}`, ...ofArguments] : ofArguments;
}

/** Columns of the model that hold something in every row that the query finds. */
export function filledColumns(
  query: PyExpression,
  model: string,
  aliases: ReadonlyMap<string, readonly string[]>,
): string[] {
  if (query.kind !== "call") return partsOf(query).flatMap((one) => filledColumns(one, model, aliases));
  if (nameOf(query) === "exclude") return [...filledColumns(query.callee, model, aliases), ...withoutNull(query)];
  if (!/^(?:filter|where|having|filter_by|get|get_or_404|first_or_404)$/.test(nameOf(query)))
    return partsOf(query).flatMap((one) => filledColumns(one, model, aliases));
  const deeper = filledColumns(query.callee, model, aliases);
  const conditions = query.arguments.flatMap((one) => demanded(one, aliases));
  const columns = conditions.flatMap((path) => (path.startsWith(`${model}.`) ? path.slice(model.length + 1) : []));
  return [...deeper, ...columns, ...keywordColumns(query), ...query.arguments.flatMap(ofQ)];
}

const isNone = (value: PyExpression | undefined): boolean => value?.kind === "constant" && value.value === null;

/** `column=…`, `column__key=…`, `column__isnull=False`. */
function keywordColumns(call: PyCall): string[] {
  return call.keywords.flatMap(({ name, value }) => {
    const [column = "", ...path] = (name ?? "").split("__");
    const asksForNull =
      isNone(value) || (path.at(-1) === "isnull" && !(value.kind === "constant" && value.value === false));
    return column === "" || asksForNull ? [] : [column];
  });
}

/** `exclude(column__key__isnull=True)`. */
function withoutNull(call: PyCall): string[] {
  if (call.keywords.length !== 1) return [];
  return call.keywords.flatMap(({ name, value }) => {
    const path = (name ?? "").split("__");
    const isTrue = value.kind === "constant" && value.value === true;
    return path.at(-1) === "isnull" && path.length > 1 && isTrue ? [path[0]!] : [];
  });
}

/** Django's `Q(column__key=…)`, and several joined by `&`. */
function ofQ(value: PyExpression): string[] {
  if (value.kind === "binary" && value.operator === "&") return [value.left, value.right].flatMap(ofQ);
  return value.kind === "call" && nameOf(value) === "Q" ? keywordColumns(value) : [];
}

/** `Model.column` that a condition of SQLAlchemy is never true for where it is NULL. */
function demanded(value: PyExpression, aliases: ReadonlyMap<string, readonly string[]>): string[] {
  const of = (one: PyExpression): readonly string[] =>
    one.kind === "name" ? (aliases.get(one.name) ?? []) : columnsRead(one);
  if (value.kind === "binary" && value.operator === "&")
    return [value.left, value.right].flatMap((one) => demanded(one, aliases));
  if (value.kind === "comparison") {
    const [operator] = value.operators;
    return operator === "==" && value.operands.some(isNone) ? [] : value.operands.flatMap(of);
  }
  if (value.kind !== "call") return [];
  if (nameOf(value) === "and_") return value.arguments.flatMap((one) => demanded(one, aliases));
  if (value.callee.kind !== "attribute" || HOLDS_FOR_NULL.test(nameOf(value))) return [];
  return [...of(value.callee.object)];
}
