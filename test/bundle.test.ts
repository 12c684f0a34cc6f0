import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CLI } from "./support/cli.ts";
import { makeRepository } from "./support/repository.ts";

const TELL_LOADED = `data:text/javascript,${encodeURIComponent(
  'import module from "node:module"; process.on("exit", () => console.error(JSON.stringify(Object.keys(module._cache))));',
)}`;

const scratch = mkdtempSync(join(tmpdir(), "predeploy-bundle-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Names of the bundle's files that a check of these files loads. */
function loadedBy(files: Readonly<Record<string, string>>): string[] {
  const directory = mkdtempSync(join(scratch, "repository-"));
  makeRepository(directory, { files });
  const { stderr } = spawnSync(process.execPath, ["--import", TELL_LOADED, CLI], { cwd: directory, encoding: "utf8" });
  return (JSON.parse(stderr.trim().split("\n").at(-1)!) as string[]).map((path) => basename(path, ".js")).sort();
}

describe("the bundle", () => {
  const small = {
    Dockerfile: 'FROM python:3.12\nCOPY . /app\nWORKDIR /app\nCMD ["python", "-m", "app.main"]\n',
    "app/__init__.py": "",
    "app/main.py": "from app.names import name\nprint(name)\n",
    "app/names.py": 'name = "x"\n',
  };

  test("loads for a small Python image neither the YAML library nor what only other files need", () => {
    expect(loadedBy(small)).toEqual([
      "cli",
      "code-cache",
      "commands-seldom",
      "main",
      "program",
      "python",
      "reports-seldom",
      "rolldown-runtime",
      "rules-dockerignore",
      "rules-placeholders",
      "rules-startup",
      "start",
      "text-report",
    ]);
  });

  test("loads the YAML library where there is YAML", () => {
    expect(loadedBy({ ...small, "compose.yml": "services:\n  app:\n    build: .\n" })).toContain("yaml");
  });

  test("asks for no name that its files do not declare", () => {
    const directory = mkdtempSync(join(scratch, "names-"));
    for (const name of readdirSync(dirname(CLI)).filter((one) => one.endsWith(".js")))
      copyFileSync(join(dirname(CLI), name), join(directory, name));
    writeFileSync(
      join(directory, "biome.json"),
      JSON.stringify({
        root: true,
        files: { maxSize: 10_000_000 },
        // The last two are asked for with `typeof`, by libraries.
        javascript: { globals: ["arguments", "__UNDICI_IS_NODE__", "esbuildDetection"] },
        linter: { rules: { recommended: false, correctness: { noUndeclaredVariables: "error" } } },
      }),
    );
    const biome = join(import.meta.dirname, "../node_modules/@biomejs/biome/bin/biome");
    const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "lint", "."], {
      cwd: directory,
      encoding: "utf8",
    });
    expect(stdout + stderr).toContain("No fixes applied");
    expect(status, (stdout + stderr).slice(0, 4000)).toBe(0);
  });

  test("holds one byte a character", () => {
    for (const name of readdirSync(dirname(CLI)).filter((one) => one.endsWith(".js")))
      expect(
        readFileSync(join(dirname(CLI), name)).findIndex((byte) => byte > 0x7f),
        name,
      ).toBe(-1);
  });
});
