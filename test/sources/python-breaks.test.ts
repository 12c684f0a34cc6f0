import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findPythonBreaks } from "../../src/sources/python-breaks.ts";
import { askPython, pythonFiles, pythonLibrary } from "../oracles/cpython.ts";

const library = pythonLibrary();

test.skipIf(!library)("says nothing of the standard library, which compiles", () => {
  const files = pythonFiles(library ?? "").filter((_, at) => at % 16 === 1);
  const answers = askPython("python_imports.py", files);
  const wrong = files.flatMap((path, at) => {
    const [first] = findPythonBreaks(readFileSync(path, "utf8")).filter((one) => one.since === null);
    return first && answers[at] !== "null" ? [`${path}:${first.line} ${first.what}`] : [];
  });
  expect(wrong).toEqual([]);
});

test.each<[string, string]>([
  ["x = (1,\ny = 2\n", "1 `(` is never closed"],
  ["x = f(1,\ndef g():\n    pass\n", "1 `(` is never closed"],
  ["x = [1)\n", "1 `)` does not close `[`"],
  ["x = 1)\n", "1 `)` closes nothing"],
  ["x = 'a\n", "1 this string is not closed"],
  ['x = """a\n', "1 this string is never closed"],
  ["if x:\ny = 1\n", "2 an indented block is expected here"],
  ["x = 1\n  y = 2\n", "2 unexpected indentation"],
  ["if x:\n    y = 1\n  z = 2\n", "3 this indentation matches no outer level"],
  ["if x:\n        y = 1\n\tz = 2\n", "3 tabs and spaces are mixed in a way that Python refuses"],
  ["def f():\n", "1 an indented block is missing after this line"],
  ["from a import (\n    b,\nimport c\n)\n", "3 an import statement inside a parenthesised import"],
  ["a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> x\n", "2 a conflict marker of a merge"],
  ['x = f"{d["a"]}"\n', "1 the same quotes inside an f-string since 3.12"],
  ["try:\n    pass\nexcept* E:\n    pass\n", "3 `except*` since 3.11"],
  ["try:\n    pass\nexcept A, B:\n    pass\n", "3 `except A, B:` without parentheses since 3.14"],
  ["type X = int\n", "1 a `type` statement since 3.12"],
  ["match x:\n    case 1:\n        pass\n", "1 a `match` statement since 3.10"],
])("%j", (text, expected) => {
  const [first] = findPythonBreaks(text);
  expect(first && `${first.line} ${first.what}${first.since ? ` since ${first.since}` : ""}`).toBe(expected);
});

test.each([
  'a = rf"\\{{\\{{({x})_(?=[.|}}])"\nb = "y"\n',
  'a = f"\\N{DASH} {x}"\n',
  'a = f"\\\\{x}"\n',
  "x = {\n'a': 1,\n}\nif x: y = 1\nelse:\n    y = 2\n",
  "f = lambda: (yield)\nwhile (lambda: x)(): pass\n",
  "def f(a: int = 1) -> dict[str, int]: return {}\n",
  "x = f'{a:{b}}' f\"{{\" '''\n'''\n",
  "if True:\n\tx = 1\n\ty = 2\n",
  "class A:\n    '''doc'''\n# comment\n    x = 1\n",
  "match = 1\ntype = 2\nmatch.x = 3\n",
  "x = 1 \\\n    + 2\n",
  "if x:\n    pass\n\f\ny = 1\n",
])("says nothing of %j", (text) => {
  expect(findPythonBreaks(text)).toEqual([]);
});

test("any text gives places inside it, in bounded time", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "(",
      ")",
      "{",
      "f'{",
      "'",
      '"""',
      "\n",
      "\n  ",
      "\t",
      "if x:",
      "<<<<<<< a\n",
      "from a import (",
      "\\",
      "\r",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const lines = text.split(/\r\n|\r|\n/).length;
      for (const one of findPythonBreaks(text)) expect(one.line).toBeLessThanOrEqual(lines);
    }),
  );
  for (const unit of ["(", "f'{", "f\"{''", "<<<<<<< a\n", "(\n<<<<<<<\n", "from a import (", "lambda ", "if x:\n"]) {
    expect(findPythonBreaks(unit.repeat(200_000 / unit.length)).length).toBeLessThanOrEqual(50);
  }
});

test("white space that Python does not know ends the reading like any other character", () => {
  for (const character of ["\u000b", "\u000c", "\u001c", "\u0085", "\u00a0", "\u2028", "\u3000"])
    expect(findPythonBreaks(`x = 1 ${character} y\n`)).toEqual([]);
});
