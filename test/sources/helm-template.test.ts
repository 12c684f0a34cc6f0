import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHelmTemplate } from "../../src/sources/helm-template.ts";

const names = (text: string) => parseHelmTemplate(text).required.map((one) => one.path.join("."));

describe("the values that a template requires", () => {
  test.each([
    ['a: {{ required "m" .Values.a.b }}', ["a.b"]],
    ["a: {{- required `m` $.Values.a | quote -}}", ["a"]],
    ['a: {{ .Values.a | required "m" }}', ["a"]],
    ['a: {{ required (printf "%s" "m") .Values.a }}', ["a"]],
    ['a: {{ required "m" (.Values.a) }}', ["a"]],
    ['a: {{ required "m" (.Values.a | default "x") }}', []],
    ['{{/* required "m" .Values.a */}}', []],
    ['# required "m" .Values.a', []],
    ["a: {{ .Values.required }}", []],
  ])("of %s", (text, expected) => expect(names(text)).toEqual(expected));

  test("stand under the conditions around them", () => {
    const text =
      '{{ if .Values.a }}{{ else if eq .Values.b "x" }}{{ required "m" .Values.c }}{{ end }}{{ required "m" .Values.d }}';
    const [c, d] = parseHelmTemplate(text).required;
    expect(c!.when).toEqual([
      {
        kind: "and",
        of: [
          { kind: "not", of: { kind: "value", path: ["a"] } },
          { kind: "equals", path: ["b"], text: "x" },
        ],
      },
    ]);
    expect(d!.when).toEqual([]);
    expect(text.slice(c!.start, c!.end)).toBe(".Values.c");
  });

  test("are read from any text in bounded time, with positions inside it", () => {
    const parts = fc.constantFrom(
      ...'{{ | }} | {{- | -}} | if | else | end | range | with | define "x" | required | "m" | ` | ( | ) | .Values.a | .Values. | | | eq | not | and | \n | /* | */'.split(
        " | ",
      ),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (words) => {
        const text = words.join(" ");
        for (const { start, end } of parseHelmTemplate(text).required) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(end).toBeGreaterThan(start);
        }
      }),
      { numRuns: 500 },
    );
    const started = performance.now();
    for (const one of ["{{", "{{ required ", "{{ if ", "{{ required (", '{{ required "m" ('])
      parseHelmTemplate(one.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
