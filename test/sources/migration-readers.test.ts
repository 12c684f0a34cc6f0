import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { essenceOf } from "../../src/sources/essence.ts";
import { readJsonColumns } from "../../src/sources/json-columns.ts";
import { jsonMentions } from "../../src/sources/json-mentions.ts";
import { readJsonUses } from "../../src/sources/json-uses.ts";
import { readPythonMigration } from "../../src/sources/python-migration.ts";
import { readScriptMigration } from "../../src/sources/script-migration.ts";
import { readSql } from "../../src/sources/sql.ts";
import { readRubyMigration, readSqlMigration } from "../../src/sources/text-migration.ts";

const kindsOf = (sql: string): string[] =>
  readSql(sql).statements.map((one) => `${one.kind} ${one.table}${one.column === null ? "" : `.${one.column}`}`);

describe("SQL", () => {
  it.each([
    ["CREATE INDEX ix ON users (a)", ["create-index users"]],
    ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON ONLY public."users" (a)', ["create-index users"]],
    ["create table if not exists app.users (id int); drop table old", ["create-table users", "drop-table old"]],
    ["ALTER TABLE users ADD COLUMN a int NOT NULL", ["add-column users.a", "add-column-not-null users.a"]],
    [
      "ALTER TABLE users ADD a int NOT NULL, ADD COLUMN b numeric(10, 2) NOT NULL DEFAULT 0",
      ["add-column users.a", "add-column-not-null users.a", "add-column users.b"],
    ],
    ["ALTER TABLE users ADD COLUMN a bigserial NOT NULL", ["add-column users.a"]],
    [
      "ALTER TABLE users ADD COLUMN a uuid NOT NULL DEFAULT gen_random_uuid()",
      ["add-column users.a", "volatile-default users.a"],
    ],
    ["ALTER TABLE users ADD COLUMN a timestamptz DEFAULT now()", ["add-column users.a"]],
    [
      "ALTER TABLE IF EXISTS users ALTER COLUMN a SET NOT NULL, ALTER b TYPE bigint",
      ["set-not-null users.a", "alter-type users.b"],
    ],
    ["ALTER TABLE users ALTER a DROP NOT NULL, ALTER b TYPE text, ALTER c SET DATA TYPE character varying", []],
    [
      "ALTER TABLE users ALTER a TYPE varchar(20), ALTER b TYPE text USING b::text",
      ["alter-type users.a", "alter-type users.b"],
    ],
    [
      "TRUNCATE TABLE a, ONLY b; DELETE FROM c; DELETE FROM d WHERE x",
      ["empty-table a", "empty-table b", "empty-table c"],
    ],
    ["CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS SELECT 1", ["create-table mv"]],
    ["RENAME TABLE a TO b, c TO `d`", ["rename-table a", "add-table b", "rename-table c", "add-table d"]],
    ["ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0)", ["add-check users"]],
    ["ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES b (id) NOT VALID", ["add-foreign-key users"]],
    ["ALTER TABLE users ADD CONSTRAINT c UNIQUE (a), ADD PRIMARY KEY (b)", []],
    ["ALTER TABLE users DROP COLUMN a, DROP CONSTRAINT c", ["drop-column users.a"]],
    [
      "ALTER TABLE users RENAME COLUMN a TO b; ALTER TABLE users RENAME TO people",
      ["rename-column users.a", "add-column users.b", "rename-table users", "add-table people"],
    ],
    ["-- ALTER TABLE users DROP COLUMN a\n/* DROP TABLE x; */ SELECT 'DROP TABLE y;'", []],
    ["CREATE FUNCTION f() RETURNS void AS $body$ DROP TABLE x; $body$ LANGUAGE sql", []],
  ])("%s", (sql, kinds) => {
    expect(kindsOf(sql)).toEqual(kinds);
  });

  it("knows NOT VALID and CONCURRENTLY", () => {
    expect(readSql("ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) NOT VALID").statements[0]).toMatchObject({
      notValid: true,
    });
    expect(readSql("CREATE INDEX CONCURRENTLY ix ON a (b)").statements[0]).toMatchObject({ concurrently: true });
  });
});

describe("headers of Alembic", () => {
  it.each([
    ["revision = 'a'\ndown_revision = None", "a", null],
    ['revision: str = "a"\ndown_revision: Union[str, None] = "b"', "a", "b"],
    ["revision = ('a')\ndown_revision = ('b', 'c')", "a", ["b", "c"]],
    ["BASE = 'b'\nrevision = 'a'\ndown_revision = BASE", "a", "b"],
    ["revision = down = 'a'\ndown_revision = ['b']  # a list", "a", ["b"]],
    ['"""\nrevision = "x"\n"""\nrevision = "a"\ndown_revision = "b" "c"', "a", "bc"],
  ])("%j", (text, revision, down) => {
    const { assigned } = readPythonMigration(text);
    expect(assigned["revision"]!.value).toEqual({ kind: "literal", value: revision });
    expect(assigned["down_revision"]!.value).toEqual({ kind: "literal", value: down });
  });

  it("are unknown where only a run gives them", () => {
    const { assigned } = readPythonMigration(
      "revision = make()\nif x:\n    down_revision = 'b'\nelse:\n    down_revision = 'c'\n",
    );
    expect(assigned["revision"]!.value).toEqual({ kind: "unknown" });
    expect(assigned["down_revision"]!.value).toEqual({ kind: "unknown" });
  });

  it("leave downgrade out of the statements and follow batches", () => {
    const text = `
def upgrade():
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("a", sa.Text(), nullable=False))
        batch.drop_column("b")
def downgrade():
    op.drop_table("users")
`;
    expect(readPythonMigration(text).statements.map((one) => [one.kind, one.table, one.column])).toEqual([
      ["add-column", "users", "a"],
      ["add-column-not-null", "users", "a"],
      ["drop-column", "users", "b"],
    ]);
  });
});

describe("other tools", () => {
  it("are told by what the file defines", () => {
    expect(
      readScriptMigration(
        "exports.up = (knex) => knex.raw('DROP TABLE a');\nexports.down = (k) => k.raw('DROP TABLE b')",
      ),
    ).toMatchObject({
      entry: "knex",
      statements: [{ kind: "drop-table", table: "a" }],
    });
    expect(readScriptMigration("module.exports = { async up(queryInterface) {} }").entry).toBe("sequelize");
    expect(readScriptMigration("export class A1 implements MigrationInterface { transaction = false }")).toMatchObject({
      entry: "typeorm",
      transaction: false,
    });
    expect(readScriptMigration("export const a = 1").entry).toBeNull();
    const ruby =
      "class A < ActiveRecord::Migration[7.1]\n  disable_ddl_transaction!\n  def change\n    add_index :users, :a, algorithm: :concurrently\n    add_column :users, :b, :string, null: false\n  end\nend\n";
    expect(readRubyMigration(ruby)).toMatchObject({
      entry: "rails",
      transaction: false,
      statements: [
        { kind: "create-index", table: "users", concurrently: true },
        { kind: "add-column", table: "users", column: "b" },
        { kind: "add-column-not-null", table: "users", column: "b" },
      ],
    });
  });
});

describe("any text", () => {
  const words = [
    "op.add_column(",
    "revision = ",
    "'",
    '"',
    '"""',
    "ALTER TABLE ",
    "a",
    ".",
    ",",
    "(",
    ")",
    "[",
    "]",
    "\n",
    "    ",
    "--",
    "/*",
    "*/",
    "$$",
    ";",
    "class Migration(migrations.Migration):\n",
    "def upgrade():\n",
    "#",
    "//",
    "create_table :a",
    "\u0000",
    "é",
    "NOT NULL ",
    "X.y['k'].astext == 1",
    "filter(",
  ];
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join("")),
  );

  it("makes no reader throw, and every place lies inside it", () => {
    fc.assert(
      fc.property(text, (source) => {
        const readers = [readPythonMigration, readSqlMigration, readScriptMigration, readRubyMigration];
        for (const read of readers) {
          for (const { start, end } of read(source).statements) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start).toBeLessThanOrEqual(end);
            expect(end).toBeLessThanOrEqual(source.length);
          }
        }
        const { columns } = readJsonColumns(source);
        const { uses } = readJsonUses(source);
        jsonMentions(source);
        for (const { start, end } of [...columns, ...uses]) expect(start <= end && end <= source.length).toBe(true);
        essenceOf(source, "#");
        essenceOf(source, "//");
      }),
      { numRuns: 400 },
    );
  });

  it("is read to its end, however long and repetitive", () => {
    for (const part of [
      "(",
      "'",
      '"',
      "/*",
      "--",
      "$a$",
      "ALTER TABLE a ADD ",
      "a.",
      "#",
      "\\",
      "add_index :a, ",
      "\n    ",
    ]) {
      const long = part.repeat(Math.ceil(100_000 / part.length));
      for (const read of [readSqlMigration, readScriptMigration, readRubyMigration]) {
        expect(read(long).lineStarts.length).toBeGreaterThan(0);
      }
      expect(essenceOf(long, "#").length + essenceOf(long, "//").length).toBeLessThanOrEqual(2 * long.length);
    }
  });
});

describe("the essence of a text", () => {
  it("leaves out comments and white space, not strings", () => {
    expect(essenceOf("a  =  1 # one\n\n", "#")).toBe(essenceOf("a = 1\n", "#"));
    expect(essenceOf('a = "# not a comment"', "#")).not.toBe(essenceOf('a = "#"', "#"));
    expect(essenceOf("a /* b */ // c\n", "//")).toBe("a");
  });
});
