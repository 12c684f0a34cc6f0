import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePython } from "../../src/sources/python.ts";
import { askPython, pythonFiles, pythonLibrary } from "../oracles/cpython.ts";
import { comparable } from "../oracles/python-tree.ts";

const library = pythonLibrary();

test.skipIf(!library)("the tree is CPython's own, on code of the standard library", () => {
  const files = pythonFiles(library ?? "").filter((path) => !/[/\\](test|lib2to3|idlelib)[/\\]/.test(path));
  const sample = files.filter((_, at) => at % 12 === 0);
  const answers = askPython("python_tree.py", sample);
  const different = sample.filter((path, at) => {
    const answer = answers[at] ?? "null";
    if (answer === "null") return false;
    return JSON.stringify(JSON.parse(answer)) !== JSON.stringify(comparable(parsePython(readFileSync(path, "utf8"))));
  });
  expect(sample.length).toBeGreaterThan(20);
  expect(different).toEqual([]);
});

test.each([
  [
    "a bare yield",
    "async def f():\n    yield\n",
    [["function", 1, "f", true, [], [], null, [["expression", 2, ["yield", false, null]]]]],
  ],
  [
    "async with of several items",
    "async def f():\n    async with (a() as b, c() as d):\n        pass\n",
    [
      [
        "function",
        1,
        "f",
        true,
        [],
        [],
        null,
        [
          [
            "with",
            2,
            true,
            [
              [
                ["call", ["name", "a"], [], []],
                ["name", "b"],
              ],
              [
                ["call", ["name", "c"], [], []],
                ["name", "d"],
              ],
            ],
            [["pass", 3]],
          ],
        ],
      ],
    ],
  ],
  [
    "await binds closer than +",
    "x = await f() + g()\n",
    [
      [
        "assign",
        1,
        [["name", "x"]],
        ["binary", "+", ["await", ["call", ["name", "f"], [], []]], ["call", ["name", "g"], [], []]],
      ],
    ],
  ],
])("%s", (_, text, tree) => {
  expect(JSON.parse(JSON.stringify(comparable(parsePython(text))))).toEqual(tree);
});

test("any text gives a tree with offsets in bounds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "def f(",
      "):\n  ",
      "try:",
      "(",
      "'''",
      'f"{',
      "import ",
      "\\\n",
      "\t",
      "class A:",
      "match x:\n case",
      "\r",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const check = (value: unknown): void => {
        if (Array.isArray(value)) value.forEach(check);
        else if (value && typeof value === "object") {
          const { start, end } = value as { start?: number; end?: number };
          if (start !== undefined && end !== undefined) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
          }
          Object.values(value).forEach(check);
        }
      };
      check(parsePython(text));
    }),
    { numRuns: 100 },
  );
});
