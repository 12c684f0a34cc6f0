import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { pythonEnvironmentExtractor } from "../../src/facts/python-environment.ts";

const read = (text: string) => pythonEnvironmentExtractor.extract({ bytes: () => Buffer.from(text), text: () => text });
const needs = (text: string) => Object.fromEntries(read(text).reads.map((one) => [one.name, one.need]));

beforeAll(() => pythonEnvironmentExtractor.prepare?.());

test("a subscript is required, a default and a guard make a read optional", () => {
  expect(
    needs(
      [
        "import os",
        'A = os.environ["A"]',
        'B = os.environ.get("B", "x")',
        'C = os.getenv("C") or "x"',
        'D = os.getenv("D")',
        'if "E" in os.environ:',
        '    E = os.environ["E"]',
        'F = os.getenv("F")',
        "if not F:",
        "    raise RuntimeError()",
      ].join("\n"),
    ),
  ).toEqual({ A: "required", B: "optional", C: "optional", D: "read", E: "optional", F: "required" });
});

test("what stands right of `and` and `or` is read only where the left says that it is there", () => {
  expect(
    needs(
      [
        "import os",
        'A = os.environ.get("A") and os.environ["A"]',
        'B = "B" in os.environ and os.environ["B"] == "1"',
        'C = not os.environ.get("C") or os.environ["C"]',
        'D = os.environ.get("X") and os.environ["D"]',
        'E = "E" in os.environ or os.environ["E"]',
      ].join("\n"),
    ),
  ).toMatchObject({ A: "optional", B: "optional", C: "optional", D: "required", E: "required" });
});

test("other names of the environment, as far as they reach", () => {
  expect(
    needs(
      [
        "import os",
        "env = os.environ",
        'A = env["A"]',
        'B = env.get("B", "x")',
        "def load(env):",
        '    return env["PARAMETER"]',
        "def other():",
        "    source = os.environ",
        '    return source["C"]',
        "def third(source):",
        '    return source["PARAMETER"]',
        "env = {}",
        'D = env["NONE"]',
      ].join("\n"),
    ),
  ).toEqual({ A: "required", B: "optional", C: "required" });
});

test("a fallback that never comes back makes a read required", () => {
  expect(
    needs(
      [
        "import os, sys",
        "def die(name):",
        "    raise RuntimeError(name)",
        "def ask(name):",
        "    if name: return input(name)",
        "    raise RuntimeError(name)",
        'A = os.getenv("A") or sys.exit("A is needed")',
        'B = os.environ.get("B") or die("B")',
        'C = os.environ.get("C") or ask("C")',
        'D = os.environ.get("D", "x") or die("D")',
      ].join("\n"),
    ),
  ).toEqual({ A: "required", B: "required", C: "optional", D: "optional" });
});

test("settings classes: prefix, aliases, inheritance and nested models", () => {
  const text = [
    "from pydantic import BaseModel, Field",
    "from pydantic_settings import BaseSettings",
    "class Db(BaseModel):",
    "    host: str",
    "class Base(BaseSettings):",
    '    model_config = {"env_prefix": "APP_", "env_nested_delimiter": "__"}',
    "    key: str",
    '    level: str = "info"',
    '    other: str = Field(alias="OTHER")',
    "    db: Db",
    "class Web(Base):",
    "    port: int",
  ].join("\n");
  expect(needs(text)).toEqual({
    APP_PORT: "required",
    APP_KEY: "required",
    APP_LEVEL: "optional",
    OTHER: "required",
    APP_DB__HOST: "required",
  });
});

test("any text is read without a throw, and every range lies in it", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          "os.environ",
          "[",
          "]",
          "(",
          ")",
          '"A"',
          "\n",
          " ",
          "if",
          ":",
          "=",
          "a",
          " and ",
          "not ",
          "match ",
          "case ",
        ),
      }),
      (text) => {
        for (const { start, end } of read(text).reads) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("rows of a table name variables; options of a command line and columns do not", () => {
  const text = [
    "from dataclasses import dataclass",
    "import click",
    "@dataclass",
    "class Rule:",
    "    env_var: str",
    "    required: bool = True",
    'RULES = [Rule(env_var="KEY_A"), Rule(env_var="KEY_B", required=False), Check(env_var="KEY_C", required=True)]',
    'MORE = [Check(env_var="KEY_D"), Check(envvar="KEY_E", default="x"), Check(env_name="KEY_F", optional=True)]',
    'LAST = [Check(env_var="KEY_G", default=None, required=True), Check(env_var="lower", required=True)]',
    '@click.option("--token", envvar="TOKEN", required=True)',
    "def main(): ...",
  ].join("\n");
  expect(needs(text)).toEqual({
    KEY_A: "required",
    KEY_B: "optional",
    KEY_C: "required",
    KEY_D: "read",
    KEY_E: "optional",
    KEY_F: "optional",
    KEY_G: "required",
  });
});

test("settings that count an empty value as none say so", () => {
  const text = (empty: string) =>
    `from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    model_config = {"env_ignore_empty": ${empty}}\n    a: str = "x"\n`;
  expect(read(text("True")).reads[0]).toMatchObject({ name: "A", need: "optional", emptyIsAbsent: true });
  expect(read(text("False")).reads[0]).not.toHaveProperty("emptyIsAbsent");
});
