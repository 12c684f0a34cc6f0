import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRules } from "../src/catalog/generated-files.ts";
import { withDefaults } from "../src/catalog/options.ts";
import type { ExpectedFinding, RuleDescriptor, RuleExample } from "../src/types/rule.ts";
import { runRule } from "./support/run-rule.ts";

const root = join(import.meta.dirname, "..");
const rules = readRules(root);

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (_, rule) => {
  test("has an example that is found and a look-alike that is not", () => {
    expect(rule.examples.some((one) => one.findings.length > 0)).toBe(true);
    expect(rule.examples.some((one) => one.findings.length === 0 && !one.undecided)).toBe(true);
  });

  test.each(rule.examples.map((example) => [example.title, example] as const))("%s", async (_title, example) => {
    const { findings, undecided } = await runExample(rule, example);
    const seen = findings.map((one) => {
      const at = `${one.at.path}:${one.at.start.line}`;
      const wanted = example.findings.find(
        (expected) => expected.at === at || expected.at === `${at}:${one.at.start.column}`,
      );
      return { at: wanted?.at ?? at, subject: one.subject, severity: one.severity, message: one.message };
    });
    expect(
      seen.map((one) => reduced(one, example.findings)),
      JSON.stringify(seen, null, 1),
    ).toEqual(
      example.findings.map((one) => ({
        ...one,
        ...(one.message === undefined ? {} : { message: expect.stringContaining(one.message) }),
      })),
    );
    expect(undecided.length > 0, JSON.stringify(undecided)).toBe(example.undecided ?? false);
  });
});

/** Only the keys that the expectation at the same place names. */
function reduced(seen: Required<ExpectedFinding>, expected: readonly ExpectedFinding[]): Partial<ExpectedFinding> {
  const candidates = expected.filter((one) => one.at === seen.at);
  const wanted = candidates.find((one) => one.subject === seen.subject) ?? candidates[0];
  if (!wanted) return seen;
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, seen[key as keyof ExpectedFinding]]));
}

function runExample(rule: RuleDescriptor, example: RuleExample) {
  const options = withDefaults(rule.options, example.options ?? {}, () => rule.id);
  // A suppression is judged by what the rules that the examples are about have found.
  const named = rule.id.startsWith("suppressions/")
    ? rules.filter(({ id }) => id === "dockerignore/pattern-invalid" || id === "placeholders/leftover")
    : [];
  return runRule({ ...rule, options }, example, named);
}
