import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallCorpus } from "../bench/corpora.ts";
import { CLI } from "../support/cli.ts";

const root = join(import.meta.dirname, "../..");
/** The Node that the cache is made by. */
const node = join(root, "node_modules/node/bin/node");
const dist = dirname(CLI);

/** Says of each file with a cache whether V8 takes it. */
const TELL_TAKEN = `data:text/javascript,${encodeURIComponent(`
  import module from "node:module";
  import vm from "node:vm";
  const { Script } = vm;
  vm.Script = class extends Script {
    constructor(text, options) {
      super(text, options);
      if (options.cachedData) console.error((this.cachedDataRejected ? "refused " : "taken ") + options.filename);
    }
  };
  module.syncBuiltinESMExports();
`)}`;

const scratch = mkdtempSync(join(tmpdir(), "predeploy-code-cache-"));
let directory: string;
beforeAll(() => {
  directory = join(scratch, "repository");
  mkdirSync(directory);
  smallCorpus(directory, 50);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const run = (bundle: string, ...flags: string[]) =>
  spawnSync(node, [...flags, join(bundle, "cli.js"), "--format", "json"], { cwd: directory, encoding: "utf8" });

const hasCache = process.platform === "linux" && process.arch === "x64";

describe.skipIf(!hasCache)("the code cache", () => {
  test("is taken by V8 for all that a check of 50 files loads", () => {
    const { stderr, status } = run(dist, "--import", TELL_TAKEN);
    const told = stderr.trim().split("\n");
    expect(told.filter((line) => !line.startsWith("taken "))).toEqual([]);
    const names = told.map((line) => basename(line));
    expect(names).toEqual(expect.arrayContaining(["main.js", "python.js", "yaml.js", "rules-startup.js"]));
    expect(status).toBe(0);
  });

  const withCache = (name: string, change: (cache: Buffer) => Buffer): string => {
    const bundle = join(scratch, name);
    cpSync(dist, bundle, { recursive: true });
    const folder = join(bundle, "code-cache");
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((one) => one.endsWith(".bin")))
      writeFileSync(join(folder, file), change(readFileSync(join(folder, file))));
    return bundle;
  };

  test.each<[string, (cache: Buffer) => Buffer]>([
    [
      "of another version of V8",
      (cache) => Buffer.concat([cache.subarray(0, 4), Buffer.from("else"), cache.subarray(8)]),
    ],
    ["that is cut off", (cache) => cache.subarray(0, cache.length >> 1)],
    ["that is empty", () => Buffer.alloc(0)],
    ["that is text", () => Buffer.from("not what V8 writes\n".repeat(1000))],
  ])("%s is refused, and the run tells the same", (name, change) => {
    const bundle = withCache(name, change);
    const { stderr } = run(bundle, "--import", TELL_TAKEN);
    expect(stderr).toContain("refused ");
    expect(stderr).not.toContain("taken ");
    expect(run(bundle)).toMatchObject({ stdout: run(dist).stdout, stderr: "", status: 0 });
  });

  test("that is not there is not missed", () => {
    const bundle = join(scratch, "without");
    cpSync(dist, bundle, { recursive: true, filter: (path) => basename(path) !== "code-cache" });
    expect(run(bundle)).toMatchObject({ stdout: run(dist).stdout, stderr: "", status: 0 });
  });

  test("was made of the files beside it", () => {
    const folder = join(dist, "code-cache");
    const [lists] = readdirSync(folder).map((build) => join(folder, build, "made-of.json"));
    const madeOf = Object.entries<string>(JSON.parse(readFileSync(lists!, "utf8")));
    expect(madeOf.length).toBeGreaterThan(30);
    for (const [name, hash] of madeOf)
      expect(
        createHash("sha256")
          .update(readFileSync(join(dist, `${name}.js`)))
          .digest("hex"),
        name,
      ).toBe(hash);
    expect(readdirSync(dirname(lists!)).filter((name) => name.endsWith(".bin"))).toEqual(
      madeOf.map(([name]) => `${name}.bin`).sort(),
    );
  });

  test("holds no path of the machine that made it", () => {
    const folder = join(dist, "code-cache");
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((one) =>
      one.endsWith(".bin"),
    )) {
      const cache = readFileSync(join(folder, file), "latin1");
      expect(cache.includes(root) || cache.includes(`${tmpdir()}/predeploy`), file).toBe(false);
    }
  });
});
