// Writes V8's code cache of a bundle into its folder: what V8 compiles when the Action and the command line run on the
// repositories of the profile.
//   node .ci/code-cache.ts DIST
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { Script } from "node:vm";
import { type CompilingModule, codeCacheFolder, runAs, scriptOf } from "../src/engine/code-cache.ts";
import { makeProfileRepositories } from "./profile-repositories.ts";

const self = import.meta.filename;
/** The Node that the bundle is made for, whichever runs this: as near as can be to that of GitHub's runners (actions/runner, externals.sh). */
const node = join(import.meta.dirname, "../node_modules/node/bin/node");

/**
 * Flags under which a cache comes out as the same bytes each time, and what each is without: V8 takes a cache only under the flags that it was
 * written under. Hashes order what is written; where garbage was collected, what lay there comes into the gaps; code for the machine is not
 * written, but that it was made is, and V8 would make it at once.
 */
const flags = [
  ["--hash-seed=1", "--hash-seed=0"],
  ["--random-seed=1", "--random-seed=0"],
  ["--no-flush-bytecode", "--flush-bytecode"],
  ["--no-incremental-marking", "--incremental-marking"],
  ["--no-memory-reducer", "--memory-reducer"],
  ["--initial-heap-size=2000", "--initial-heap-size=0"],
  ["--min-semi-space-size=256", "--min-semi-space-size=0"],
  ["--max-semi-space-size=256", "--max-semi-space-size=0"],
  ["--no-sparkplug", "--sparkplug"],
] as const;

const entries = ["action.js", "cli.js"];
/** What is loaded before the flags of a short run are set, so that V8 would not take it. */
const early = new Set(["action", "cli", "code-cache", "start"]);

/** Writes it by a process of its own. Only Linux on x64 has one; throws an Error where the process fails. */
export function writeCodeCache(bundle: string): void {
  const args = [...flags.map(([flag]) => flag), self, bundle];
  // What the surroundings set would change which functions run.
  const environment = { PATH: process.env["PATH"], TMPDIR: tmpdir() };
  const { status, stderr } = spawnSync(node, args, {
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`no code cache: ${stderr}`);
}

if (import.meta.main) {
  if (process.execArgv.length === 0) writeCodeCache(resolve(process.argv[2]!));
  else writeFromRuns(resolve(process.argv[2]!));
}

/** Runs the bundle on each repository, one after the other in this process, and writes what V8 has compiled then. */
function writeFromRuns(bundle: string): void {
  const folder = join(bundle, codeCacheFolder(process));
  rmSync(folder, { recursive: true, force: true });
  const scripts = keepScripts(bundle);
  const require = createRequire(join(bundle, "action.js"));
  const scratch = mkdtempSync(join(tmpdir(), "predeploy-code-cache-"));
  // A slow machine must give the same: what asks how late it is hears that no time has passed.
  Date.now = () => 0;
  const runs = makeProfileRepositories(scratch).flatMap((directory) =>
    entries.map((entry) => [entry, directory] as const),
  );
  const next = (): void => {
    // A run that was stopped called less than it would, and nothing else would tell.
    if (![0, 1, 3].includes(Number(process.exitCode ?? 0)))
      throw new Error(`a run ended with exit code ${process.exitCode}`);
    const following = runs.shift();
    // Node says that a run is at its end only where it waited for something.
    if (following !== undefined) return void setImmediate(run, ...following);
    process.off("beforeExit", next);
    process.chdir(bundle);
    rmSync(scratch, { recursive: true, force: true });
    for (const [, without] of flags) setFlagsFromString(without);
    mkdirSync(folder, { recursive: true });
    for (const [name, script] of scripts) writeFileSync(join(folder, `${name}.bin`), script.createCachedData());
    const madeOf = [...scripts.keys()].sort().map((name) => [name, sha256(join(bundle, `${name}.js`))]);
    writeFileSync(join(folder, "made-of.json"), `${JSON.stringify(Object.fromEntries(madeOf), null, 1)}\n`);
    process.exitCode = 0;
  };
  const run = (entry: string, directory: string): void => {
    process.chdir(directory);
    Object.assign(process.env, {
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: directory,
      GITHUB_EVENT_NAME: "push",
      GITHUB_STEP_SUMMARY: join(scratch, "summary.md"),
      GITHUB_OUTPUT: join(scratch, "output"),
      RUNNER_TEMP: scratch,
    });
    process.argv.splice(1, Number.POSITIVE_INFINITY, join(bundle, entry));
    process.stdout.removeAllListeners("error");
    process.stderr.removeAllListeners("error");
    delete require.cache[join(bundle, entry)];
    require(`./${entry}`);
  };
  process.on("beforeExit", next);
  next();
}

/** V8 itself knows a source by its length alone. */
const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** What V8 compiles of the files of the bundle from now on, by name. */
function keepScripts(bundle: string): Map<string, Script> {
  const scripts = new Map<string, Script>();
  const prototype = Module.prototype as CompilingModule;
  const { _compile: compile } = prototype;
  prototype._compile = function (text, path, format) {
    const name = basename(path, ".js");
    if (dirname(path) !== bundle || early.has(name)) return compile.call(this, text, path, format);
    // The file's name comes into the cache, and a path is none of its business.
    const script = scriptOf(text, "predeploy");
    scripts.set(name, script);
    return runAs(this, path, script);
  };
  return scripts;
}
