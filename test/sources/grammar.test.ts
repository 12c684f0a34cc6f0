import fc from "fast-check";
import { expect, test } from "vitest";
import { type GrammarName, loadGrammar, type SyntaxNode } from "../../src/sources/grammar.ts";

const samples: [GrammarName, string, string][] = [
  ["bash", "set -e && ./run.sh\n", "program"],
  ["hcl", 'a = "b"\n', "config_file"],
];

test.each(samples)("%s: a tree of plain nodes with positions", async (name, text, type) => {
  const tree = (await loadGrammar(name)).parse(text);
  expect(tree).toMatchObject({ hasError: false, truncated: null, root: { type, start: 0 } });
});

test("columns count UTF-16 code units", async () => {
  const { root } = (await loadGrammar("bash")).parse('x="😀"; y=1\n');
  const flat: SyntaxNode[] = [];
  const visit = (node: SyntaxNode) => {
    flat.push(node);
    node.children.forEach(visit);
  };
  visit(root);
  expect(flat.find((node) => node.type === "variable_name" && node.start > 0)).toMatchObject({ start: 8, end: 9 });
});

test.each(samples)("%s: any text gives a tree within bounds", async (name, sample) => {
  const grammar = await loadGrammar(name);
  const piece = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(sample, "(", "{", '"', "<<E\n", "\t", "\r\n"));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const visit = (node: SyntaxNode) => {
        expect(node.start).toBeGreaterThanOrEqual(0);
        expect(node.end).toBeGreaterThanOrEqual(node.start);
        expect(node.end).toBeLessThanOrEqual(text.length);
        node.children.forEach(visit);
      };
      visit(grammar.parse(text).root);
    }),
    { numRuns: 150 },
  );
});

test.each(samples)("%s: deep nesting is cut off, not a stack overflow", async (name) => {
  const grammar = await loadGrammar(name);
  const tree = grammar.parse(`x = ${"(".repeat(20_000)}`);
  expect(tree.hasError || tree.truncated !== null).toBe(true);
  expect(grammar.parse(`x = ${"[".repeat(5_000)}${"]".repeat(5_000)}`).root.start).toBe(0);
});

test("a text over the cap is not parsed", async () => {
  expect((await loadGrammar("bash")).parse("x\n".repeat(3_000_000)).truncated).toMatch(/too large/);
});

test("unclosed here-documents end in time", async () => {
  expect((await loadGrammar("bash")).parse("cat <<A\n".repeat(40_000)).truncated).toMatch(/here-documents/);
});

test("texts that would end the parser are refused, and the next file is still parsed", async () => {
  const grammar = await loadGrammar("bash");
  expect(grammar.parse("a|".repeat(16_000)).truncated).toMatch(/operators/);
  expect(grammar.parse("\0".repeat(16_000)).truncated).toMatch(/not text/);
  expect(grammar.parse("a\n").hasError).toBe(false);
});
