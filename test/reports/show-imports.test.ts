import { expect, test } from "vitest";
import { makeFactReader } from "../../src/engine/facts.ts";
import { importFacts } from "../../src/model/import-fronts.ts";
import { pythonFront } from "../../src/model/python/front.ts";
import { importsJson, importsText } from "../../src/reports/show-imports.ts";
import type { ImportModel } from "../../src/types/imports.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";
import { closureOf } from "../support/closure.ts";

const files = {
  "main.py":
    "import os\nfrom typing import TYPE_CHECKING\nfrom app.factory import create_app\nif TYPE_CHECKING:\n    from app import shapes\ntry:\n    import app.extra\nexcept ImportError:\n    pass\napp = create_app()\n",
  "app/factory.py": "def create_app():\n    from .db import connect\n\n\ndef later():\n    from . import shapes\n",
  "app/db.py": "connect = None\n",
  "app/shapes.py": "",
  "app/extra.py": "",
};

async function models() {
  const workspace = memoryWorkspace(files);
  const facts = makeFactReader(workspace);
  await facts.load(importFacts);
  const front = pythonFront(workspace.files, facts);
  const closure = await closureOf(files);
  const imports: ImportModel = { paths: Object.keys(files).sort(), of: (path) => front.importsOf(path) };
  return { imports, closures: { entries: [closure.entry], of: () => closure } };
}

test("each import with its line, level and file; what start-up calls counts as start-up", async () => {
  const { imports, closures } = await models();
  expect(importsJson(imports, closures)).toEqual({
    files: [
      {
        path: "app/factory.py",
        imports: [
          { line: 2, specifier: ".db", level: "start-up", resolved: "app/db.py" },
          { line: 6, specifier: ".", level: "call", resolved: "app/shapes.py" },
        ],
      },
      {
        path: "main.py",
        imports: [
          { line: 1, specifier: "os", level: "start-up", resolved: null },
          { line: 2, specifier: "typing", level: "start-up", resolved: null },
          { line: 3, specifier: "app.factory", level: "start-up", resolved: "app/factory.py" },
          { line: 5, specifier: "app", level: "type", resolved: "app/shapes.py" },
          { line: 7, specifier: "app.extra", level: "guarded", resolved: "app/extra.py" },
        ],
      },
    ],
  });
});

test("text names the files of the repository", async () => {
  const { imports, closures } = await models();
  expect(importsText(imports, closures)).toBe(
    "app/factory.py\n     2  start-up  .db -> app/db.py\n     6  call      . -> app/shapes.py\nmain.py\n     3  start-up  app.factory -> app/factory.py\n     5  type      app -> app/shapes.py\n     7  guarded   app.extra -> app/extra.py\n",
  );
});
