import { expect, test } from "vitest";
import { valueAt } from "../../src/model/data.ts";
import { parseData } from "../../src/sources/data.ts";
import { scalarOffsets } from "../../src/sources/scalar-text.ts";

test.each([
  ["plain", "run: one two three\n"],
  ["plain over lines", "run: one\n  two\n\n  three\n"],
  ["double-quoted", 'run: "one \\"x\\" two three"\n'],
  ["single-quoted", "run: 'one two three'\n"],
  ["literal", "run: |\n  one\n    two\n\n  three\n"],
  ["literal with an indentation indicator", "run: |2-\n    one\n  two\n  three\n"],
  ["folded", "run: >-\n  one\n  two\n\n  three\n"],
  ["CRLF", "run: |\r\n  one\r\n  two\r\n  three\r\n"],
])("%s: words of the value stand at their place in the file", (_, text) => {
  const node = valueAt(parseData(text).documents[0]?.root, "run");
  if (node?.kind !== "scalar") throw new Error("a scalar");
  const toFile = scalarOffsets(text, node);
  for (const word of ["one", "two", "three"]) {
    const at = node.text.indexOf(word);
    expect(text.slice(toFile(at), toFile(at + word.length))).toBe(word);
  }
});
