import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ruleNeeds } from "../.ci/rule-needs.ts";
import { generatedFiles, readRules } from "../src/catalog/generated-files.ts";
import { parseBuiltInRule, parseOwnRule } from "../src/catalog/rule-file.ts";

const root = join(import.meta.dirname, "..");

test("every generated file is as `npm run generate` writes it", async () => {
  const stale = [...generatedFiles(root, await ruleNeeds(root))].filter(
    ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text,
  );
  expect(stale.map(([path]) => path)).toEqual([]);
});

test("every rule has a family, an id in kebab-case, and says why and how to mend", () => {
  for (const rule of readRules(root)) {
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z0-9]+)*$/);
    expect(rule.why.length).toBeGreaterThan(40);
    expect(rule.fix.length).toBeGreaterThan(10);
  }
});

describe("a broken rule file is refused with its place", () => {
  const good =
    "title: T\nseverity: error\nwhy: w\nfix: f\nexamples: [{ title: a, findings: [{ at: 'x:1' }] }, { title: b }]\n";
  test.each([
    ["a severity that is none", good.replace("severity: error", "severity: fatal"), "rules/a/b.yaml:2:11: `severity`"],
    [
      "an unknown key",
      `${good}severty: error\n`,
      'rules/a/b.yaml:6:1: unknown key `severty`. Did you mean "severity"?',
    ],
    ["a missing text", good.replace("why: w\n", ""), "rules/a/b.yaml:1:1: `why`"],
    ["no valid YAML", "title: [\n", "rules/a/b.yaml:2:1: not valid YAML"],
    [
      "an option whose default has another type",
      `${good}options: { max: { type: integer, default: many, description: d } }\n`,
      "the default of option `max` is no integer",
    ],
    ["a single example", good.replace(/, \{ title: b \}/, ""), "`examples`"],
  ])("%s", (_, text, message) => {
    expect(() => parseBuiltInRule(text, "rules/a/b.yaml")).toThrow(message);
  });

  test("a team's rule without a check", () => {
    expect(() => parseOwnRule("title: T\n", ".predeploy/rules/x.yaml")).toThrow(".predeploy/rules/x.yaml:1:1: `check`");
  });
});
