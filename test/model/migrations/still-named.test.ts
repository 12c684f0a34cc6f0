import { describe, expect, it } from "vitest";
import { modelOf } from "../../support/models.ts";

/** What the code still declares of `users`, its columns `name` and `nickName`, and of `orders`, which the newest migration drops. */
async function declaredIn(path: string, text: string): Promise<string[]> {
  const drops = ["name", "nickName"].map((column) => `ALTER TABLE users DROP COLUMN "${column}";\n`).join("");
  const { stillNamed } = await modelOf("pendingMigrations", {
    "migrations/001_start.sql": "CREATE TABLE x (id int);\n",
    "migrations/002_more.sql": `${drops}DROP TABLE orders;\n`,
    [path]: text,
  });
  return stillNamed.map(({ name, at }) => `${name}:${at.start.line}`);
}

describe("declared still is", () => {
  it.each([
    [
      "SQLAlchemy",
      "a.py",
      'class User(Base):\n    __tablename__ = "users"\n    name: Mapped[str] = mapped_column(Text)\n',
      ["users.name:3"],
    ],
    ["another table's column", "a.py", 'class Pet(Base):\n    __tablename__ = "pets"\n    name = Column(Text)\n', []],
    ["a table", "a.py", 'class Order(Base):\n    __tablename__: str = "orders"\n', ["orders:2"]],
    [
      "TypeORM",
      "a.entity.ts",
      '@Entity("users")\nexport class User {\n  @PrimaryGeneratedColumn()\n  id: number;\n  @Column()\n  name: string;\n}\n',
      ["users.name:6"],
    ],
    [
      "TypeORM with options on several lines, by the column's own name",
      "a.entity.ts",
      "@Entity({ name: 'users' })\nexport class User {\n  @Column({\n    name: 'nickname',\n    nullable: true,\n  })\n  name: string;\n}\n",
      ["users.nickname:6"],
    ],
    [
      "a second class of the file",
      "a.entity.ts",
      '@Entity("users")\nexport class User {\n  @Column() id: number;\n}\nexport class Pet {\n  @Column()\n  name: string;\n}\n',
      [],
    ],
    [
      "sequelize-typescript",
      "a.ts",
      "@Table({\n  tableName: 'users',\n  modelName: 'user',\n})\n@Fix\nclass User extends Model {\n  @AllowNull\n  @Column\n  nickName?: string;\n\n  @Column(DataType.STRING)\n  declare name: string;\n}\n",
      ["users.nickname:9", "users.name:12"],
    ],
    [
      "sequelize.define",
      "a.js",
      "module.exports = (sequelize, DataTypes) => sequelize.define('users', {\n  name: { type: DataTypes.STRING },\n  nickName: DataTypes.STRING,\n});\n",
      ["users.name:2", "users.nickname:3"],
    ],
    [
      "a model's options",
      "a.js",
      "User.init({}, {\n  tableName: 'orders',\n});\nclass Pet {\n  @Column()\n  name;\n}\n",
      ["orders:2"],
    ],
    [
      "words, comments and tests",
      "a.ts",
      "// @Entity('users')\nconst name = 'users';\n/* tableName: 'orders' */\n",
      [],
    ],
    ["a test", "tests/a.py", 'class User(Base):\n    __tablename__ = "users"\n    name = Column(Text)\n', []],
  ])("%s", async (_, path, text, declared) => {
    expect(await declaredIn(path, text)).toEqual(declared);
  });
});
