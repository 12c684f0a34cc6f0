import type { JsonUse, JsonUses } from "../types/json-columns.ts";
import type { PyCall, PyExpression, PyStatement, PyString } from "../types/python.ts";
import { falsities, guardsIn, pathOf, truths } from "./json-guards.ts";
import { columnsRead, filledColumns, isWholeColumnLookup } from "./json-narrowing.ts";
import { parsePython } from "./python.ts";
import { partsOf } from "./python-parts.ts";

/** What is known where an expression stands. */
interface Scope {
  /** Variables that hold rows of a class. */
  rows: Map<string, string>;
  /** `row.column` and `Model.column` that cannot be NULL here. */
  guarded: Set<string>;
  /** Variables, with the `row.column` or `Model.column` that they are NULL with. */
  aliases: Map<string, readonly string[]>;
  /** Inside the arguments of a query's filter. */
  filtering: boolean;
  /** Inside a handler's `try`, or an `or_` with something else. */
  tolerated: boolean;
}

const FILTERS = new Set(["filter", "where", "having", "and_", "filter_by", "exclude"]);
const ROWS = /\b(?:query|select|get|scalars?|aggregate)\(\s*([A-Z]\w*)\s*[,).]|\b([A-Z]\w*)\.(?:objects|query)\b/;

/** Filters on a key of `X.column`, and keys taken from `row.column`, that no guard stands before. Never throws. */
export function readJsonUses(text: string): JsonUses {
  const { body, lineStarts } = parsePython(text);
  const uses: JsonUse[] = [];
  const scope: Scope = { rows: new Map(), guarded: new Set(), aliases: new Map(), filtering: false, tolerated: false };
  readBlock(body, scope, uses, text);
  return { uses, lineStarts };
}

function readBlock(body: readonly PyStatement[], outer: Scope, uses: JsonUse[], text: string): void {
  const scope: Scope = {
    ...outer,
    rows: new Map(outer.rows),
    guarded: new Set(outer.guarded),
    aliases: new Map(outer.aliases),
  };
  for (const statement of body) readStatement(statement, scope, uses, text);
}

function readStatement(statement: PyStatement, scope: Scope, uses: JsonUse[], text: string): void {
  const read = (value: PyExpression | null): void => {
    if (value) readExpression(value, scope, uses, text);
  };
  const block = (body: readonly PyStatement[], more: Partial<Scope> = {}): void =>
    readBlock(body, { ...scope, ...more }, uses, text);
  const also = (paths: readonly string[]): Set<string> => widened(scope, paths);
  switch (statement.kind) {
    case "function": {
      const rows = new Map(scope.rows);
      for (const { name, annotation } of statement.parameters) {
        const model = annotation ? /\b([A-Z]\w*)\b/.exec(text.slice(annotation.start, annotation.end))?.[1] : undefined;
        if (model !== undefined && model !== "Optional") rows.set(name, model);
      }
      block(statement.body, { rows, guarded: new Set(), aliases: new Map() });
      return;
    }
    case "class":
      block(statement.body, { rows: new Map([["self", statement.name.text]]) });
      return;
    case "assign":
    case "annotated": {
      read(statement.value);
      const target = statement.kind === "assign" ? statement.targets[0] : statement.target;
      if (target?.kind === "name" && statement.value) bindRow(target.name, statement.value, scope, text);
      return;
    }
    case "if": {
      read(statement.test);
      block(statement.body, { guarded: also(truths(statement.test)) });
      block(statement.orElse, { guarded: also(falsities(statement.test)) });
      // `if not row.column: return` guards what follows.
      if (leaves(statement.body)) scope.guarded = also(falsities(statement.test));
      return;
    }
    case "for":
      read(statement.iterable);
      if (statement.target.kind === "name") bindRow(statement.target.name, statement.iterable, scope, text);
      block(statement.body);
      block(statement.orElse);
      return;
    case "while":
      read(statement.test);
      block(statement.body, { guarded: also(truths(statement.test)) });
      return;
    case "try":
      block(statement.body, { tolerated: scope.tolerated || statement.handlers.length > 0 });
      for (const handler of statement.handlers) block(handler.body);
      block(statement.orElse);
      block(statement.finalBody);
      return;
    case "with":
      for (const item of statement.items) read(item.value);
      block(statement.body);
      return;
    case "match":
      read(statement.subject);
      for (const one of statement.cases) block(one.body);
      return;
    case "return":
    case "expression":
    case "augmented":
      read(statement.value);
      return;
    case "assert":
      read(statement.test);
      scope.guarded = also(truths(statement.test));
      return;
    default:
  }
}

const leaves = (body: readonly PyStatement[]): boolean =>
  ["return", "raise", "continue", "break"].includes(body.at(-1)?.kind ?? "");

/** What is guarded once `paths` are known to be there, variables followed to the columns that they stand for. */
const widened = (scope: Scope, paths: readonly string[]): Set<string> =>
  new Set([...scope.guarded, ...paths.flatMap((one) => scope.aliases.get(one) ?? one)]);

function bindRow(name: string, value: PyExpression, scope: Scope, text: string): void {
  const source = text.slice(value.start, Math.min(value.end, value.start + 2000));
  const match = ROWS.exec(source);
  const holder = holderOf(value);
  const model = match?.[1] ?? match?.[2] ?? (holder === null ? undefined : scope.rows.get(holder));
  for (const path of scope.guarded) if (path.startsWith(`${name}.`)) scope.guarded.delete(path);
  if (model !== undefined) {
    scope.rows.set(name, model);
    // Rows that a filter on the column has found hold something there.
    const filled =
      match || holder === null
        ? filledColumns(value, model, scope.aliases)
        : [...scope.guarded].flatMap((path) => (path.startsWith(`${holder}.`) ? path.slice(holder.length + 1) : []));
    for (const column of filled) scope.guarded.add(`${name}.${column}`);
  } else scope.rows.delete(name);
  const read = columnsRead(value);
  if (read.length > 0) scope.aliases.set(name, read);
  else scope.aliases.delete(name);
}

/** Methods of a query or its result that give its rows. */
const GIVES_ROWS = /^(?:all|first|one|one_or_none|scalars?|scalar_one|scalar_one_or_none|unique|fetchall|fetchone)$/;

/** The variable whose rows a value holds: itself, or what `result.scalars().all()` starts from. */
function holderOf(value: PyExpression): string | null {
  if (value.kind === "name") return value.name;
  if (value.kind === "await") return holderOf(value.value);
  if (value.kind !== "call" || value.callee.kind !== "attribute" || !GIVES_ROWS.test(value.callee.name.text))
    return null;
  return holderOf(value.callee.object);
}

function readExpression(value: PyExpression, scope: Scope, uses: JsonUse[], text: string): void {
  if (value.kind === "string" && value.value.includes("->>") && !scope.tolerated) uses.push(...sqlUses(value));
  if (value.kind === "call" && !scope.tolerated) uses.push(...djangoUses(value, text));
  const found = useOf(value, scope);
  if (found && !scope.tolerated && !scope.guarded.has(found.path)) uses.push(found.use);
  const into = (one: PyExpression, more: Partial<Scope> = {}): void =>
    readExpression(one, { ...scope, ...more }, uses, text);
  const also = (paths: readonly string[]): Set<string> => widened(scope, paths);
  if (value.kind === "boolean") {
    into(value.left);
    into(value.right, { guarded: also(value.operator === "and" ? truths(value.left) : falsities(value.left)) });
  } else if (value.kind === "conditional") {
    into(value.test);
    into(value.body, { guarded: also(truths(value.test)) });
    into(value.orElse, { guarded: also(falsities(value.test)) });
  } else if (value.kind === "comprehension") {
    const inner = { ...scope, rows: new Map(scope.rows), guarded: also([]), aliases: new Map(scope.aliases) };
    for (const { target, iterable } of value.clauses) {
      if (target.kind === "name") bindRow(target.name, iterable, inner, text);
    }
    const guarded = widened(
      inner,
      value.clauses.flatMap((clause) => clause.conditions.flatMap(truths)),
    );
    for (const part of partsOf(value)) into(part, { ...inner, guarded });
  } else if (value.kind === "call") readCall(value, scope, into, also, text);
  else for (const part of partsOf(value)) into(part);
}

function readCall(
  call: PyCall,
  scope: Scope,
  into: (one: PyExpression, more?: Partial<Scope>) => void,
  also: (paths: readonly string[]) => Set<string>,
  text: string,
): void {
  const name =
    call.callee.kind === "attribute" ? call.callee.name.text : call.callee.kind === "name" ? call.callee.name : "";
  // A chain of filters is one conjunction: a guard in any of them counts for all.
  const guards = FILTERS.has(name) ? guardsIn(call, text) : [];
  const guarded = also(guards);
  into(call.callee, { guarded });
  const filtering = scope.filtering || FILTERS.has(name);
  const parts = [...call.arguments, ...call.keywords.map((one) => one.value)];
  // `or_(a, b)`: a row that one branch misses may still be found by the other.
  const tolerated = scope.tolerated || (name === "or_" && call.arguments.length > 1) || name === "coalesce";
  for (const part of parts) into(part, { filtering: filtering || name === "or_", tolerated, guarded });
}

function useOf(value: PyExpression, scope: Scope): { path: string; use: JsonUse } | null {
  const make = (kind: JsonUse["kind"], path: string | null): { path: string; use: JsonUse } | null => {
    if (path === null) return null;
    const [holder = "", column = ""] = path.split(".");
    const model = kind === "filter" ? holder : scope.rows.get(holder);
    if (model === undefined || (kind === "filter" && !/^[A-Z]/.test(holder))) return null;
    return { path, use: { kind, model, column, tables: [], start: value.start, end: value.end } };
  };
  if (
    scope.filtering &&
    value.kind === "attribute" &&
    value.name.text === "astext" &&
    value.object.kind === "subscript"
  ) {
    return make("filter", pathOf(value.object.object));
  }
  if (value.kind === "call" && value.callee.kind === "attribute") {
    const { name, object } = value.callee;
    if (
      scope.filtering &&
      /^as_(?:string|integer|float|boolean|numeric)$/.test(name.text) &&
      object.kind === "subscript"
    ) {
      return make("filter", pathOf(object.object));
    }
    if (name.text === "get" && value.arguments.length > 0) return make("access", pathOf(object));
  }
  // X.column.op("->>")("key")
  if (
    scope.filtering &&
    value.kind === "call" &&
    value.callee.kind === "call" &&
    value.callee.callee.kind === "attribute"
  ) {
    const [operator] = value.callee.arguments;
    if (value.callee.callee.name.text === "op" && operator?.kind === "string" && operator.value.trim() === "->>") {
      return make("filter", pathOf(value.callee.callee.object));
    }
  }
  if (value.kind === "subscript" && value.indexes[0]?.kind === "string") return make("access", pathOf(value.object));
  return null;
}

/** `WHERE column->>'key'` in raw SQL without `column IS NOT NULL` or COALESCE. */
function sqlUses(value: PyString): JsonUse[] {
  const sql = value.value.slice(0, 20_000);
  const where = sql.search(/\bwhere\b/i);
  if (where === -1) return [];
  const condition = sql.slice(where);
  const tables = [...sql.matchAll(/\b(?:from|join|update)\s+(?:\w+\.)?"?(\w+)/gi)].map((match) =>
    match[1]!.toLowerCase(),
  );
  const uses = new Map<string, JsonUse>();
  for (const [, column = ""] of condition.matchAll(/\b(?:\w+\.)?"?(\w+)"?\s*->>?\s*'/g)) {
    const guard = new RegExp(
      `\\b${column}"?\\s+is\\s+not\\s+null|coalesce\\(\\s*(?:\\w+\\.)?"?${column}\\b|jsonb?_typeof\\(\\s*(?:\\w+\\.)?"?${column}\\b`,
      "i",
    );
    if (guard.test(condition)) continue;
    uses.set(column, { kind: "filter", model: null, column, tables, start: value.start, end: value.end });
  }
  return [...uses.values()];
}

/**
 * `Model.objects.filter(column__key=…)` without `column__isnull=False` or `column__has_key` in the chain. Beside the primary key it is a
 * condition on one row, not a search.
 */
function djangoUses(call: PyCall, text: string): JsonUse[] {
  if (call.callee.kind !== "attribute" || !/^(?:filter|get|exclude)$/.test(call.callee.name.text)) return [];
  let holder: PyExpression = call.callee.object;
  for (let steps = 0; steps < 20; steps++) {
    if (holder.kind === "call") holder = holder.callee;
    else if (holder.kind === "attribute" && holder.name.text !== "objects") holder = holder.object;
    else break;
  }
  if (holder.kind !== "attribute" || holder.object.kind !== "name") return [];
  if (call.keywords.some((one) => one.name === "pk" || one.name === "id")) return [];
  const model = holder.object.name;
  const chain = text.slice(call.start, Math.min(call.end, call.start + 20_000));
  return call.keywords.flatMap((one): JsonUse[] => {
    const [column = "", ...path] = (one.name ?? "").split("__");
    if (path.length === 0 || isWholeColumnLookup(path)) return [];
    // It asks whether the key is there: rows without any are meant.
    if (path.at(-1) === "isnull") return [];
    if (chain.includes(`${column}__isnull`) || chain.includes(`${column}__has_key`)) return [];
    return [{ kind: "filter", model, column, tables: [], start: one.start, end: one.end }];
  });
}
