import fc from "fast-check";
import { expect, test } from "vitest";
import { makeFactReader } from "../../../src/engine/facts.ts";
import { distributionReader } from "../../../src/model/python/distributions.ts";
import { memoryWorkspace } from "../../../src/workspace/memory.ts";

async function read(texts: Record<string, string>, directory = "") {
  const workspace = memoryWorkspace(texts);
  const facts = makeFactReader(workspace);
  await facts.load(["toml"]);
  return distributionReader(workspace.files, facts)(directory);
}

const layouts: [title: string, text: string, more: string[], roots: string[]][] = [
  ["src", "", ["p/src/a/__init__.py"], ["p/src"]],
  ["flat", "", ["p/a/__init__.py"], ["p"]],
  ["a package that is called src", "", ["p/src/__init__.py"], ["p"]],
  ["Hatch", '[tool.hatch.build.targets.wheel]\npackages = ["lib/a", "b"]', [], ["p/lib", "p"]],
  ["Poetry", '[tool.poetry]\npackages = [{ include = "a", from = "lib" }, { include = "b" }]', [], ["p/lib", "p"]],
  ["setuptools", '[tool.setuptools.packages.find]\nwhere = ["python"]', [], ["p/python"]],
  ["setuptools, a map", '[tool.setuptools.package-dir]\n"" = "lib"', [], ["p/lib"]],
  ["uv", '[tool.uv.build-backend]\nmodule-root = ""', ["p/src/a/__init__.py"], ["p"]],
  ["PDM", '[tool.pdm.build]\npackage-dir = "lib"', [], ["p/lib"]],
  ["Maturin", '[tool.maturin]\npython-source = "python"', [], ["p/python"]],
  ["outside the repository", '[tool.pdm.build]\npackage-dir = "../../x"', [], []],
];

test.each(layouts)("source roots: %s", async (_title, text, more, roots) => {
  const texts = { "p/pyproject.toml": text, ...Object.fromEntries(more.map((path) => [path, ""])) };
  expect((await read(texts, "p"))?.sourceRoots).toEqual(roots);
});

test("members of a workspace, what they depend on, and what is no package", async () => {
  const texts = {
    "pyproject.toml":
      '[project]\nname = "Acme_Shop"\ndependencies = ["core>=1", "fastapi"]\n[tool.uv.sources]\ncore = { workspace = true }\nlog = { path = "../log", editable = true }\nkeys = { path = "keys", editable = true }\nold = { workspace = true, editable = false }\n[tool.uv.workspace]\nmembers = ["packages/*", "./apps/**"]\nexclude = ["packages/old"]\n',
    "packages/core/pyproject.toml": "",
    "packages/old/pyproject.toml": "",
    "packages/core/deep/pyproject.toml": "",
    "apps/a/b/pyproject.toml": "",
  };
  expect(await read(texts)).toEqual({
    directory: "",
    name: "acme-shop",
    isPackage: false,
    sourceRoots: [""],
    dependencies: ["core", "fastapi", "log", "keys", "old"],
    editablePaths: ["keys"],
    local: ["core", "log", "keys", "old"],
    copied: ["old"],
    members: ["apps/a/b", "packages/core"],
  });
  expect(await read(texts, "apps")).toBeNull();
});

test("never throws, whatever the text, and names no directory outside the repository", async () => {
  const words = [
    "[tool.uv.workspace]\n",
    "members = ",
    '["**/**/**"]\n',
    "[tool.poetry",
    ".dependencies]\n",
    "a = {",
    'path = "../.."',
    "}\n",
    "[[",
    '""',
    "\n",
    "develop = true",
    "[project]\n",
    'name = "("\n',
    "packages = [{",
  ];
  const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(text, async (parts) => {
      const found = await read({ "p/pyproject.toml": parts.join(""), "p/x/y/pyproject.toml": "" }, "p");
      for (const path of [...(found?.sourceRoots ?? []), ...(found?.editablePaths ?? [])])
        expect(path.split("/")).not.toContain("..");
    }),
    { numRuns: 200 },
  );
});
