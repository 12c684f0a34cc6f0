import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import published from "../../schema/predeploy.schema.json" with { type: "json" };
import { defaultConfig } from "../../src/config/default.ts";
import { fittingConfig } from "../../src/config/fitting.ts";
import { parseConfig } from "../../src/config/load.ts";
import { configSchema } from "../../src/config/schema.ts";

const everyKey: unknown = parse(`
$schema: https://example.com/predeploy.schema.json
version: 1
ignore: [legacy/**, "!legacy/kept.py"]
environments:
  staging:
    branch: main
    compare: [develop]
    files: ["deploy/staging/**"]
    deployed: { ref: staging }
    drift: { max-waiting: 3, max-lost: 1, max-age-days: 5, fixes: "off", paths: [api], ignore-whitespace: true }
    inventory:
      - { declared: [API_KEY], namespace: ci, complete: true }
      - { env-file: .env.staging }
      - { github: true }
      - { secret-manager: { project: shop } }
    requires: [API_KEY]
    values:
      URL: https://shop.example.com
      WORKERS: 4
      DEBUG: false
      LEVEL: { one-of: [info, 2, true], matches: "^i", forbidden: false, min: 0.5, max: 9, optional: true }
  production: { deployed: { file: { path: deploy/version, pattern: "v(.+)" } } }
  preview: { deployed: { github-environment: preview } }
drift: [{ head: main, base: production, max-lost: 2 }]
images:
  api: { dockerfile: Dockerfile, context: api, target: run, args: { A: 1, B: b }, entry: "app:run", requires: [a.py], builder: classic, python-path: [lib] }
  worker: { entry: [a.py, b.py] }
startup:
  - { id: first, root: "app.py:run", before: call a, after: [call b, call c], on: all-paths, completed: succeeded, zero-iterations: true }
  - { last: call d, among: [call e], awaited: call f, once: call g, exists: call h, optional: call i, severity: note }
pipeline: [{ id: order, workflow: deploy.yml, before: job a, after: job b, severity: error }]
accessors: [{ name: env, default-argument: 1, required: true }]
placeholders: { words: [SET_ME], allow: [{ path: demo/**, token: SET_ME, reason: a demo, until: 2028-02-29 }], templates: ["*.tpl"] }
checklist: [{ file: DEPLOY.md, section: Before, pull-request: true }]
migrations: { sql-directories: [db] }
rules: { a/b: "off", c/d: warning, e/f: true, g/h: { max: 3, words: [a] } }
suppress: [{ rule: a/b, path: x.py, subject: x, reason: meant, until: 2028-01-01 }]
`);

const wrong = [
  null,
  true,
  0,
  1,
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  "",
  "x",
  "error",
  "2026-02-30",
  [],
  [""],
  [5],
  {},
  { a: 1 },
];

/** Configs with one change each: a value that is another, a key that is gone, misspelled or more. */
function* changed(value: unknown): Generator<unknown> {
  yield* wrong;
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) for (const other of changed(one)) yield value.with(index, other);
    yield [...value, ...value];
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    for (const [index, [key, one]] of entries.entries()) {
      yield Object.fromEntries(entries.toSpliced(index, 1));
      yield Object.fromEntries(entries.with(index, [`${key}s`, one]));
      for (const other of changed(one)) yield Object.fromEntries(entries.with(index, [key, other]));
    }
    yield { ...value, constructor: "x" };
  }
}

/** With the order of keys, which equality does not see. */
const written = (value: unknown) => JSON.stringify(value, (_, one) => (one === undefined ? "undefined" : one));

describe("a config that fits by the published schema", () => {
  it("is what the schema makes of it, whatever key is set", () => {
    expect(written(fittingConfig(everyKey))).toBe(written(configSchema.parse(everyKey)));
  });

  it("has every default", () => {
    expect(fittingConfig({})).toEqual(defaultConfig);
  });

  it("fits the schema also after any one change, and what does not fit is left to the schema", () => {
    const unlike: unknown[] = [];
    let fitting = 0;
    for (const value of changed(everyKey)) {
      const config = fittingConfig(value);
      const { success, data } = configSchema.safeParse(value);
      if (config !== null) fitting++;
      if ((config !== null) !== success || (success && written(config) !== written(data))) unlike.push(value);
    }
    expect(unlike).toEqual([]);
    expect(fitting).toBeGreaterThan(200);
  });
});

test.each([
  ["a tag that makes no plain map", "images: !!set { a, b }\n", "`images` must be a mapping"],
  ["a tag that makes a date", "suppress: [{ rule: a, reason: b, until: !!timestamp 2026-01-01 }]\n", null],
  ["an address", "environments: { a: { deployed: { url: { href: https://a.example.com, pointer: /sha } } } }\n", null],
  ["a key that JavaScript gives a meaning", "rules: { __proto__: off, a/b: off }\n", null],
])("the schema itself is asked about %s", async (_, text, fault) => {
  expect(fittingConfig(parse(text))).toBeNull();
  const config = parseConfig(text, "predeploy.yml");
  await (fault === null ? expect(config).resolves.toBeDefined() : expect(config).rejects.toThrow(fault));
});

test("the published schema is written in the words that a run holds a config to", () => {
  const words = new Set<string>();
  const visit = (shape: Record<string, unknown>): void => {
    for (const [word, value] of Object.entries(shape)) {
      words.add(word);
      if (/^(?:default|const|dependentRequired)$/.test(word) || typeof value !== "object" || value === null) continue;
      const shapes = word === "properties" || Array.isArray(value) ? Object.values(value) : [value];
      for (const one of shapes) if (typeof one === "object" && one !== null) visit(one as Record<string, unknown>);
    }
  };
  visit(published);
  const describing = ["$schema", "title", "description", "propertyNames"];
  const holding =
    "additionalProperties anyOf const default dependentRequired enum format items maximum minItems minLength minimum not pattern properties required type";
  expect([...words].sort()).toEqual([...describing, ...holding.split(" ")].sort());
});
