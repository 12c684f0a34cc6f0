import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonFault } from "../../src/sources/json-fault.ts";

test.each([
  ['{"a": }', 6],
  ['{"a": 1 "b": 2}', 8],
  ["[1, 2", 5],
  ['{"a": 1}}', 8],
  ['{"a": tru}', 6],
  ["", 0],
  ['{"a": "x\n"}', 6],
  ['{"a": 1, // why\n "b": [1, 2,],}', null],
])("%j", (text, offset) => {
  expect(jsonFault(text)).toBe(offset);
});

test("what JSON.parse takes has no fault, and the place of a fault lies in the text", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonFault(text)).toBeNull();
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "a", "1", " ", "\n", "/*", "*/", "//", "\\", "true")),
      (parts) => {
        const text = parts.join("");
        const offset = jsonFault(text);
        if (offset !== null) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
          expect(() => JSON.parse(text)).toThrow();
        }
      },
    ),
  );
});
