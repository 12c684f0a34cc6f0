import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scriptTokens } from "../../src/sources/javascript-chains.ts";
import { readScriptMigration } from "../../src/sources/script-migration.ts";
import { readSqlMigration } from "../../src/sources/text-migration.ts";
import type { SchemaStatement } from "../../src/types/migrations.ts";

const inWords = (one: SchemaStatement): string =>
  [
    `${one.kind} ${one.table}${one.column === null ? "" : `.${one.column}`}`,
    ...(one.concurrently ? ["concurrently"] : []),
    ...(one.outside ? ["outside"] : []),
    ...(one.sets ? [`sets ${one.sets.join(",")}`] : []),
  ].join(" ");
const statementsOf = (text: string): string[] => readScriptMigration(text).statements.map(inWords);

const knex = (body: string): string => `exports.up = async (knex) => { ${body} };`;
const onTable = (body: string): string => knex(`await knex.schema.alterTable("users", (t) => { ${body} });`);

describe("Knex", () => {
  it.each([
    ["t.string('a').notNullable()", ["add-column users.a", "add-column-not-null users.a"]],
    ["t.string('a').notNullable().defaultTo('')", ["add-column users.a"]],
    ["t.string('a').notNullable().defaultTo(null)", ["add-column users.a", "add-column-not-null users.a"]],
    [
      "t.uuid('a').notNullable().defaultTo(knex.raw('gen_random_uuid()'))",
      ["add-column users.a", "volatile-default users.a"],
    ],
    ["t.uuid('a').defaultTo(knex.fn.uuid())", ["add-column users.a", "volatile-default users.a"]],
    ["t.timestamp('a').defaultTo(knex.fn.now())", ["add-column users.a"]],
    ["t.string('a')", ["add-column users.a"]],
    ["t.bigIncrements('a')", ["add-column users.a"]],
    ["t.integer('a').unsigned().references('id').inTable('x')", ["add-column users.a"]],
    ["t.integer('a').index()", ["add-column users.a", "create-index users"]],
    ["t.index(['a', 'b'], 'ix')", ["create-index users"]],
    ["t.unique(['a'])", []],
    ["t.foreign('a').references('id').inTable('x')", ["add-foreign-key users"]],
    ["t.string('a').notNullable().alter()", []],
    ["t.string('a').nullable().alter()", ["drop-not-null users.a"]],
    ["t.bigInteger('a').alter()", ["alter-type users.a"]],
    ["t.text('a').alter()", []],
    ["t.bigInteger('a').alter({ alterType: false })", []],
    ["t.dropNullable('a')", ["set-not-null users.a"]],
    ["t.setNullable('a')", ["drop-not-null users.a"]],
    ["t.dropColumn('a')", ["drop-column users.a"]],
    ["t.dropColumns('a', 'b')", ["drop-column users.a", "drop-column users.b"]],
    ["t.renameColumn('a', 'b')", ["rename-column users.a", "add-column users.b"]],
    ["if (x) { t.dropColumn('a') } // t.dropColumn('b')", ["drop-column users.a"]],
  ])("%s", (body, statements) => {
    expect(statementsOf(onTable(body))).toEqual(statements);
  });

  it.each([
    [
      "a new table says nothing else",
      knex("await knex.schema.createTable('a', t => { t.string('b').notNullable(); t.index('b') })"),
      ["create-table a"],
    ],
    [
      "a chain of several",
      knex(
        "return knex.schema.dropTableIfExists('a').renameTable('b', 'c').table('d', function (t) { t.dropColumn('e') })",
      ),
      ["drop-table a", "rename-table b", "add-table c", "drop-column d.e"],
    ],
    [
      "a schema",
      knex("await knex.schema.withSchema('app').table('d', (t: Knex.TableBuilder): void => { t.dropColumn('e') })"),
      ["drop-column d.e"],
    ],
    ["an update", knex("await trx('users').whereNull('a').update({ a: 1, b: 2 })"), ["update users sets a,b"]],
    ["a constant", `const TABLE = "users"; ${knex("await knex.schema.dropTable(TABLE)")}`, ["drop-table users"]],
    [
      "a name that is made",
      knex("await knex.schema.dropTable(`x_${name}`); await knex.schema.dropTable(nameOf(1))"),
      ["drop-table ", "drop-table "],
    ],
    [
      "within Promise.all and conditions",
      knex("if (!(await knex.schema.hasTable('a'))) { await Promise.all([knex.schema.dropTable('b')]) }"),
      ["drop-table b"],
    ],
    ["raw SQL", knex('await knex.raw("ALTER TABLE \\"users\\" DROP COLUMN \\"a\\"")'), ["drop-column users.a"]],
    ["SQL of a template", knex("await knex.raw(`ALTER TABLE ${schema}.users DROP COLUMN a`)"), ["drop-column users.a"]],
    [
      "SQL that is said or commented out",
      knex("console.log('DROP TABLE a'); /* knex.raw('DROP TABLE b') */ throw new Error('Drop table c')"),
      [],
    ],
  ])("%s", (_, text, statements) => {
    expect(statementsOf(text)).toEqual(statements);
  });
});

describe("Sequelize", () => {
  const up = (body: string): string =>
    `"use strict"; module.exports = { up: async (queryInterface, Sequelize) => { ${body} }, down: async (queryInterface) => { await queryInterface.dropTable("z") } };`;
  it.each([
    [
      "queryInterface.addColumn('a', 'b', { type: S.STRING, allowNull: false })",
      ["add-column a.b outside", "add-column-not-null a.b outside"],
    ],
    [
      "queryInterface.addColumn('a', 'b', { type: S.STRING, allowNull: false, defaultValue: 0 })",
      ["add-column a.b outside"],
    ],
    [
      "queryInterface.addColumn({ tableName: 'a', schema: 's' }, 'b', S.STRING, { transaction: t })",
      ["add-column a.b"],
    ],
    [
      "queryInterface.addColumn('a', 'b', { type: S.UUID, defaultValue: Sequelize.literal('gen_random_uuid()') })",
      ["add-column a.b outside", "volatile-default a.b outside"],
    ],
    ["queryInterface.changeColumn('a', 'b', { type: S.STRING, allowNull: false })", []],
    ["queryInterface.changeColumn('a', 'b', { type: S.BIGINT })", ["alter-type a.b outside"]],
    ["queryInterface.changeColumn('a', 'b', { type: Sequelize.TEXT })", []],
    ["queryInterface.changeColumn('a', 'b', { type: S.STRING, allowNull: true })", ["drop-not-null a.b outside"]],
    ["queryInterface.removeColumn('a', 'b')", ["drop-column a.b outside"]],
    ["queryInterface.renameColumn('a', 'b', 'c', { transaction })", ["rename-column a.b", "add-column a.c"]],
    ["queryInterface.addIndex('a', ['b'], { concurrently: true })", ["create-index a concurrently outside"]],
    [
      "queryInterface.addIndex('a', { fields: ['b'], concurrently: true, transaction })",
      ["create-index a concurrently"],
    ],
    [
      "queryInterface.addConstraint('a', { fields: ['b'], type: 'foreign key', references: {} })",
      ["add-foreign-key a outside"],
    ],
    ["queryInterface.addConstraint('a', ['b'], { type: 'unique' })", []],
    ["queryInterface.bulkUpdate('a', { b: 1 }, { b: null })", ["update a outside sets b"]],
    ["queryInterface.createTable('a', { b: { type: S.STRING, allowNull: false } })", ["create-table a outside"]],
    [
      "queryInterface.removeColumn('a', 'b').then(() => queryInterface.removeColumn('a', 'c'))",
      ["drop-column a.b outside", "drop-column a.c outside"],
    ],
    ["queryInterface.sequelize.query('DROP TABLE a', { transaction })", ["drop-table a"]],
    ["queryInterface.sequelize.query(`DROP TABLE a`)", ["drop-table a outside"]],
  ])("%s", (body, statements) => {
    expect(statementsOf(up(`await ${body};`))).toEqual(statements);
  });
});

describe("TypeORM", () => {
  const up = (body: string): string =>
    `export class A1 implements MigrationInterface { async up(queryRunner: QueryRunner): Promise<void> { ${body} } async down(queryRunner: QueryRunner) { await queryRunner.query("DROP TABLE z") } }`;
  it.each([
    [
      "queryRunner.addColumn('a', new TableColumn({ name: 'b', type: 'int' }))",
      ["add-column a.b", "add-column-not-null a.b"],
    ],
    ["queryRunner.addColumn('a', new TableColumn({ name: 'b', type: 'int', isNullable: true }))", ["add-column a.b"]],
    ["queryRunner.addColumn('a', new TableColumn({ name: 'b', type: 'int', default: 0 }))", ["add-column a.b"]],
    [
      "queryRunner.addColumn('a', new TableColumn({ name: 'b', type: 'uuid', default: 'uuid_generate_v4()' }))",
      ["add-column a.b", "volatile-default a.b"],
    ],
    ["queryRunner.addColumn('a', column)", ["add-column a"]],
    [
      "const column = new TableColumn({ name: 'b', isNullable: true }); queryRunner.addColumns('a', [column, other])",
      ["add-column a.b", "add-column a"],
    ],
    [
      "{ const one = new TableColumn({ name: 'b' }) } { const one = new TableColumn({ name: 'c' }); queryRunner.addColumn('a', one) }",
      ["add-column a"],
    ],
    [
      "queryRunner.addColumns('s.a', [new TableColumn({ name: 'b', isNullable: false }), new TableColumn({ name: 'c', isNullable: true })])",
      ["add-column a.b", "add-column-not-null a.b", "add-column a.c"],
    ],
    ["queryRunner.changeColumn('a', 'b', new TableColumn({ name: 'b', type: 'int', isNullable: false }))", []],
    ["queryRunner.dropColumns('a', ['b', 'c'])", ["drop-column a.b", "drop-column a.c"]],
    ["queryRunner.renameColumn('a', 'b', 'c')", ["rename-column a.b", "add-column a.c"]],
    ["queryRunner.createIndex('a', new TableIndex({ columnNames: ['b'] }))", ["create-index a"]],
    ["queryRunner.createForeignKey('a', new TableForeignKey({ columnNames: ['b'] }))", ["add-foreign-key a"]],
    [
      "queryRunner.createTable(new Table({ name: 'a', columns: [{ name: 'b', isNullable: false }] }), true)",
      ["create-table a"],
    ],
    ["queryRunner.dropTable('a')", ["drop-table a"]],
    ['queryRunner.query(`ALTER TABLE "a" ADD "b" integer NOT NULL`)', ["add-column a.b", "add-column-not-null a.b"]],
    ['queryRunner.query(`CREATE TABLE "a" ("b" integer NOT NULL)`)', ["create-table a"]],
  ])("%s", (body, statements) => {
    expect(statementsOf(up(`await ${body};`))).toEqual(statements);
  });

  it("leaves the transaction by a property of the class, or by ending it", () => {
    expect(readScriptMigration(up("")).transaction).toBe(true);
    expect(readScriptMigration(up("").replace("{", "{ transaction = false;")).transaction).toBe(false);
    expect(readScriptMigration(up("await queryRunner.commitTransaction();")).transaction).toBe(false);
  });
});

describe("NOT NULL that a whole column says again", () => {
  it.each([
    [
      "Knex",
      "exports.up = (knex) => knex.schema.alterTable('a', (t) => { t.string('b').notNullable().alter(); t.string('c', 99).notNullable().alter(); });" +
        "exports.down = (knex) => knex.schema.alterTable('a', (t) => { t.string('b').nullable().alter(); t.string('c').notNullable().alter(); });",
    ],
    [
      "Sequelize",
      "module.exports = { async up(queryInterface, S) { await queryInterface.changeColumn('a', 'b', { type: S.STRING, allowNull: false, transaction });" +
        "await queryInterface.changeColumn('a', 'c', { type: S.STRING(99), allowNull: false }); }," +
        "async down(queryInterface, S) { await queryInterface.changeColumn('a', 'b', { type: S.STRING, allowNull: true }); } }",
    ],
    [
      "TypeORM",
      "class A implements MigrationInterface { async up(queryRunner) { await queryRunner.changeColumn('a', 'b', new TableColumn({ name: 'b', isNullable: false }));" +
        "await queryRunner.changeColumn('a', 'c', new TableColumn({ name: 'c', isNullable: false })); }" +
        "async down(queryRunner) { await queryRunner.changeColumn('a', 'b', new TableColumn({ name: 'b', isNullable: true })); } }",
    ],
  ])("is new where the way back takes it off: %s", (_, text) => {
    expect(statementsOf(text)).toEqual(["set-not-null a.b"]);
  });
});

describe("the way back", () => {
  it.each([
    [
      "before the way forth",
      "exports.down = async (knex) => { await knex.schema.dropTable('a') }\nexports.up = (knex) => knex.schema.dropTable('b')",
      ["drop-table b"],
    ],
    [
      "without braces and semicolon",
      "exports.down = (knex) => knex.schema.dropTable('a')\nexports.up = (knex) => knex.schema.dropTable('b')",
      ["drop-table b"],
    ],
    [
      "as functions",
      "export async function down(knex: Knex): Promise<void> { await knex.schema.dropTable('a') }\nexport async function up(knex: Knex): Promise<void> { await knex.schema.dropTable('b') }",
      ["drop-table b"],
    ],
    [
      "as constants",
      "export const down = async (knex) => { await knex.schema.dropTable('a'); };\nexport const up = async (knex) => { await knex.schema.dropTable('b'); };",
      ["drop-table b"],
    ],
    [
      "as properties",
      "module.exports = { down: (knex) => knex.schema.dropTable('a'), up: (knex) => knex.schema.dropTable('b') }",
      ["drop-table b"],
    ],
    [
      "called by the way forth",
      "exports.up = async (knex) => { await exports.down(knex); await knex.schema.dropTable('b') }; exports.down = async (knex) => {}",
      ["drop-table b"],
    ],
  ])("is left out: %s", (_, text, statements) => {
    expect(statementsOf(text)).toEqual(statements);
  });

  it.each([
    ["goose", "-- +goose Up\nDROP TABLE a;\n-- +goose Down\nDROP TABLE b;\n", ["drop-table a"], true],
    ["goose without transaction", "-- +goose NO TRANSACTION\n-- +goose Up\nDROP TABLE a;\n", ["drop-table a"], false],
    [
      "dbmate",
      "-- migrate:up transaction:false\nDROP TABLE a;\n\n-- migrate:down\nDROP TABLE b;\n",
      ["drop-table a"],
      false,
    ],
    ["sql-migrate", "-- +migrate Up\nDROP TABLE a;\n-- +migrate Down\nDROP TABLE b;\n", ["drop-table a"], true],
    ["down first", "-- Down Migration\nDROP TABLE b;\n-- Up Migration\nDROP TABLE a;\n", ["drop-table a"], true],
    ["neither", "DROP TABLE a;\n-- down below\nDROP TABLE b;\n", ["drop-table a", "drop-table b"], false],
  ])("is left out of SQL: %s", (_, text, statements, transaction) => {
    const read = readSqlMigration(text);
    expect(read.statements.map(inWords)).toEqual(statements);
    expect(read.transaction).toBe(transaction);
    for (const { start, end } of read.statements) expect(text.slice(start, end)).toMatch(/^DROP TABLE [ab]$/);
  });
});

describe("any text", () => {
  const parts = fc.constantFrom(
    "knex",
    ".",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=>",
    ",",
    ";",
    ":",
    "`",
    "${",
    "'",
    '"',
    "\\",
    "/",
    "//",
    "/*",
    "*/",
    "\n",
    "up",
    "down",
    "queryInterface",
    "queryRunner",
    "addColumn",
    "alterTable",
    "t",
    "new",
    "async",
    "function",
    "'users'",
    "DROP TABLE a",
    "=",
    "exports",
  );
  it("is read without throwing, with positions inside of it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(parts, { maxLength: 60 }).map((all) => all.join("")),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          for (const token of scriptTokens(text).tokens) {
            expect(token.start).toBeLessThan(token.end);
            expect(token.end).toBeLessThanOrEqual(text.length);
          }
          for (const { start, end } of readScriptMigration(text).statements) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start).toBeLessThanOrEqual(end);
            expect(end).toBeLessThanOrEqual(text.length);
          }
          readSqlMigration(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(["(", "[{", "`${", "a.", "a(", "() => {", "'\\", "/[", "-- +goose Up\n", "down(", "({a:"])(
    "ends in time: %j",
    (part) => {
      const started = performance.now();
      const text = `queryInterface ${part.repeat(100_000 / part.length)}`;
      readScriptMigration(text);
      readSqlMigration(text);
      readScriptMigration(`${text}${"]".repeat(50_000)}`);
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );
});
