import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDotenv } from "../../src/sources/dotenv.ts";

const values = (text: string) => parseDotenv(text).entries.map((entry) => [entry.name, entry.value]);

test.each<[string, string, [string, string][]]>([
  [
    "plain, empty, spaces around",
    "A=1\nB=\n  C = x y  \n",
    [
      ["A", "1"],
      ["B", ""],
      ["C", "x y"],
    ],
  ],
  [
    "quotes of three kinds",
    "A='x # y'\nB=\"x\\ny\"\nC=`'\"`\n",
    [
      ["A", "x # y"],
      ["B", "x\ny"],
      ["C", "'\""],
    ],
  ],
  ["no escapes in single quotes", "A='x\\ny'\n", [["A", "x\\ny"]]],
  [
    "export and colon",
    "export A=1\nB: 2\n",
    [
      ["A", "1"],
      ["B", "2"],
    ],
  ],
  [
    "values over several lines",
    'A="x\ny"\nB=2\n',
    [
      ["A", "x\ny"],
      ["B", "2"],
    ],
  ],
  [
    "a comment only after white space",
    'A=b#c\nB=b #c\nC="d" # e\n#F=1\nG=#h\n',
    [
      ["A", "b#c"],
      ["B", "b"],
      ["C", "d"],
      ["G", ""],
    ],
  ],
  [
    "CRLF and a byte order mark",
    '\uFEFFA=1\r\nB="2"\r\n',
    [
      ["A", "1"],
      ["B", "2"],
    ],
  ],
  [
    "duplicates stay in order",
    "A=1\nA=2\n",
    [
      ["A", "1"],
      ["A", "2"],
    ],
  ],
  ["names with dots and dashes", "a.b-c=1\n", [["a.b-c", "1"]]],
  ["an equals sign in the value", "A=x=y==\n", [["A", "x=y=="]]],
  ["an escaped quote", 'A="x\\"y"\n', [["A", 'x\\"y']]],
])("%s", (_, text, expected) => {
  expect(values(text)).toEqual(expected);
  expect(parseDotenv(text).errors).toEqual([]);
});

test.each([
  ["a line without assignment", "A=1\nnot an assignment\n", "no-assignment", "not an assignment"],
  ["a name alone, which compose passes on", "A\n", "no-assignment", "A"],
  ["a quote that never closes", 'A="x\nB=1\n', "unclosed-quote", '"x'],
  ["a written \\n between assignments", "A=1\\nB=2\n", "literal-newline", "1\\nB=2"],
])("%s", (_, text, kind, at) => {
  const { errors } = parseDotenv(text);
  expect(errors.map((error) => [error.kind, text.slice(error.start, error.end)])).toEqual([[kind, at]]);
});

test("ranges of name and value, without the quotes", () => {
  const text = "\uFEFFexport export='v'\n";
  const [entry] = parseDotenv(text).entries;
  expect(text.slice(entry?.start, entry?.end)).toBe("export");
  expect(entry?.start).toBe(8);
  expect(text.slice(entry?.valueStart, entry?.valueEnd)).toBe("v");
});

test("many open quotes end in time", () => {
  expect(parseDotenv('A="\\\n'.repeat(200_000)).entries.length).toBeGreaterThan(1);
});

test("any text gives entries within bounds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("A=", "\n", "\r\n", '"', "'", "`", "\\", "#", " ", "export ", ": ", "\uFEFF"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const text = pieces.join("");
      const file = parseDotenv(text);
      for (const entry of file.entries) {
        expect(text.slice(entry.start, entry.end)).toBe(entry.name);
        expect(entry.valueStart).toBeGreaterThanOrEqual(entry.end);
        expect(entry.valueEnd).toBeGreaterThanOrEqual(entry.valueStart);
        expect(entry.valueEnd).toBeLessThanOrEqual(text.length);
      }
      for (const error of file.errors) expect(error.end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});
