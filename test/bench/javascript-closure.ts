import { makeFactReader } from "../../src/engine/facts.ts";
import { javascriptFront } from "../../src/model/javascript/front.ts";
import type { StartupEntry } from "../../src/types/imports.ts";
import { openWorkspace } from "../../src/workspace/open.ts";
import { finish, interleave } from "./interleave.ts";

/**
 * The start-up closure of one file, against parsing the same files with TypeScript's `createSourceFile` and nothing else.
 * `node test/bench/javascript-closure.ts REPOSITORY ENTRY [ROUNDS]`.
 */
const worker = process.argv[2] === "--worker" ? process.argv[3] : null;
const [repository, entryPath, rounds = "9"] = process.argv.slice(worker ? 4 : 2);

if (repository === undefined || entryPath === undefined) {
  process.stderr.write("usage: node test/bench/javascript-closure.ts REPOSITORY ENTRY [ROUNDS]\n");
  process.exitCode = 2;
} else if (worker === null) {
  interleave(import.meta.filename, ["parse-only", "closure"], [repository, entryPath], Number(rounds));
} else {
  const workspace = await openWorkspace(repository, { environment: process.env, verifyFiles: false, notice: () => {} });
  const facts = makeFactReader(workspace);
  await facts.load(["javascript-code", "javascript-imports", "lines"]);
  const entry = { language: "javascript", path: entryPath, written: entryPath, kind: "main", presence: "present" };
  if (worker === "closure") {
    const closure = javascriptFront(workspace.files, facts).closureOf(entry as unknown as StartupEntry);
    process.stdout.write(`${closure.modules.length} modules\n`);
    finish("");
  } else {
    const { ts } = await import("../../src/sources/typescript.ts");
    // Module-level imports alone give the files: enough for a floor, at the price of the scanner.
    const front = javascriptFront(workspace.files, facts);
    const seen = new Set([entryPath]);
    for (const path of seen) {
      const text = workspace.read(path)?.text() ?? "";
      ts.createSourceFile(
        path,
        text,
        { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
        false,
      );
      for (const one of front.importsOf(path)) {
        if (one.level !== "type" && one.resolved !== null && front.handles(one.resolved)) seen.add(one.resolved);
      }
    }
    process.stdout.write(`${seen.size} modules\n`);
    finish("");
  }
}
