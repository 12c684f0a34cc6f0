import fc from "fast-check";
import { expect, test } from "vitest";
import { expressionsIn, parseExpression } from "../../src/sources/expressions.ts";

test.each<[string, string, string[]]>([
  ["dots and brackets", "needs.a.outputs['x-y'] != ''", ["needs:a.outputs.x-y"]],
  ["a computed key, and what computes it", "secrets[matrix.name]", ["secrets:?", "matrix:name"]],
  ["filters", "needs.*.result", ["needs:*.result"]],
  ["strings hold nothing", "contains('secrets.A', env.B)", ["env:B"]],
  ["contexts compare without case", "Secrets.A", ["secrets:A"]],
  ["what is read off a call's result is no context", "fromJSON(needs.a.outputs.b).c", ["needs:a.outputs.b"]],
])("accesses: %s", (_, text, expected) => {
  const { accesses, error } = parseExpression(text);
  expect(error).toBeNull();
  expect(accesses.map(({ context, path }) => `${context}:${path.map((key) => key ?? "?").join(".")}`)).toEqual(
    expected,
  );
});

test("calls, negation and the operators around", () => {
  const { calls, accesses } = parseExpression("!cancelled() && (secrets.A || 'b')");
  expect(calls.map(({ name, negated }) => [name, negated])).toEqual([["cancelled", true]]);
  expect(accesses[0]).toMatchObject({ next: "||", previous: null });
});

test("expressions of a text, a quoted brace among them", () => {
  const text = "a ${{ secrets.A || '}}' }} b ${{ env.B }} ${{ ' ";
  const found = expressionsIn(text);
  expect(found.map((each) => text.slice(each.start, each.end).trim())).toEqual(["secrets.A || '}}'", "env.B"]);
  expect(found.flatMap((each) => each.accesses).map((each) => text.slice(each.start, each.end))).toEqual([
    "secrets.A",
    "env.B",
  ]);
});

test("a text that is no expression says so", () => {
  expect(parseExpression('a == "b"').error).not.toBeNull();
});

test("any text gives accesses within bounds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("${{", "}}", "needs.", "a", "[", "]", "'", ".", "(", ")", "!", "||", "*", " ", "\n"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const text = pieces.join("");
      for (const expression of [...expressionsIn(text), parseExpression(text)])
        for (const range of [expression, ...expression.accesses, ...expression.calls]) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          expect(range.end).toBeLessThanOrEqual(text.length);
        }
    }),
    { numRuns: 2000 },
  );
});
