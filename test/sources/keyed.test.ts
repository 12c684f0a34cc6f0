import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIniValues, parseProperties } from "../../src/sources/properties.ts";
import { parseToml } from "../../src/sources/toml.ts";
import { parseXml } from "../../src/sources/xml.ts";
import type { KeyedFile } from "../../src/types/keyed.ts";

const flat = (file: KeyedFile) => file.values.map((each) => [each.path.join("/"), each.text]);
const ranges = (text: string, file: KeyedFile) =>
  file.values.map((each) => [text.slice(each.keyStart, each.keyEnd), text.slice(each.start, each.end)]);

test("TOML: tables, arrays of tables, dotted keys, inline tables, strings of four kinds", () => {
  const text = `top = 1 # c
[a.b]
"k.x" = "v\\n\\u0041"
c.d = 'raw\\n'
list = [
  "x", # c
  ["y", 2],
]
inline = { p = true, q.r = "s" }
when = 1979-05-27 07:32:00
long = """
one \\
   two"""
[[t]]
n = "1"
[[t]]
n = "2"
[t.u]
v = ''
`;
  const file = parseToml(text);
  expect(file.errors).toEqual([]);
  expect(flat(file)).toEqual([
    ["top", "1"],
    ["a/b/k.x", "v\nA"],
    ["a/b/c/d", "raw\\n"],
    ["a/b/list/0", "x"],
    ["a/b/list/1/0", "y"],
    ["a/b/list/1/1", "2"],
    ["a/b/inline/p", "true"],
    ["a/b/inline/q/r", "s"],
    ["a/b/when", "1979-05-27 07:32:00"],
    ["a/b/long", "one two"],
    ["t/0/n", "1"],
    ["t/1/n", "2"],
    ["t/1/u/v", ""],
  ]);
  expect(ranges(text, file)[1]).toEqual(["k.x", "v\\n\\u0041"]);
  expect(ranges(text, file)[7]).toEqual(["q.r", "s"]);
});

test("TOML: a broken line is an error, the next one is read; CRLF and a byte order mark", () => {
  const file = parseToml('\uFEFFa = "1"\r\nb = \r\nc = "open\r\n[x\r\nd = "4"\r\n');
  expect(flat(file)).toEqual([
    ["a", "1"],
    ["d", "4"],
  ]);
  expect(file.errors.length).toBe(3);
});

test("properties: separators, comments, continued lines, escapes", () => {
  const text = "# c\n! d\na.b=1\nc : 2\nd 3\ne=x\\\n   y\nf\\=g=h\\u0041\nempty=\n";
  expect(flat(parseProperties(text))).toEqual([
    ["a.b", "1"],
    ["c", "2"],
    ["d", "3"],
    ["e", "xy"],
    ["f=g", "hA"],
    ["empty", ""],
  ]);
  expect(ranges(text, parseProperties(text))[1]).toEqual(["c", "2"]);
});

test("ini: sections, comments, quotes", () => {
  const text = 'top=1\n; c\n[db]\nurl = "postgres://x" ; c\n# d\npassword: a#b\r\nbare\n';
  const file = parseIniValues(text);
  expect(flat(file)).toEqual([
    ["top", "1"],
    ["db/url", "postgres://x"],
    ["db/password", "a#b"],
  ]);
  expect(file.errors).toHaveLength(1);
  expect(ranges(text, file)[1]).toEqual(["url", "postgres://x"]);
});

test("XML: attributes, texts, CDATA, entities; comments and declarations hold no values", () => {
  const text = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><!-- <b>c</b> -->
<configuration>
  <add key="Url" value='a &amp; b'/>
  <name> text </name><x><![CDATA[<raw>]]></x>
</configuration>`;
  const file = parseXml(text);
  expect(flat(file)).toEqual([
    ["configuration/add/@key", "Url"],
    ["configuration/add/@value", "a & b"],
    ["configuration/name", "text"],
    ["configuration/x", "<raw>"],
  ]);
  expect(ranges(text, file).slice(1, 3)).toEqual([
    ["value", "a &amp; b"],
    ["name", "text"],
  ]);
});

const parsers: [string, (text: string) => KeyedFile, string[]][] = [
  [
    "TOML",
    parseToml,
    ["a = ", "[", "]", "{", "}", '"', '"""', "'", "\\", "#", "\n", "\r\n", ",", ".", "[[t]]\n", "1", " "],
  ],
  ["properties", parseProperties, ["a=", "\\", "\n", "\r\n", "#", ":", " ", "\\u00"]],
  ["ini", parseIniValues, ["[s]", "a=", "\n", "\r\n", ";", '"', " "]],
  [
    "XML",
    parseXml,
    [
      "<a",
      ">",
      "/>",
      "</a>",
      ' b="',
      '"',
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<!DOCTYPE",
      "[",
      "&lt;",
      "&#x1F600;",
      "&#9999999;",
      "x",
      "<?",
      "?>",
    ],
  ],
];

test.each(parsers)("%s: any text gives values within bounds", (_, parse, marks) => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...marks)), { maxLength: 25 }),
      (pieces) => {
        const text = pieces.join("");
        const file = parse(text);
        for (const each of file.values) {
          expect(each.start).toBeGreaterThanOrEqual(0);
          expect(each.end).toBeGreaterThanOrEqual(each.start);
          expect(each.end).toBeLessThanOrEqual(text.length);
          expect(each.keyEnd).toBeGreaterThanOrEqual(each.keyStart);
        }
        for (const error of file.errors) expect(error.offset).toBeLessThanOrEqual(text.length);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each(parsers)("%s: long runs of each mark end in time", (_, parse, marks) => {
  for (const mark of marks) expect(parse(mark.repeat(20_000)).lineStarts.length).toBeGreaterThan(0);
});
