import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIni, parseProcfile } from "../../src/sources/ini.ts";

test("sections, both separators, comments and continuation lines", () => {
  const text = "# c\n[a]\nkey = value ; note\nother: x=y\nlong =\n  one\n  two\n[b]\r\nempty=\r\n";
  expect(
    parseIni(text).sections.map(({ name, values }) => [name, values.map(({ key, value }) => [key, value])]),
  ).toEqual([
    [
      "a",
      [
        ["key", "value"],
        ["other", "x=y"],
        ["long", "one\ntwo"],
      ],
    ],
    ["b", [["empty", ""]]],
  ]);
  const [value] = parseIni(text).sections[0]!.values;
  expect(text.slice(value!.start, value!.end)).toBe("value");
});

test("processes of a Procfile with the place of their command", () => {
  const text = "# c\nweb:  gunicorn a:b \nworker: python w.py\nnot a process\n";
  expect(parseProcfile(text).lines.map((line) => [line.name, text.slice(line.start, line.end)])).toEqual([
    ["web", "gunicorn a:b"],
    ["worker", "python w.py"],
  ]);
});

test("any text is read without throwing, within its bounds", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.constantFrom("", "[a]\n", "web: "), (text, before) => {
      const whole = before + text;
      for (const section of parseIni(whole).sections)
        for (const one of section.values) expect(one.end).toBeLessThanOrEqual(whole.length);
      for (const line of parseProcfile(whole).lines) expect(line.end).toBeLessThanOrEqual(whole.length);
    }),
  );
});
