import type { JsonUse } from "../types/json-columns.ts";
import type { PyCall, PyExpression, PyStatement, PyString } from "../types/python.ts";

/** What is known where an expression stands. */
interface Scope {
  /** Variables that hold rows of a class. */
  rows: Map<string, string>;
  /** `row.column` and `Model.column` that cannot be NULL here. */
  guarded: Set<string>;
  /** Inside the arguments of a query's filter. */
  filtering: boolean;
  /** Inside a handler's `try`, or an `or_` with something else. */
  tolerated: boolean;
}

const FILTERS = new Set(["filter", "where", "having", "and_", "filter_by", "exclude"]);
const ROWS = /\b(?:query|select|get|scalars?|aggregate)\(\s*([A-Z]\w*)\s*[,).]|\b([A-Z]\w*)\.(?:objects|query)\b/;

/** Filters on a key of `X.column`, and keys taken from `row.column`, that no guard stands before. */
export function readUses(body: readonly PyStatement[], text: string): JsonUse[] {
  const uses: JsonUse[] = [];
  const scope: Scope = { rows: new Map(), guarded: new Set(), filtering: false, tolerated: false };
  readBlock(body, scope, uses, text);
  return uses;
}

function readBlock(body: readonly PyStatement[], outer: Scope, uses: JsonUse[], text: string): void {
  const scope: Scope = { ...outer, rows: new Map(outer.rows), guarded: new Set(outer.guarded) };
  for (const statement of body) readStatement(statement, scope, uses, text);
}

function readStatement(statement: PyStatement, scope: Scope, uses: JsonUse[], text: string): void {
  const read = (value: PyExpression | null): void => {
    if (value) readExpression(value, scope, uses, text);
  };
  const block = (body: readonly PyStatement[], more: Partial<Scope> = {}): void =>
    readBlock(body, { ...scope, ...more }, uses, text);
  switch (statement.kind) {
    case "function": {
      const rows = new Map(scope.rows);
      for (const { name, annotation } of statement.parameters) {
        const model = annotation ? /\b([A-Z]\w*)\b/.exec(text.slice(annotation.start, annotation.end))?.[1] : undefined;
        if (model !== undefined && model !== "Optional") rows.set(name, model);
      }
      block(statement.body, { rows, guarded: new Set() });
      return;
    }
    case "class":
      block(statement.body, { rows: new Map([["self", statement.name.text]]) });
      return;
    case "assign":
    case "annotated": {
      read(statement.value);
      const target = statement.kind === "assign" ? statement.targets[0] : statement.target;
      if (target?.kind === "name" && statement.value) bindRow(target.id, statement.value, scope, text);
      return;
    }
    case "if": {
      read(statement.test);
      const holds = truths(statement.test);
      block(statement.body, { guarded: new Set([...scope.guarded, ...holds]) });
      block(statement.orElse, { guarded: new Set([...scope.guarded, ...falsities(statement.test)]) });
      // `if not row.column: return` guards what follows.
      if (leaves(statement.body)) for (const one of falsities(statement.test)) scope.guarded.add(one);
      return;
    }
    case "for":
      read(statement.iterable);
      if (statement.target.kind === "name") bindRow(statement.target.id, statement.iterable, scope, text);
      block(statement.body);
      block(statement.orElse);
      return;
    case "while":
      read(statement.test);
      block(statement.body, { guarded: new Set([...scope.guarded, ...truths(statement.test)]) });
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
      for (const one of truths(statement.test)) scope.guarded.add(one);
      return;
    default:
  }
}

const leaves = (body: readonly PyStatement[]): boolean =>
  ["return", "raise", "continue", "break"].includes(body.at(-1)?.kind ?? "");

function bindRow(name: string, value: PyExpression, scope: Scope, text: string): void {
  const source = text.slice(value.start, Math.min(value.end, value.start + 2000));
  const match = ROWS.exec(source);
  const holder = holderOf(value);
  const model = match?.[1] ?? match?.[2] ?? (holder === null ? undefined : scope.rows.get(holder));
  if (model !== undefined) scope.rows.set(name, model);
  else scope.rows.delete(name);
}

/** Methods of a query or its result that give its rows. */
const GIVES_ROWS = /^(?:all|first|one|one_or_none|scalars?|scalar_one|scalar_one_or_none|unique|fetchall|fetchone)$/;

/** The variable whose rows a value holds: itself, or what `result.scalars().all()` starts from. */
function holderOf(value: PyExpression): string | null {
  if (value.kind === "name") return value.id;
  if (value.kind === "await") return holderOf(value.value);
  if (value.kind !== "call" || value.callee.kind !== "attribute" || !GIVES_ROWS.test(value.callee.name.text))
    return null;
  return holderOf(value.callee.object);
}

/** `a.b` of a name and an attribute. */
const pathOf = (value: PyExpression): string | null =>
  value.kind === "attribute" && value.object.kind === "name" ? `${value.object.id}.${value.name.text}` : null;

/** Paths that are not None where the test holds. */
function truths(test: PyExpression): string[] {
  if (test.kind === "boolean" && test.operator === "and") return [test.left, test.right].flatMap(truths);
  if (test.kind === "named") return truths(test.value);
  if (test.kind === "unary" && test.operator === "not") return falsities(test.value);
  if (test.kind === "comparison" && /^(?:is not|!=)$/.test(test.operators[0] ?? "")) return pathsIn(test);
  if (test.kind === "comparison" && test.operators[0] === "in") return pathsIn(test);
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.id === "isinstance") return pathsIn(test);
  const path = pathOf(test);
  return path === null ? [] : [path];
}

/** Paths that are not None where the test fails. */
function falsities(test: PyExpression): string[] {
  if (test.kind === "unary" && test.operator === "not") return truths(test.value);
  if (test.kind === "boolean" && test.operator === "or") return [test.left, test.right].flatMap(falsities);
  if (test.kind === "comparison" && /^(?:is|==)$/.test(test.operators[0] ?? "")) return pathsIn(test);
  return [];
}

const pathsIn = (value: PyExpression): string[] => {
  const path = pathOf(value);
  return path === null ? partsOf(value).flatMap(pathsIn) : [path];
};

function readExpression(value: PyExpression, scope: Scope, uses: JsonUse[], text: string): void {
  if (value.kind === "string" && value.value.includes("->>") && !scope.tolerated) uses.push(...sqlUses(value));
  if (value.kind === "call" && !scope.tolerated) uses.push(...djangoUses(value, text));
  const found = useOf(value, scope);
  if (found && !scope.tolerated && !scope.guarded.has(found.path)) uses.push(found.use);
  const into = (one: PyExpression, more: Partial<Scope> = {}): void =>
    readExpression(one, { ...scope, ...more }, uses, text);
  const also = (paths: readonly string[]): Set<string> => new Set([...scope.guarded, ...paths]);
  if (value.kind === "boolean") {
    into(value.left);
    into(value.right, { guarded: also(value.operator === "and" ? truths(value.left) : falsities(value.left)) });
  } else if (value.kind === "conditional") {
    into(value.test);
    into(value.body, { guarded: also(truths(value.test)) });
    into(value.orElse, { guarded: also(falsities(value.test)) });
  } else if (value.kind === "comprehension") {
    const guarded = also(value.clauses.flatMap((clause) => clause.conditions.flatMap(truths)));
    const rows = new Map(scope.rows);
    for (const { target, iterable } of value.clauses) {
      if (target.kind === "name") bindRow(target.id, iterable, { ...scope, rows }, text);
    }
    for (const part of partsOf(value)) into(part, { guarded, rows });
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
    call.callee.kind === "attribute" ? call.callee.name.text : call.callee.kind === "name" ? call.callee.id : "";
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

/** `X.column` that the filters say is there: `isnot(None)`, `is_not(None)`, `!= None`, `jsonb_typeof(X.column)`. */
function guardsIn(call: PyCall, text: string): string[] {
  const source = text.slice(call.start, Math.min(call.end, call.start + 20_000));
  const pattern =
    /\b(\w+\.\w+)(?:\.is_?not\(\s*(?:None|sa\.null\(\)|null\(\))|\s*!=\s*None)|(?:jsonb_typeof|json_typeof)\(\s*(\w+\.\w+)|\b(\w+\.\w+)\.has_key\(/g;
  return [...source.matchAll(pattern)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
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

const LOOKUPS = /^(?:isnull|exact|contains|contained_by|has_key|has_keys|has_any_keys|in|iexact)$/;

/** `Model.objects.filter(column__key=…)` without `column__isnull=False` in the chain. */
function djangoUses(call: PyCall, text: string): JsonUse[] {
  if (call.callee.kind !== "attribute" || !/^(?:filter|get|exclude)$/.test(call.callee.name.text)) return [];
  let holder: PyExpression = call.callee.object;
  for (let steps = 0; steps < 20; steps++) {
    if (holder.kind === "call") holder = holder.callee;
    else if (holder.kind === "attribute" && holder.name.text !== "objects") holder = holder.object;
    else break;
  }
  if (holder.kind !== "attribute" || holder.object.kind !== "name") return [];
  const model = holder.object.id;
  const chain = text.slice(call.start, Math.min(call.end, call.start + 20_000));
  return call.keywords.flatMap((one): JsonUse[] => {
    const [column = "", lookup] = (one.name ?? "").split("__");
    if (lookup === undefined || LOOKUPS.test(lookup) || chain.includes(`${column}__isnull`)) return [];
    return [{ kind: "filter", model, column, tables: [], start: one.start, end: one.end }];
  });
}

/** The expressions directly inside one. */
function partsOf(value: PyExpression): PyExpression[] {
  switch (value.kind) {
    case "call":
      return [value.callee, ...value.arguments, ...value.keywords.map((one) => one.value)];
    case "attribute":
      return [value.object];
    case "subscript":
      return [value.object, ...value.indexes];
    case "slice":
    case "unknown":
      return value.parts;
    case "await":
    case "starred":
    case "unary":
    case "named":
      return [value.value];
    case "yield":
      return value.value ? [value.value] : [];
    case "binary":
    case "boolean":
      return [value.left, value.right];
    case "comparison":
      return value.operands;
    case "conditional":
      return [value.test, value.body, value.orElse];
    case "lambda":
      return [value.body];
    case "list":
    case "tuple":
    case "set":
      return value.items;
    case "dict":
      return value.entries.flatMap((one) => (one.key ? [one.key, one.value] : [one.value]));
    case "comprehension":
      return [
        value.element,
        ...(value.value ? [value.value] : []),
        ...value.clauses.flatMap((clause) => [clause.iterable, ...clause.conditions]),
      ];
    case "format":
      return value.parts.filter((part): part is PyExpression => typeof part !== "string");
    default:
      return [];
  }
}
