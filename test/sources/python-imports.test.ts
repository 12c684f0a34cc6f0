import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scanPythonImports } from "../../src/sources/python-imports.ts";
import type { PythonImport } from "../../src/types/python.ts";
import { askPython, pythonFiles, pythonLibrary } from "../oracles/cpython.ts";

const library = pythonLibrary();

/** One import in a form that does not depend on the order of keys. */
function row(found: PythonImport): string {
  const { kind, line, column, level, module, scope, guard, typeOnly } = found;
  const names = found.names.map((name) => [name.name, name.alias, name.line, name.column]);
  return JSON.stringify([
    kind,
    line,
    column,
    level,
    module,
    names,
    scope,
    guard && [guard.catches, guard.raises],
    typeOnly,
  ]);
}

const short = (text: string) =>
  scanPythonImports(text).imports.map((found) => {
    const names = found.names.map((name) => (name.alias ? `${name.name} as ${name.alias}` : name.name)).join(", ");
    const guard = found.guard ? `${found.guard.catches}${found.guard.raises ? " raises" : ""}` : "";
    return [found.line, ".".repeat(found.level) + found.module, names, found.scope, guard, found.typeOnly ? "type" : ""]
      .filter((part) => part !== "" && part !== null)
      .join(" | ");
  });

test.skipIf(!library)("every import statement of the standard library, exactly as CPython sees it", () => {
  const files = pythonFiles(library ?? "").filter((_, at) => at % 4 === 0);
  const answers = askPython("python_imports.py", files);
  let compared = 0;
  const wrong: string[] = [];
  files.forEach((path, at) => {
    const expected = JSON.parse(answers[at] ?? "null") as PythonImport[] | null;
    if (!expected) return;
    const found = new Set(scanPythonImports(readFileSync(path, "utf8")).imports.map(row));
    const missing = expected.map(row).filter((one) => !found.has(one));
    compared += expected.length;
    if (missing.length > 0 || found.size > expected.length) wrong.push(`${path}: ${missing[0] ?? "extra"}`);
  });
  expect(wrong).toEqual([]);
  // Where the library comes without its own tests it is a third of the size.
  expect(compared).toBeGreaterThan(500);
});

test.each([
  ["several in a line", "import a.b as c, d; from e import f\n", ["1 | a.b as c, d", "1 | e | f"]],
  ["relative", "from . import x\nfrom ..p.q import (y as z, # note\n  w,)\n", ["1 | . | x", "2 | ..p.q | y as z, w"]],
  ["not in strings", '"""\nimport a\n"""\nx = "import b"\nimport c\n', ["5 | c"]],
  ["not in comments", "# import a\nx = [  # import b\n]\n", []],
  [
    "one-line suites",
    "if x: import a\ntry: import b\nexcept ImportError: b = None\n",
    ["1 | a", "2 | b | ImportError"],
  ],
  ["functions", "class A:\n  def f(self):\n    import x\n  import y\n", ["3 | x | A.f", "4 | y"]],
  ["a definition is outside its try", "try:\n  def f():\n    import x\nexcept ImportError:\n  pass\n", ["3 | x | f"]],
  [
    "handler that raises",
    "try:\n import a\nexcept ImportError as e:\n log()\n raise X from e\n",
    ["2 | a | ImportError raises"],
  ],
  [
    "handler that raises on a condition only",
    "try:\n import a\nexcept ImportError:\n if x:\n  raise\n",
    ["2 | a | ImportError"],
  ],
  [
    "handler that exits",
    "try:\n import a\nexcept (ValueError, ImportError): sys.exit(1)\n",
    ["2 | a | ImportError raises"],
  ],
  ["handler of something else", "try:\n import a\nexcept ValueError:\n pass\n", ["2 | a"]],
  [
    "an outer handler that stays",
    "try:\n try:\n  import a\n except ImportError:\n  raise\nexcept Exception:\n pass\n",
    ["3 | a | Exception"],
  ],
  [
    "import in a handler",
    "try:\n import a\nexcept ImportError:\n import b\nelse:\n import c\n",
    ["2 | a | ImportError", "4 | b | handler", "6 | c"],
  ],
  ["suppress", "with contextlib.suppress(ImportError):\n import a\n", ["2 | a | suppress"]],
  [
    "type checking",
    "if typing.TYPE_CHECKING:\n import a\nelse:\n import b\nif not TYPE_CHECKING:\n import c\nelse:\n import d\n",
    ["2 | a | type", "4 | b", "6 | c", "8 | d | type"],
  ],
  [
    "dynamic",
    'm = importlib.import_module("a.b")\n__import__(\'c\')\nimport_module(name)\nimport_module(f"x{y}")\n',
    ["1 | a.b", "2 | c"],
  ],
  [
    "carriage returns",
    "import a\r\nfrom b import (\r\n  c\r\n)\r\nimport d \\\r\n  , e\r\n",
    ["1 | a", "2 | b | c", "5 | d, e"],
  ],
  ["byte order mark", "\ufeffimport a\n", ["1 | a"]],
])("%s", (_, text, rows) => {
  expect(short(text)).toEqual(rows);
});

test.each([
  [
    "a conflict marker",
    "import a\n<<<<<<< HEAD\nimport b\n=======\nimport c\n>>>>>>> x\nimport d\n",
    ["a", "b", "c", "d"],
  ],
  ["a missing colon", "def f()\n    import a\nimport b\n", ["a", "b"]],
  ["a bracket left open", "x = f(1,\nimport a\ny = {\ndef g():\n    import b\n", ["a", "b"]],
  ["an import list left open", "from m import (a,\n    b\n\nfrom n import c\nimport d\n", ["a, b", "c", "d"]],
  ["a quote left open", "x = 'abc\nimport a\n", ["a"]],
  ["a long string left open", 'x = """abc\nimport a\n', ["a"]],
])("goes on after %s", (_, text, names) => {
  expect(scanPythonImports(text).imports.map((found) => found.names.map((name) => name.name).join(", "))).toEqual(
    names,
  );
});

test("any text gives imports with positions inside it", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "import ",
      "from ",
      ".",
      "a",
      "\n",
      "\n  ",
      "(",
      ")",
      "'",
      '"""',
      "\\\n",
      "try:",
      "except ",
      "#",
      "\r",
      "def f():",
      ";",
      "\f",
      "import_module('",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const lines = text.split(/\r\n|\r|\n/);
      for (const found of scanPythonImports(text).imports) {
        expect(found.line).toBeGreaterThanOrEqual(1);
        expect(found.line).toBeLessThanOrEqual(lines.length);
        expect(found.column).toBeLessThanOrEqual((lines[found.line - 1] ?? "").length + 1);
      }
    }),
    { numRuns: 500 },
  );
});

test("hostile text costs time in proportion to its length", () => {
  const long = 300_000;
  for (const unit of [
    "(",
    "\\\n",
    '"',
    "'''",
    "import ",
    "try:\nexcept ",
    "if (",
    "with suppress(",
    "if x:\n ",
    " ",
    "except \\\n",
  ]) {
    expect(scanPythonImports(unit.repeat(long / unit.length)).imports.length).toBeGreaterThanOrEqual(0);
  }
  expect(scanPythonImports(`${"\n".repeat(long)}import a`).imports).toHaveLength(1);
});
