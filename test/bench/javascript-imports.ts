import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { scanJavascriptImports } from "../../src/sources/javascript-imports.ts";
import { finish, interleave } from "./interleave.ts";

/**
 * Imports of all JavaScript and TypeScript below a folder: the scanner against TypeScript's `createSourceFile` and a walk.
 * `node test/bench/javascript-imports.ts [FOLDER] [ROUNDS]`; both must find the same, else the figures are void.
 */
const worker = process.argv[2] === "--worker" ? process.argv[3] : null;
const [folder = "node_modules", rounds = "9"] = process.argv.slice(worker ? 4 : 2);

if (worker === null) {
  const same = interleave(import.meta.filename, ["scanner", "typescript"], [folder], Number(rounds));
  process.exitCode = same ? 0 : 1;
} else {
  const found = createHash("sha1");
  const oracle = worker === "typescript" ? await import("../oracles/typescript-imports.ts") : null;
  const line = (one: { start: number; specifier: string }) => `${one.start} ${one.specifier}\n`;
  for (const path of sources(resolve(folder))) {
    const text = readFileSync(path, "utf8");
    found.update(path);
    if (oracle) {
      for (const one of oracle.importsByTypescript(path, text)) {
        const [start = "", ...rest] = one.split(" ");
        found.update(line({ start: Number(start), specifier: rest.at(-1) ?? "" }));
      }
    } else
      for (const one of scanJavascriptImports(text))
        found.update(line({ ...one, specifier: one.specifier.split(" ").at(-1) ?? "" }));
  }
  finish(found.digest("hex"));
}

function sources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /\.(?:[cm]?[jt]s|[jt]sx)$/.test(one.name))
    .map((one) => join(one.parentPath, one.name))
    .sort();
}
