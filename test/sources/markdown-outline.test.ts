import fc from "fast-check";
import { expect, test } from "vitest";
import { parseOutline } from "../../src/sources/markdown-outline.ts";

const items = (text: string) =>
  parseOutline(text.split("\n")).items.map((one) => `${one.checked ? "x" : " "} ${one.text}`);

test.each([
  ["- [ ] a\n* [x] b\n+ [X] c\n1. [ ] d\n2) [x] e", ["  a", "x b", "x c", "  d", "x e"]],
  ["- a\n  - [ ] nested", ["  nested"]],
  ["```\n- [ ] code\n```\n- [ ] after", ["  after"]],
  ["~~~md\n- [ ] code\n~~~", []],
  ["<!-- - [ ] a\n- [ ] b --> \n- [ ] c", ["  c"]],
  ["> - [ ] quoted", []],
  ["[ ] no list\n- [] no box\n- [y] no box\n- ✅ prose", []],
])("task list items of %j", (text, wanted) => {
  expect(items(text)).toEqual(wanted);
});

test("headings of both kinds", () => {
  const { headings } = parseOutline("# A #\ntext\n## B\nC\n---\n- x\n---".split("\n"));
  expect(headings).toEqual([
    { level: 1, title: "A", line: 1 },
    { level: 2, title: "B", line: 3 },
    { level: 2, title: "C", line: 4 },
  ]);
});

test("no text makes it throw, and lines are in bounds", () => {
  const word = fc.constantFrom("- [ ] ", "#", " ", "\n", "```", "<!--", "-->", "> ", "[a](b)", "1. ", "x", "---", "~~");
  fc.assert(
    fc.property(fc.array(word, { maxLength: 80 }), (words) => {
      const lines = words.join("").split("\n");
      const outline = parseOutline(lines);
      for (const one of [...outline.items, ...outline.headings, ...outline.links])
        expect(one.line >= 1 && one.line <= lines.length).toBe(true);
    }),
  );
});
