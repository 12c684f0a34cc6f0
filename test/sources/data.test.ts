import fc from "fast-check";
import { expect, test } from "vitest";
import { parseData } from "../../src/sources/data.ts";
import type { DataNode } from "../../src/types/data.ts";

/** The plain value, for comparison. */
function value(node: DataNode | null | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === "list") return node.items.map(value);
  if (node.kind === "map") return Object.fromEntries(node.entries.map((entry) => [entry.key.text, value(entry.value)]));
  return node.value;
}

const root = (text: string) => parseData(text).documents[0]?.root;
const errors = (text: string) => parseData(text).documents.flatMap((document) => document.errors);

test.each<[string, string, unknown]>([
  ["the key `on` stays text", "on: push\n", { on: "push" }],
  [
    "core schema: yes and 1:30 are text, 0x1F and true are not",
    "a: yes\nb: 1:30\nc: 0x1F\nd: true\n",
    { a: "yes", b: "1:30", c: 31, d: true },
  ],
  ["anchors and aliases", "a: &x [1]\nb: *x\n", { a: [1], b: [1] }],
  ["merge keys, own keys first", "a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n", { a: { b: 1, c: 2 }, d: { b: 3, c: 2 } }],
  [
    "lists of merge keys, the first wins",
    "a: &a {k: 1}\nb: &b {k: 2, l: 3}\nc: {<<: [*a, *b]}\n",
    { a: { k: 1 }, b: { k: 2, l: 3 }, c: { k: 1, l: 3 } },
  ],
  ["a byte order mark and CRLF", '\uFEFFa: "b"\r\nc: |\r\n  x\r\n  y\r\n', { a: "b", c: "x\ny\n" }],
  ["JSON with tabs", '{\n\t"a": {\n\t\t"b": "x // y"\n\t}\n}\n', { a: { b: "x // y" } }],
  [
    "JSON with comments and trailing commas",
    '// c\n{\n  // d\n  "a": 1, /* e */ "b": ["/*",],\n}\n',
    { a: 1, b: ["/*"] },
  ],
  [
    "a quoted text whose lines stand under their key, as libyaml reads them",
    "env:\n  A: \"${{ x\n    || y\n  }}\"\n  B: 'p\n  q'\nc: 1\n",
    { env: { A: "${{ x || y   }}", B: "p   q" }, c: 1 },
  ],
  ["a URL in a YAML flow map", "{a: http://x/y}\n", { a: "http://x/y" }],
  ["JSON escapes", '{"a": "\\ud83d\\ude00\\/"}', { a: "😀/" }],
])("%s", (_, text, expected) => {
  expect(errors(text)).toEqual([]);
  expect(value(root(text))).toEqual(expected);
});

test("documents, empty ones too", () => {
  expect(parseData("a: 1\n---\n---\nb: 2\n").documents.map((document) => value(document.root))).toEqual([
    { a: 1 },
    undefined,
    { b: 2 },
  ]);
  expect(parseData("").documents).toEqual([{ root: null, errors: [] }]);
});

test("duplicate keys stand twice, in order", () => {
  const node = root("a: 1\na: 2\n");
  expect(node?.kind === "map" && node.entries.map((entry) => value(entry.value))).toEqual([1, 2]);
});

test("ranges are those of the file, byte order mark included", () => {
  const text = "\uFEFFkey: 'v'\n";
  const node = root(text);
  if (node?.kind !== "map") throw new Error("a map");
  const [entry] = node.entries;
  expect(text.slice(entry?.key.start, entry?.key.end)).toBe("key");
  expect(text.slice(entry?.value.start, entry?.value.end)).toBe("'v'");
});

test("an alias has the range of its anchor's node, a merged entry is marked", () => {
  const text = "a: &x {b: 1}\nc: *x\nd: {<<: *x}\n";
  const node = root(text);
  if (node?.kind !== "map") throw new Error("a map");
  expect(node.entries[1]?.value.start).toBe(node.entries[0]?.value.start);
  const last = node.entries[2]?.value;
  expect(last?.kind === "map" && last.entries[0]).toMatchObject({ merged: true });
});

test("text as the reader sees it", () => {
  const node = root("a: 007\nb: 1.10\nc: ~\nd: !Sub x\n");
  expect(
    node?.kind === "map" && node.entries.map((entry) => entry.value.kind === "scalar" && entry.value.text),
  ).toEqual(["007", "1.10", "~", "x"]);
  expect(node?.kind === "map" && node.entries[3]?.value.tag).toBe("!Sub");
});

test.each([
  ["a tab as indentation", "a:\n\tb: 1\n", /Tabs/],
  ["a quoted text that nothing closes", 'a: "b\nc: 1\n', /closing "quote/],
  ["an alias without anchor", "a: *b\n", /no anchor/],
  ["an alias of its own node", "a: &a [*a]\n", /no anchor/],
  ["brackets nested too deeply", "[".repeat(100_000), /nested too deeply/],
  ["dashes nested too deeply", "- ".repeat(50_000), /nested too deeply/],
  [
    "an alias bomb",
    ["a0: &a0 [x]", ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`)].join("\n"),
    /too many/,
  ],
  ["a file over the cap", `{"a":"${"x".repeat(20_000_000)}"}`, /larger than/],
])("%s is an error value", (_, text, message) => {
  expect(errors(text).some((error) => message.test(error.message))).toBe(true);
});

test("any text gives nodes within bounds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "a: ",
      "- ",
      "\n",
      "\r\n",
      "  ",
      "\t",
      "&a ",
      "*a",
      "<<: ",
      "{",
      "}",
      "[",
      "]",
      '"',
      "'",
      "|\n",
      ">-\n",
      "---\n",
      "...\n",
      "%YAML 1.1\n",
      "? ",
      "!t ",
      "#",
      "//",
      "/*",
      "\uFEFF",
      ",",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join("");
      const file = parseData(text);
      const visit = (node: DataNode): void => {
        expect(node.start).toBeGreaterThanOrEqual(0);
        expect(node.end).toBeGreaterThanOrEqual(node.start);
        expect(node.end).toBeLessThanOrEqual(text.length);
        if (node.kind === "list") node.items.forEach(visit);
        if (node.kind === "map") node.entries.flatMap((entry) => [entry.key, entry.value]).forEach(visit);
      };
      for (const document of file.documents) {
        if (document.root) visit(document.root);
        for (const error of document.errors) expect(error.offset).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 2000 },
  );
});
