import type { Report } from "../../types/finding.ts";
import type { MigrationFile, MigrationGraph, SchemaStatement } from "../../types/migrations.ts";
import type { Check } from "../../types/rule.ts";
import { ancestorsOf } from "./chain.ts";

export const unsafeStatement: Check<"pendingMigrations", "migrations/unsafe-statement"> = {
  needs: ["pendingMigrations"],
  *run({ pendingMigrations }) {
    for (const directory of pendingMigrations.withoutSql) {
      yield {
        undecided: `migrations.sql-directories of predeploy.yml names ${directory}, which holds no SQL file.`,
        remedy: "Name the directory as it is called in the repository, or take it out.",
      };
    }
    for (const { graph, files } of pendingMigrations.graphs) {
      const statements = files.flatMap((file) => file.statements);
      const created = new Set(statements.filter((one) => one.kind === "create-table").map((one) => one.table));
      const emptied = new Set(statements.filter((one) => one.kind === "empty-table").map((one) => one.table));
      const born = new Set(statements.filter((one) => /^add-(?:table|column)$/.test(one.kind)).map(nameOf));
      const declared = new Map(
        pendingMigrations.stillNamed.filter((one) => one.graph === graph).map(({ name, at }) => [name, at]),
      );
      for (const file of files)
        if (graph.tool !== "django" || !isSquashed(file))
          yield* judge(file, { graph, created, emptied, born, declared });
    }
  },
};

/** A summary of migrations that have run where there are rows; by what it replaces, or by the name that Django gives it. */
function isSquashed({ path, replaces }: MigrationFile): boolean {
  return replaces.length > 0 || /_squashed(?:_|\.py$)/.test(path);
}

/** `table` or `table.column`. */
const nameOf = ({ table, column }: SchemaStatement): string => (column === null ? table : `${table}.${column}`);

interface Situation {
  graph: MigrationGraph;
  /** Tables that the same deploy creates. */
  created: ReadonlySet<string>;
  /** Tables that the same deploy takes all rows out of. */
  emptied: ReadonlySet<string>;
  /** Tables and columns that get their name in the same deploy, so that nothing which runs knows them. */
  born: ReadonlySet<string>;
  /** What the code still declares of what is dropped or renamed, by `table` or `table.column`. */
  declared: ReadonlyMap<string, Report["at"]>;
}

interface Judgement {
  severity: Report["severity"];
  /** What breaks, and what to do instead; follows the statement's name. */
  text: string;
}

function* judge(file: MigrationFile, situation: Situation): Iterable<Report> {
  for (const statement of file.statements) {
    const judgement = judgementOf(statement, file, situation);
    if (!judgement) continue;
    const name = nameOf(statement);
    const still = situation.declared.get(name);
    yield {
      cause: `${file.path} ${statement.kind}`,
      message: `${NAMES[statement.kind] ?? statement.kind} ${name || "a table that is not named here"}: ${judgement.text}`,
      subject: `${statement.table} ${statement.kind}${statement.column === null ? "" : ` ${statement.column}`}`,
      at: rangeOf(file, statement),
      severity: judgement.severity,
      related:
        still && judgement.severity === "error" && /^(?:drop|rename)/.test(statement.kind)
          ? [{ ...still, message: "still declared here" }]
          : undefined,
    };
  }
}

const NAMES: Partial<Record<SchemaStatement["kind"], string>> = {
  "create-index": "An index on",
  "add-column-not-null": "A new column NOT NULL without default,",
  "volatile-default": "A new column with a default that is computed for each row,",
  "set-not-null": "NOT NULL on",
  "add-check": "A new check on",
  "add-foreign-key": "A new foreign key of",
  "alter-type": "A new type of",
  "drop-column": "Dropping",
  "drop-table": "Dropping",
  "rename-column": "Renaming",
  "rename-table": "Renaming",
};

function judgementOf(
  statement: SchemaStatement,
  file: MigrationFile,
  { graph, created, emptied, born, declared }: Situation,
): Judgement | null {
  const { kind, table } = statement;
  if (kind === "create-index" && statement.concurrently) {
    if (statement.outside || !inTransaction(file, graph)) return null;
    const text =
      "CONCURRENTLY cannot run inside a transaction, and this migration runs in one: it always fails. Leave the transaction (autocommit_block, atomic = False, disable_ddl_transaction!).";
    return { severity: "error", text };
  }
  // A table that the same deploy creates is empty: nothing on it is slow, and nothing reads it yet.
  if (created.has(table) || table === "") return null;
  // Without rows nothing fails and nothing takes long, but code that names what is dropped still fails.
  if (emptied.has(table) && !/^(?:drop|rename)-/.test(kind)) return null;
  const warning = (text: string): Judgement | null =>
    graph.database === "postgresql" ? { severity: "warning", text } : null;
  switch (kind) {
    case "create-index":
      return warning("writes to the table wait until it is built. Create it CONCURRENTLY, outside a transaction.");
    case "add-column-not-null":
      // MySQL fills the rows that are there with the type's own default ('' or 0), ClickHouse with the same.
      if (graph.database === "mysql" || graph.database === "clickhouse") return null;
      return {
        severity: "error",
        text: "it fails on the first row that is there. Add it nullable, fill it, then set NOT NULL; or give it a constant default.",
      };
    case "volatile-default":
      return warning(
        "the whole table is rewritten under a lock. Add the column without default, then fill it in steps.",
      );
    case "set-not-null":
      return filledBefore(file, statement)
        ? null
        : warning(
            "it fails where a row holds NULL, and scans the table under a lock. Fill the column first, add CHECK … NOT VALID, validate it, then set NOT NULL.",
          );
    case "add-check":
    case "add-foreign-key":
      return statement.notValid
        ? null
        : warning(
            "the table is scanned under a lock, and old rows that break the rule stop the deploy. Add it NOT VALID, and validate it in a later migration.",
          );
    case "alter-type":
      return warning("most changes of type rewrite the table under a lock. Add a new column and fill it in steps.");
    case "drop-column":
    case "drop-table":
    case "rename-column":
    case "rename-table": {
      const name = nameOf(statement);
      if (comesBack(statement, file, graph)) {
        return {
          severity: "note",
          text: "a new one of the same name is added afterwards. What rows hold is lost unless it was copied, and code that still runs while deploying meets the new one. Expand, deploy, then contract.",
        };
      }
      if (declared.has(name)) {
        return {
          severity: "error",
          text: "the code of this tree still declares it, so every query of it fails after the migration. Take it out of the code in an earlier deploy.",
        };
      }
      if (born.has(name)) return null;
      return {
        severity: "note",
        text: "code that still runs while deploying may read it. Expand, deploy, then contract.",
      };
    }
    default:
      return null;
  }
}

/** Whether a later statement adds the dropped name again, so that what the code declares is the new one. */
function comesBack(dropped: SchemaStatement, file: MigrationFile, graph: MigrationGraph): boolean {
  const { table, column, start } = dropped;
  const adds = (one: SchemaStatement): boolean =>
    one.table === table &&
    one.column === column &&
    (one.kind === (column === null ? "add-table" : "add-column") || (column === null && one.kind === "create-table"));
  return graph.files.some((other) => {
    if (other === file) {
      // Statements of one string start at the same place, in their order.
      const at = other.statements.indexOf(dropped);
      return other.statements.some((one, index) => (one.start === start ? index > at : one.start > start) && adds(one));
    }
    return other.statements.some(adds) && runsAfter(other, file, graph);
  });
}

function runsAfter(other: MigrationFile, file: MigrationFile, graph: MigrationGraph): boolean {
  if (graph.tool === "alembic" || graph.tool === "django") return ancestorsOf(graph, other).has(file);
  return graph.files.indexOf(other) > graph.files.indexOf(file);
}

/** Whether the tool wraps the file in a transaction. */
function inTransaction(file: MigrationFile, graph: MigrationGraph): boolean {
  // Flyway leaves it by itself; Prisma and plain SQL only open what the script opens.
  if (graph.tool === "flyway" || graph.tool === "prisma") return false;
  return file.transaction;
}

function filledBefore(file: MigrationFile, statement: SchemaStatement): boolean {
  return file.statements.some(
    (one) =>
      one.start < statement.start &&
      ((one.kind === "update" &&
        (one.table === "" || one.table === statement.table) &&
        (statement.column === null || (one.sets?.includes(statement.column) ?? true))) ||
        (one.kind === "validate" && one.table === statement.table)),
  );
}

function rangeOf({ path, lineStarts }: MigrationFile, { start, end }: SchemaStatement): Report["at"] {
  const position = (offset: number) => {
    let line = lineStarts.findIndex((first) => first > offset);
    line = line === -1 ? lineStarts.length : line;
    return { line, column: offset - (lineStarts[line - 1] ?? 0) + 1 };
  };
  return { path, start: position(start), end: position(end) };
}
