import { expect, test } from "vitest";
import { descriptors } from "../../src/catalog/descriptors.generated.ts";
import type { CheckOptions } from "../../src/commands/check.ts";
import { explainRule } from "../../src/commands/explain.ts";

const options = { cwd: "/" } as CheckOptions;
const words = (text: string) => text.split(/\s+/).join(" ");
const prose = (text: string) => text.slice(0, text.search(/\n(?:Example: |Switch it off)/));

test.each(descriptors.map(({ id }) => id))("%s, filled to a terminal's width, says the same words", async (id) => {
  const plain = await explainRule(id, options);
  const filled = await explainRule(id, options, 72);
  expect(words(filled)).toBe(words(plain));
  for (const line of prose(filled).split("\n")) if (!/^\s{3}/.test(line)) expect(line.length).toBeLessThanOrEqual(72);
});

test("prose goes no wider than findings, and paragraphs stay apart", async () => {
  const wide = await explainRule("migrations/nullable-json-filter", options, 400);
  expect(
    Math.max(
      ...prose(wide)
        .split("\n")
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(120);
  expect(wide).toMatch(/none\.\n\nA column/);
});
