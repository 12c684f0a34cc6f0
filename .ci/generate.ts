// Writes every generated file; with --check only says which are stale, exit 1.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "../src/catalog/generated-files.ts";
import { ruleNeeds } from "./rule-needs.ts";

const root = join(import.meta.dirname, "..");
const stale: string[] = [];
for (const [path, text] of generatedFiles(root, await ruleNeeds(root))) {
  const file = join(root, path);
  let old: string | null = null;
  try {
    old = readFileSync(file, "utf8");
  } catch {
    // not written yet
  }
  if (old === text) continue;
  stale.push(path);
  if (process.argv.includes("--check")) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
if (stale.length > 0)
  process.stdout.write(`${process.argv.includes("--check") ? "stale" : "written"}: ${stale.join(", ")}\n`);
process.exitCode = process.argv.includes("--check") && stale.length > 0 ? 1 : 0;
