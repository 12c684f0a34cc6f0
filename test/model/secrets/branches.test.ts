import { beforeAll, describe, expect, test } from "vitest";
import { pythonEnvironmentExtractor } from "../../../src/facts/python-environment.ts";
import { holds, type KnownVariable } from "../../../src/model/secrets/branches.ts";
import { readJavascriptEnvironment } from "../../../src/sources/javascript-environment.ts";
import type { EnvironmentReads } from "../../../src/types/environment-read.ts";

type Outcome = "required" | "note" | "not needed";
type Known = Record<string, KnownVariable>;

/** What becomes of KEY where the variables of `known` are known, and nothing is of the others. */
function outcome({ reads }: EnvironmentReads, known: Known): Outcome {
  const key = reads.filter((one) => one.name === "KEY" && one.need === "required");
  expect(reads.map((one) => one.name)).toContain("KEY");
  const taken = key.map(({ when }) => (when === undefined ? true : holds(when, (name) => known[name] ?? null)));
  if (taken.includes(true)) return "required";
  return taken.includes(null) ? "note" : "not needed";
}

const S3: Known = { STORE: ["s3"] };
const DISK: Known = { STORE: ["disk"] };
const UNSET: Known = { STORE: [null] };
const THERE: Known = { STORE: "present" };

beforeAll(() => pythonEnvironmentExtractor.prepare?.());

const python = (text: string) =>
  pythonEnvironmentExtractor.extract({ bytes: () => Buffer.from(text), text: () => text });

describe("Python: a read behind a test of another variable", () => {
  const store = 'store = os.environ.get("STORE", "disk")\n';
  test.each<[string, string, Known, Outcome]>([
    ["the branch is taken", `${store}if store == "s3":\n    os.environ["KEY"]`, S3, "required"],
    ["the branch is not taken", `${store}if store == "s3":\n    os.environ["KEY"]`, DISK, "not needed"],
    ["the default says it", `${store}if store == "s3":\n    os.environ["KEY"]`, UNSET, "not needed"],
    ["the text cannot be told", `${store}if store == "s3":\n    os.environ["KEY"]`, THERE, "note"],
    ["nothing is known", `${store}if store == "s3":\n    os.environ["KEY"]`, {}, "note"],
    ["else, taken", `${store}if store == "s3":\n    pass\nelse:\n    os.environ["KEY"]`, UNSET, "required"],
    ["else, not taken", `${store}if store == "s3":\n    pass\nelse:\n    os.environ["KEY"]`, S3, "not needed"],
    ["elif", `${store}if store == "s3":\n    pass\nelif store == "gcs":\n    os.environ["KEY"]`, S3, "not needed"],
    ["in", `${store}if store in ("s3", "gcs"):\n    os.environ["KEY"]`, UNSET, "not needed"],
    ["!=", `${store}if store != "disk":\n    os.environ["KEY"]`, UNSET, "not needed"],
    ["whatever the case", `${store}if store.lower() == "s3":\n    os.environ["KEY"]`, { STORE: ["S3"] }, "required"],
    ["conditional expression", `${store}a = os.environ["KEY"] if store == "s3" else None`, UNSET, "not needed"],
    ["and", `${store}a = store == "s3" and os.environ["KEY"]`, UNSET, "not needed"],
    ["or", `${store}a = store == "disk" or os.environ["KEY"]`, UNSET, "not needed"],
    ["match", `${store}match store:\n    case "s3" | "minio":\n        os.environ["KEY"]`, UNSET, "not needed"],
    [
      "match, the rest",
      `${store}match store:\n    case "disk":\n        pass\n    case _:\n        os.environ["KEY"]`,
      S3,
      "required",
    ],
    [
      "a guard that returns",
      `${store}def f():\n    if store != "s3":\n        return\n    os.environ["KEY"]`,
      UNSET,
      "not needed",
    ],
    [
      "the failure itself is in the branch",
      `${store}key = os.getenv("KEY")\nif store == "s3" and not key:\n    raise E()`,
      UNSET,
      "not needed",
    ],
    ["a derived flag", 'on = os.getenv("STORE", "no") == "s3"\nif on:\n    os.environ["KEY"]', UNSET, "not needed"],
    ["presence", 'if os.getenv("STORE"):\n    os.environ["KEY"]', UNSET, "not needed"],
    ["presence, by name", 'if "STORE" in os.environ:\n    os.environ["KEY"]', UNSET, "not needed"],
    ["absence, by name", 'if "STORE" not in os.environ:\n    os.environ["KEY"]', THERE, "not needed"],
    ["presence, there", 'if os.getenv("STORE"):\n    os.environ["KEY"]', THERE, "required"],
    [
      "a flag of django-environ",
      'import environ\nenv = environ.Env()\nif env.bool("STORE", default=False):\n    os.environ["KEY"]',
      UNSET,
      "not needed",
    ],
    [
      "a setting of another module",
      'from conf import settings\nif settings.STORE == "s3":\n    os.environ["KEY"]',
      UNSET,
      "note",
    ],
    ["something of the text", 'if os.environ.get("STORE", "").startswith("s3"):\n    os.environ["KEY"]', S3, "note"],
    ["its own absence raises", 'if not os.environ.get("KEY"):\n    raise E()', {}, "required"],
    [
      "one of two absences raises",
      'a = os.getenv("KEY")\nif not os.getenv("STORE") or not a:\n    raise E()',
      {},
      "required",
    ],
    ["all of a list", 'if not all([os.getenv("STORE"), os.getenv("KEY")]):\n    raise E()', {}, "required"],
    ["after a test that raises", `${store}if store != "s3":\n    raise E()\nos.environ["KEY"]`, UNSET, "required"],
    [
      "a function's argument",
      `${store}def f(store):\n    if store == "s3":\n        os.environ["KEY"]`,
      UNSET,
      "required",
    ],
    [
      "an argument as well",
      `${store}def f(a):\n    if a or store == "s3":\n        os.environ["KEY"]`,
      UNSET,
      "required",
    ],
    ["nothing of the environment", 'import sys\nif sys.platform == "linux":\n    os.environ["KEY"]', {}, "required"],
  ])("%s", (_, text, known, expected) => {
    expect(outcome(python(`import os\n${text}\n`), known)).toBe(expected);
  });
});

describe("TypeScript: a read behind a test of another variable", () => {
  const store = 'const store = process.env.STORE ?? "disk";\n';
  const key = "process.env.KEY!";
  test.each<[string, string, Known, Outcome]>([
    ["the branch is taken", `${store}if (store === "s3") use(${key});`, S3, "required"],
    ["the branch is not taken", `${store}if (store === "s3") use(${key});`, DISK, "not needed"],
    ["the default says it", `${store}if (store === "s3") use(${key});`, UNSET, "not needed"],
    ["the text cannot be told", `${store}if (store === "s3") use(${key});`, THERE, "note"],
    ["nothing is known", `${store}if (store === "s3") use(${key});`, {}, "note"],
    ["else, taken", `${store}if (store === "s3") {} else use(${key});`, UNSET, "required"],
    ["else, not taken", `${store}if (store === "s3") {} else use(${key});`, S3, "not needed"],
    ["conditional expression", `${store}export const a = store === "s3" ? { k: ${key} } : null;`, UNSET, "not needed"],
    ["&&", `${store}export const a = store === "s3" && ${key};`, UNSET, "not needed"],
    ["||", `${store}export const a = store === "disk" || ${key};`, UNSET, "not needed"],
    ["switch", `${store}switch (store) { case "minio": case "s3": use(${key}); }`, UNSET, "not needed"],
    [
      "switch, falling through",
      `${store}switch (store) { case "minio": case "s3": use(${key}); }`,
      { STORE: ["minio"] },
      "required",
    ],
    ["switch, the rest", `${store}switch (store) { case "disk": break; default: use(${key}); }`, UNSET, "not needed"],
    ["a guard that returns", `${store}function f() { if (store !== "s3") return; use(${key}); }`, UNSET, "not needed"],
    ["includes", `${store}if (["s3", "gcs"].includes(store)) use(${key});`, UNSET, "not needed"],
    [
      "a pattern with a default",
      `const { STORE = "disk" } = process.env;\nif (STORE === "s3") use(${key});`,
      UNSET,
      "not needed",
    ],
    ["a derived flag", `const on = process.env.STORE === "s3";\nif (on) use(${key});`, UNSET, "not needed"],
    ["presence", `if (process.env.STORE) use(${key});`, UNSET, "not needed"],
    ["presence, there", `if (process.env.STORE) use(${key});`, THERE, "required"],
    [
      "the failure itself is in the branch",
      `${store}if (store === "s3" && !process.env.KEY) throw new Error();`,
      UNSET,
      "not needed",
    ],
    [
      "a setting of another module",
      `import { config } from "./config";\nif (config.store === "s3") use(${key});`,
      UNSET,
      "note",
    ],
    [
      "an object of settings",
      `const c = { store: process.env.STORE };\nif (c.store === "s3") use(${key});`,
      UNSET,
      "note",
    ],
    ["its own absence throws", "if (!process.env.KEY) throw new Error();", {}, "required"],
    ["its own absence throws, by a variable", "let a = process.env.KEY;\nif (!a) throw new Error();", {}, "required"],
    ["its type", "if (typeof process.env.KEY === 'undefined') throw new Error();", {}, "required"],
    ["one of two absences throws", "if (!process.env.STORE || !process.env.KEY) throw new Error();", {}, "required"],
    ["after a test that throws", `${store}if (store !== "s3") throw new Error();\nuse(${key});`, UNSET, "required"],
    [
      "a function's argument",
      `${store}function f(store: string) { if (store === "s3") use(${key}); }`,
      UNSET,
      "required",
    ],
    [
      "an argument as well",
      `${store}function f(a: boolean) { if (a || store === "s3") use(${key}); }`,
      UNSET,
      "required",
    ],
    ["nothing of the environment", `if (process.platform === "linux") use(${key});`, {}, "required"],
  ])("%s", (_, text, known, expected) => {
    expect(outcome(readJavascriptEnvironment(text), known)).toBe(expected);
  });
});

test("names that double at each step, and guards by the thousand, end in time and stay small", () => {
  const names = Array.from({ length: 40 }, (_, at) => `a${at}`);
  const doubled = (and: string, end: string) =>
    names.map((name, at) => (at === 39 ? `${name} = ${end}` : `${name} = ${names[at + 1]} ${and} ${names[at + 1]}`));
  const guards = Array.from({ length: 1000 }, (_, at) => at);
  const texts = [
    readJavascriptEnvironment(
      [...doubled("&&", "process.env.STORE").map((one) => `const ${one};`), "if (a0) use(process.env.KEY!);"].join(
        "\n",
      ),
    ),
    readJavascriptEnvironment(
      `function f() { ${guards.map((at) => `if (process.env.G${at} !== "x") return; use(process.env.KEY!);`).join("\n")} }`,
    ),
    python(`import os\n${doubled("and", 'os.getenv("STORE")').reverse().join("\n")}\nif a0:\n    os.environ["KEY"]\n`),
    python(
      `import os\ndef f():\n${guards.map((at) => `    if os.getenv("G${at}") != "x":\n        return\n    os.environ["KEY"]\n`).join("")}`,
    ),
  ];
  for (const one of texts) {
    expect(one.reads.some(({ name }) => name === "KEY")).toBe(true);
    expect(JSON.stringify(one.reads).length).toBeLessThan(3_000_000);
  }
}, 10_000);
