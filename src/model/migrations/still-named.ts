import { directoryOf } from "../../text/paths.ts";
import type { MigrationGraph, PendingGraph, StillNamed } from "../../types/migrations.ts";
import type { Location, RepoPath } from "../../types/text.ts";

const MAX_FILES = 3000;

/** What the pending files of one graph drop or rename: columns by table, "" for the table itself. */
interface Dropped {
  graph: MigrationGraph;
  scope: RepoPath;
  names: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Where mapped classes of the code still declare a table or column that a pending migration drops or renames: SQLAlchemy's
 * `__tablename__` with its columns, Django's models, TypeORM's entities, Sequelize's models. Only such declarations count: a bare word
 * may mean anything.
 * @param paths every readable path of the tree, sorted
 */
export function stillNamed(
  paths: readonly RepoPath[],
  linesOf: (path: RepoPath) => readonly string[],
  pending: readonly PendingGraph[],
): StillNamed[] {
  const dropped = pending.flatMap(({ graph, files }): Dropped[] => {
    const names = new Map<string, Set<string>>();
    for (const { kind, table, column } of files.flatMap((file) => file.statements)) {
      if (!/^(?:drop|rename)-/.test(kind) || table === "") continue;
      names.set(table, (names.get(table) ?? new Set()).add(column ?? ""));
    }
    return names.size === 0 ? [] : [{ graph, scope: scopeOf(graph, pending), names }];
  });
  if (dropped.length === 0) return [];
  const owned = pending.flatMap(({ graph }) => graph.directories);
  const code = paths.filter(
    (path) =>
      /\.(?:py|[cm]?[jt]s)$/.test(path) &&
      !/(?:^|\/)(?:tests?|__tests__|migrations?|node_modules|dist|build)\/|(?:^|\/)(?:test_|conftest)|\.(?:test|spec|d)\.[cm]?[jt]s$/.test(
        path,
      ) &&
      !owned.some((one) => path.startsWith(`${one}/`)),
  );
  return code.slice(0, MAX_FILES).flatMap((path) => {
    const inScope = dropped.filter(({ scope }) => scope === "" || path.startsWith(`${scope}/`));
    if (inScope.length === 0) return [];
    const declared = path.endsWith(".py") ? declaredInPython(linesOf(path)) : declaredInScript(linesOf(path));
    return inScope.flatMap(({ graph, names }) =>
      declared
        .filter(({ table, column }) => names.get(table)?.has(column ?? ""))
        .map(({ table, column, line, width }): StillNamed => {
          const at: Location = { path, start: { line, column: 1 }, end: { line, column: width + 1 } };
          return { graph, name: column === null ? table : `${table}.${column}`, at };
        }),
    );
  });
}

/**
 * The folder whose code uses a graph's database. A Django migration names a model of its own app. Any other graph that is alone may be
 * used anywhere; where a repository holds several, each belongs to the largest folder that holds no other.
 */
function scopeOf(graph: MigrationGraph, pending: readonly PendingGraph[]): RepoPath {
  const home = graph.directories[0] ?? "";
  if (graph.tool === "django") return directoryOf(home);
  const others = pending.flatMap((one) => (one.graph === graph ? [] : one.graph.directories));
  const parts = home.split("/");
  for (let length = 0; length < parts.length; length++) {
    const folder = parts.slice(0, length).join("/");
    if (!others.some((other) => folder === "" || other === folder || other.startsWith(`${folder}/`))) return folder;
  }
  return home;
}

interface Declaration {
  table: string;
  /** Null: the table itself. */
  column: string | null;
  line: number;
  width: number;
}

const MAX_WIDTH = 500;

function declaredInPython(lines: readonly string[]): Declaration[] {
  const found: Declaration[] = [];
  let table = "";
  lines.forEach((text, index) => {
    if (text.length > MAX_WIDTH) return;
    const add = (column: string | null): void => {
      if (table !== "") found.push({ table, column, line: index + 1, width: text.length });
    };
    const opened = /^class\s+(\w+)\s*(?:\(([^)]*))?/.exec(text);
    if (opened) {
      table = /\bmodels\.Model\b|\bModel\b/.test(opened[2] ?? "") ? opened[1]!.toLowerCase() : "";
      add(null);
    }
    const named = /^\s+__tablename__\s*(?::[^=]*)?=\s*["'](\w+)["']/.exec(text)?.[1]?.toLowerCase();
    if (named !== undefined) {
      table = named;
      add(null);
    }
    const column = /^\s+(\w+)\s*(?::[^=]*)?=\s*(?:\w+\.)*(?:Column|mapped_column|\w*Field|ForeignKey)\s*\(/.exec(text);
    if (column) add(column[1]!.toLowerCase());
  });
  return found;
}

/**
 * TypeORM's `@Entity("users")` and sequelize-typescript's `@Table({ tableName: "users" })` with the decorated properties of their class,
 * `sequelize.define("users", { a: … })` with its attributes, and the table of a model's options, `tableName: "users"`.
 */
function declaredInScript(lines: readonly string[]): Declaration[] {
  const found: Declaration[] = [];
  let table = "";
  /** The table that the next class maps. */
  let mapped: string | null = null;
  /** Whether a class's decorator has begun whose options follow on later lines. */
  let opened = false;
  /** A column's decorator as far as it was read, and whether it ended without naming its column. */
  let decorator: string | null = null;
  let unnamed = false;
  lines.forEach((text, index) => {
    if (text.length > MAX_WIDTH || /^\s*(?:\/\/|\/?\*)/.test(text)) return;
    const add = (name: string, column: string | null): void => {
      if (name !== "") found.push({ table: name, column, line: index + 1, width: text.length });
    };
    const named = (pattern: RegExp): string | null => pattern.exec(text)?.[1]?.toLowerCase() ?? null;
    const entity = named(/^\s*@(?:Entity|Table)\(\s*(?:\{\s*(?:name|tableName)\s*:\s*)?["'`](\w+)["'`]/);
    const option = named(/^\s*tableName\s*:\s*["'`](\w+)["'`]/);
    const defined = named(/\.define(?:<[^>]*>)?\(\s*["'`](\w+)["'`]/);
    if (entity ?? option) {
      if (entity !== null || opened) mapped = entity ?? option;
      add((entity ?? option)!, null);
    } else if (/^\s*@(?:Entity|Table)\(/.test(text)) {
      opened = true;
    } else if (defined !== null) {
      table = defined;
      add(table, null);
    } else if (/^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s/.test(text)) {
      table = mapped ?? "";
      mapped = null;
      opened = false;
      decorator = null;
      unnamed = false;
    } else if (decorator !== null || /^\s*@(?:\w*Column|JoinColumn)(?:\(|\s*$)/.test(text)) {
      decorator = `${decorator ?? ""} ${text}`.slice(0, 4 * MAX_WIDTH);
      if (countOf(decorator, "(") > countOf(decorator, ")")) return;
      const column = /\b(?:name|field)\s*:\s*["'`](\w+)["'`]/.exec(decorator)?.[1];
      if (column !== undefined) add(table, column.toLowerCase());
      unnamed = column === undefined;
      decorator = null;
    } else if (unnamed) {
      const property = named(/^\s*(?:(?:public|private|protected|readonly|declare)\s+)*(\w+)[!?]?\s*[:;=]/);
      if (property !== null) add(table, property);
      unnamed = property === null;
    } else {
      const attribute = named(/^\s+(\w+)\s*:\s*(?:\{\s*(?:type\s*:.*)?$|(?:DataTypes|Sequelize)\.)/);
      if (attribute !== null) add(table, attribute);
    }
  });
  return found;
}

const countOf = (text: string, mark: string): number => text.split(mark).length - 1;
