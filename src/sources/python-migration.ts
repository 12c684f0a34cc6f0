import type { DjangoMigration, HeaderAssignment, HeaderValue, PythonMigration } from "../types/migrations.ts";
import type { PyClass, PyExpression, PyStatement } from "../types/python.ts";
import { alembicStatements } from "./alembic-operations.ts";
import { djangoStatements } from "./django-operations.ts";
import { parsePython } from "./python.ts";
import { scanPythonImports } from "./python-imports.ts";
import { makeListReader, type ReadList } from "./python-lists.ts";

/**
 * Reads a Python file as a migration of Alembic or Django. Never throws for text.
 * @throws when `preparePython` was not awaited before
 */
export function readPythonMigration(text: string): PythonMigration {
  const file = parsePython(text);
  const assigned = new Map<string, HeaderAssignment>();
  const imported: PythonMigration["imported"] = Object.create(null);
  readModule(file.body, assigned, imported, false);
  const migration = file.body.find(isDjangoMigration);
  const attributes = migration ? attributesOf(migration) : new Map<string, PyExpression>();
  const readList = makeListReader(file.body);
  const listed = (name: string): ReadList => {
    const value = attributes.get(name);
    return value ? readList(value) : { items: [], complete: true };
  };
  const django = migration ? djangoOf(migration, attributes.get("dependencies"), listed) : null;
  const atomic = attributes.get("atomic");
  const read = django ? djangoStatements(listed("operations").items) : alembicStatements(file, text);
  return {
    assigned: Object.fromEntries(assigned),
    imported: { ...imported },
    django,
    statements: read.statements,
    notNull: read.notNull,
    transaction: !(atomic?.kind === "constant" && atomic.value === false),
    postgresql: /postgresql_|dialects\.postgresql|dialects import postgresql|contrib\.postgres/.test(text),
    imports: scanPythonImports(text)
      .imports.filter((one) => one.guard === null && !one.typeOnly && one.kind !== "dynamic")
      .filter((one) => one.scope === null || one.scope === "upgrade")
      .flatMap((one) => {
        const modules = one.kind === "import" ? one.names.map((name) => name.name) : [one.module];
        const start = { line: one.line, column: one.column };
        return modules.map((module) => ({
          level: one.level,
          module,
          start,
          end: { ...start, column: start.column + 1 },
        }));
      }),
    damaged: file.damaged.length > 0 || file.truncated !== null,
    lineStarts: file.lineStarts,
  };
}

/** Module-level names. What a branch, loop or handler assigns is unknown: it depends on the run. */
function readModule(
  body: readonly PyStatement[],
  assigned: Map<string, HeaderAssignment>,
  imported: PythonMigration["imported"],
  conditional: boolean,
): void {
  const set = (target: PyExpression, value: PyExpression): void => {
    if (target.kind !== "name") return;
    const read: HeaderValue = conditional ? { kind: "unknown" } : headerValue(value, assigned);
    assigned.set(target.name, { value: read, start: value.start, end: value.end });
  };
  for (const statement of body) {
    if (statement.kind === "assign") for (const target of statement.targets) set(target, statement.value);
    else if (statement.kind === "annotated" && statement.value) set(statement.target, statement.value);
    else if (statement.kind === "from") {
      for (const one of statement.names) {
        imported[one.alias ?? one.name] = { level: statement.level, module: statement.module, name: one.name };
      }
    } else if (statement.kind === "if" || statement.kind === "for" || statement.kind === "while") {
      readModule([...statement.body, ...statement.orElse], assigned, imported, true);
    } else if (statement.kind === "try") {
      const parts = [
        statement.body,
        ...statement.handlers.map((one) => one.body),
        statement.orElse,
        statement.finalBody,
      ];
      for (const part of parts) readModule(part, assigned, imported, true);
    } else if (statement.kind === "with") readModule(statement.body, assigned, imported, conditional);
  }
}

function headerValue(value: PyExpression, assigned: ReadonlyMap<string, HeaderAssignment>): HeaderValue {
  if (value.kind === "string" && !value.bytes) return { kind: "literal", value: value.value };
  if (value.kind === "constant" && value.value === null) return { kind: "literal", value: null };
  if (value.kind === "name") return assigned.get(value.name)?.value ?? { kind: "name", name: value.name };
  if (value.kind === "tuple" || value.kind === "list" || value.kind === "set") {
    const items = value.items.map((item) => headerValue(item, assigned));
    const literals = items.flatMap((item) =>
      item.kind === "literal" && !Array.isArray(item.value) ? [item.value] : [],
    );
    return literals.length === items.length ? { kind: "literal", value: literals } : { kind: "unknown" };
  }
  return { kind: "unknown" };
}

const isDjangoMigration = (statement: PyStatement): statement is PyClass =>
  statement.kind === "class" &&
  statement.name.text === "Migration" &&
  // A base class of one's own is named for what it is: `CheckedMigration`.
  statement.bases.some((base) => lastName(base).endsWith("Migration"));

function lastName(expression: PyExpression): string {
  if (expression.kind === "name") return expression.name;
  return expression.kind === "attribute" ? expression.name.text : "";
}

function attributesOf(migration: PyClass): Map<string, PyExpression> {
  const attributes = new Map<string, PyExpression>();
  for (const statement of migration.body) {
    if (statement.kind === "assign") {
      for (const target of statement.targets) if (target.kind === "name") attributes.set(target.name, statement.value);
    } else if (statement.kind === "annotated" && statement.target.kind === "name" && statement.value) {
      attributes.set(statement.target.name, statement.value);
    }
  }
  return attributes;
}

function djangoOf(
  migration: PyClass,
  value: PyExpression | undefined,
  listed: (name: string) => ReadList,
): DjangoMigration {
  const pairs = ({ items }: ReadList): DjangoMigration["dependencies"] =>
    items.flatMap((item) => {
      if (item.kind !== "tuple" && item.kind !== "list") return [];
      const [app, name] = item.items;
      if (app?.kind !== "string" || name?.kind !== "string") return [];
      return [{ app: app.value, name: name.value, start: item.start, end: item.end }];
    });
  const dependencies = listed("dependencies");
  return {
    dependencies: pairs(dependencies),
    complete: dependencies.complete,
    replaces: pairs(listed("replaces")).map(({ app, name }) => ({ app, name })),
    runBefore: pairs(listed("run_before")).map(({ app, name }) => ({ app, name })),
    start: value?.start ?? migration.name.start,
    end: value?.end ?? migration.name.end,
  };
}
