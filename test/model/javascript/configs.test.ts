import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonc } from "../../../src/model/javascript/configs.ts";

test.each([
  ['{ "a": 1, /* c */ "b": [1, 2,], // d\n}', { a: 1, b: [1, 2] }],
  ['\uFEFF{ "url": "http://x//y", "glob": "/*,}" , }', { url: "http://x//y", glob: "/*,}" }],
  ['{ "a": "\\"//" }', { a: '"//' }],
  ["{ a: 1 }", null],
  ["// only\n/* open", null],
])("%s", (text, expected) => {
  expect(parseJsonc(text)).toEqual(expected);
});

test("what is JSON stays the same, whatever it holds", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseJsonc(JSON.stringify(value, null, 1))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("any text is read without throwing", () => {
  const piece = fc.oneof(
    fc.constantFrom('"', "\\", "/*", "*/", "//", "\n", ",", "{", "}", "[", "]", ":"),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void parseJsonc(pieces.join(""))));
  expect(parseJsonc(`"${'\\"'.repeat(500_000)}`)).toBe(null);
});
