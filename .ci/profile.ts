// Writes .ci/profile.json: the functions that short runs of the Action never call, by module. The repositories that it runs on are those that
// the tests ship, and small ones of each language. What is listed changes how soon a run starts and nothing else.
//   npm run profile [-- --check]
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeProfileRepositories } from "./profile-repositories.ts";
import { readWhileLoaded, topLevelFunctions } from "./seldom-functions.ts";

const root = join(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "predeploy-profile-"));

/** A slow machine must give the same: what asks how late it is hears that no time has passed. */
const noTimePasses = `data:text/javascript,${encodeURIComponent("Date.now = () => 0;")}`;

/** Runs the Action of the sources there and gives the functions that it called, as `path end`. */
function calledIn(directory: string): Set<string> {
  const out = mkdtempSync(join(scratch, "run-"));
  const { status } = spawnSync(process.execPath, ["--import", noTimePasses, join(root, "src/action.ts")], {
    cwd: directory,
    env: {
      PATH: process.env["PATH"],
      NODE_V8_COVERAGE: out,
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: directory,
      GITHUB_EVENT_NAME: "push",
      GITHUB_STEP_SUMMARY: join(out, "summary.md"),
      GITHUB_OUTPUT: join(out, "output"),
      RUNNER_TEMP: out,
    },
  });
  if (status === null || status > 3) throw new Error(`${directory}: exit code ${status}`);
  const called = new Set<string>();
  for (const file of readdirSync(out).filter((one) => /^coverage-.*\.json$/.test(one)))
    for (const { url, functions } of JSON.parse(readFileSync(join(out, file), "utf8")).result)
      for (const { ranges } of functions) if (ranges[0].count > 0) called.add(`${url} ${ranges[0].endOffset}`);
  return called;
}

const called = new Set(makeProfileRepositories(scratch).flatMap((directory) => [...calledIn(directory)]));
const texts = new Map(
  globSync("src/**/*.ts", { cwd: root })
    .sort()
    .map((path) => [path, readFileSync(join(root, path), "utf8")]),
);
const loaded = new Set([...called].map((one) => one.split(" ")[0]));
const readAtLoad = new Set([...texts.values()].flatMap((text) => [...readWhileLoaded(text)]));
const seldom: Record<string, string[]> = {};
for (const [path, source] of texts) {
  const url = pathToFileURL(join(root, path)).href;
  // The sources have no code cache, so what reads it is not called by them.
  if (!loaded.has(url) || path === "src/engine/code-cache.ts") continue;
  const names = topLevelFunctions(source)
    .filter(({ name, end }) => !called.has(`${url} ${end}`) && !readAtLoad.has(name))
    .map(({ name }) => name);
  if (names.length > 0) seldom[path] = names;
}
const file = join(root, ".ci/profile.json");
const text = `${JSON.stringify(seldom, null, 1)}\n`;
if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== text) {
    process.stdout.write("stale: .ci/profile.json; `npm run profile` writes it, then `npm run build`\n");
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
rmSync(scratch, { recursive: true, force: true });
