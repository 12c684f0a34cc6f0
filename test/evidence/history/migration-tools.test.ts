import { rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { check } from "../../../src/commands/check.ts";
import { makeTimeline } from "../../support/timeline.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** What a tool's file says: a column without default, so that the file is told from others and is unsafe where it is pending. */
type Body = (column: string) => string;

const knex: Body = (column) =>
  `exports.up = (knex) => knex.schema.alterTable("users", (t) => { t.string("${column}").notNullable(); });\nexports.down = (knex) => knex.schema.dropTable("users");\n`;
const sequelize: Body = (column) =>
  `module.exports = {\n  up: (queryInterface, Sequelize) => queryInterface.addColumn("users", "${column}", { type: Sequelize.STRING, allowNull: false }),\n  down: (queryInterface) => queryInterface.dropTable("users"),\n};\n`;
const typeorm: Body = (column) =>
  `export class M implements MigrationInterface {\n  async up(queryRunner: QueryRunner) { await queryRunner.query(\`ALTER TABLE "users" ADD "${column}" character varying NOT NULL\`); }\n  async down(queryRunner: QueryRunner) { await queryRunner.query(\`DROP TABLE "users"\`); }\n}\n`;
const sql: Body = (column) => `ALTER TABLE users ADD COLUMN ${column} int NOT NULL;\n`;

/** Files of each tool, oldest first; `early` sorts between the first two. */
const TOOLS: readonly [
  name: string,
  body: Body,
  comment: string,
  files: readonly [string, string, string],
  early: string,
][] = [
  [
    "Knex",
    knex,
    "// a\n",
    ["db/migrations/20240101000000_a.js", "db/migrations/20240201000000_b.js", "db/migrations/20240301000000_c.js"],
    "db/migrations/20240115000000_x.js",
  ],
  [
    "Sequelize",
    sequelize,
    "/* a */\n",
    [
      "server/migrations/20240101000000-a.js",
      "server/migrations/20240201000000-b.js",
      "server/migrations/20240301000000-c.js",
    ],
    "server/migrations/20240115000000-x.js",
  ],
  [
    "TypeORM",
    typeorm,
    "// a\n",
    ["src/db/1700000000000-A.ts", "src/db/1700000002000-B.ts", "src/db/1700000003000-C.ts"],
    "src/db/1700000001000-X.ts",
  ],
  [
    "numbered SQL",
    sql,
    "-- a\n",
    ["db/migrations/0001_a.sql", "db/migrations/0003_b.sql", "db/migrations/0004_c.sql"],
    "db/migrations/0002_x.sql",
  ],
  [
    "SQL up and down",
    sql,
    "-- a\n",
    ["migrations/000001_a.up.sql", "migrations/000003_b.up.sql", "migrations/000004_c.up.sql"],
    "migrations/000002_x.up.sql",
  ],
  [
    "folders with up.sql",
    sql,
    "-- a\n",
    [
      "migrations/2024-01-01-000000_a/up.sql",
      "migrations/2024-02-01-000000_b/up.sql",
      "migrations/2024-03-01-000000_c/up.sql",
    ],
    "migrations/2024-01-15-000000_x/up.sql",
  ],
  [
    "versions as folders",
    sql,
    "-- a\n",
    [
      "store/migration/sqlite/0.9/00__a.sql",
      "store/migration/sqlite/0.10/00__b.sql",
      "store/migration/sqlite/0.10/01__c.sql",
    ],
    "store/migration/sqlite/0.9/01__x.sql",
  ],
  [
    "an own runner that the config names",
    sql,
    "-- a\n",
    ["db/changes/2024-01-a.sql", "db/changes/2024-03-b.sql", "db/changes/2024-04-c.sql"],
    "db/changes/2024-02-x.sql",
  ],
  ["Drizzle", sql, "-- a\n", ["drizzle/0000_a.sql", "drizzle/0002_b.sql", "drizzle/0003_c.sql"], "drizzle/0001_x.sql"],
];

const CONFIG = { "predeploy.yml": "migrations: { sql-directories: [db/changes] }\n" };

describe.each(TOOLS)("%s", (_, body, comment, [a, b, c], early) => {
  const found = async (change: Record<string, string | null>): Promise<string[]> => {
    const t = makeTimeline();
    folders.push(t.folder);
    t.commit("chore: start", {
      ...(a.startsWith("db/changes/") ? CONFIG : {}),
      "app.py": "a\n",
      [a]: body("a"),
      [b]: body("b"),
    });
    t.git("tag", "live");
    t.commit("feat: change", change);
    const { result } = await check({
      path: ".",
      cwd: t.folder,
      environment: { PATH: process.env["PATH"], HOME: t.folder, GIT_CONFIG_NOSYSTEM: "1" },
      config: null,
      only: ["migrations", "drift"],
      skip: [],
      environmentName: null,
      failOn: "error",
      baseline: null,
      shard: null,
      base: null,
      online: false,
      present: new Map(),
      deployed: "live",
      allowUndecided: false,
      verifyFiles: true,
      notice: () => {},
    });
    expect(result.undecided).toEqual([]);
    return result.findings.map(({ rule, subject, severity }) => `${rule} ${severity} ${subject}`);
  };

  it("nothing changed", async () => {
    expect(await found({ "app.py": "b\n" })).toEqual([]);
  });
  it("a new migration that fails on the first row", async () => {
    expect(await found({ [c]: body("c") })).toEqual(["migrations/unsafe-statement error users add-column-not-null c"]);
  });
  it("a new migration below the newest deployed one", async () => {
    expect(await found({ [early]: body("x") })).toEqual([
      `migrations/out-of-order warning ${early}`,
      "migrations/unsafe-statement error users add-column-not-null x",
    ]);
  });
  it("a deployed migration that is gone", async () => {
    expect(await found({ [b]: null })).toEqual([`drift/lost-migration error ${b}`]);
  });
  it("a deployed migration that says something else, and one that is only commented", async () => {
    expect(await found({ [b]: body("z") })).toEqual([`migrations/edited-after-deploy warning ${b}`]);
    expect(await found({ [b]: `${comment}${body("b")}` })).toEqual([]);
  });
});
