import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Corpus, pythonCorpus, smallCorpus, startupCorpus } from "./corpora.ts";
import { alternate, describe, type Measured, machine, type Runner, ratio } from "./measure.ts";

/**
 * Speed of whole runs on generated repositories: `npm run bench -- [--files 50000] [--rounds 5] [--cli dist/cli.js]`.
 * Only ratios of one run are compared, by CPU. Exit code 1 where a ratio is above its limit, which lies at twice of what is usual:
 * noise does not fail, a gross regression does. The goals are stricter and only printed. Imports and closures of a real
 * JavaScript tree: javascript-imports.ts and javascript-closure.ts beside this file.
 */
const options = new Map<string, string>();
for (let at = 2; at + 1 < process.argv.length; at += 2) options.set(process.argv[at]!, process.argv[at + 1]!);
const files = Number(options.get("--files") ?? 5_000);
const rounds = Number(options.get("--rounds") ?? 5);
const scratch = mkdtempSync(join(tmpdir(), "predeploy-bench-"));
const failures: string[] = [];
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Reads every tracked file once, by the index: what any tool that looks at the bytes must pay. */
const READ_ALL = `
const { execFileSync } = require("node:child_process"); const { readFileSync } = require("node:fs");
let bytes = 0;
for (const path of execFileSync("git", ["ls-files", "-z"], { maxBuffer: 1 << 28 }).toString().split("\\0")) if (path) bytes += readFileSync(path).length;
`;

/** Has a process tell its peak memory as its last line on standard error. */
const TELL_MEMORY = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(2, "\\npeak " + process.resourceUsage().maxRSS + "\\n"));',
)}`;

try {
  print(`${machine()}, rounds ${rounds}`);
  const cli = options.has("--cli") ? resolve(options.get("--cli")!) : bundle();
  const node = (name: string, args: readonly string[], cwd?: string): Runner => ({
    name,
    command: process.execPath,
    args,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const empty = node("node -e 0", ["-e", "0"]);

  const start = alternate([empty, node("--version", [cli, "--version"])], rounds * 2);
  report("P8 start ÷ node -e 0", start[1]!, start[0]!, { goal: 1.25, limit: 2.5 }, start);

  const small = smallCorpus(join(scratch, "small"), 50);
  const action = join(dirname(cli), "action.js");
  const fifty = alternate(
    [empty, node("50 files", [cli], small.directory), node("50 files, as the Action", [action], small.directory)],
    rounds,
  );
  report("P9 50 files, all rules ÷ node -e 0", fifty[1]!, fifty[0]!, { goal: 4, limit: 24 }, fifty);
  report("The Action on 50 files ÷ node -e 0", fifty[2]!, fifty[0]!, { goal: 6, limit: 24 }, []);

  const python = pythonCorpus(join(scratch, "python"), files);
  print(`Python corpus: ${python.files} files, ${(python.bytes / 1e6).toFixed(1)} MB`);
  const { directory } = python;
  const [read, graph, entry, full] = alternate(
    [
      node("plain read", ["-e", READ_ALL], directory),
      node("whole graph", [cli, "show", "imports"], directory),
      node("entry closure only", [cli, "--only", "dockerignore/module-excluded"], directory),
      node("all rules", [cli], directory),
    ],
    rounds,
  );
  const all = [read!, graph!, entry!, full!];
  report("P2 whole import graph ÷ plain read", graph!, read!, { goal: 7, limit: 14 }, all);
  report("P3 all rules ÷ plain read", full!, read!, { goal: 12, limit: 24 }, []);
  report("P4 entry closure ÷ whole graph", entry!, graph!, { goal: 0.3, limit: 1.2 }, []);
  memory(cli, python);

  for (const [language, modules] of [
    ["python", 300],
    ["typescript", 300],
  ] as const) {
    const runner = (name: string, count: number, entries: number): Runner =>
      node(
        name,
        [cli, "--only", "startup-order"],
        startupCorpus(join(scratch, name.replaceAll(" ", "-")), language, count, entries).directory,
      );
    const starts = alternate(
      [
        empty,
        runner(`${language} ${modules} modules`, modules, 4),
        runner(`${language} ${modules * 4} modules`, modules * 4, 4),
        runner(`${language} ${modules} modules 64 entries`, modules, 64),
      ],
      rounds,
    );
    report(
      `P15 start of ${modules} ${language} modules ÷ node -e 0`,
      starts[1]!,
      starts[0]!,
      { goal: 40, limit: 120 },
      starts,
    );
    report(`P15 four times the modules (${language})`, starts[2]!, starts[1]!, { goal: 4, limit: 6 }, []);
    report(`P15 sixteen times the entries (${language})`, starts[3]!, starts[1]!, { goal: 1.5, limit: 4 }, []);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (failures.length > 0) {
  print(`above the limit: ${failures.join("; ")}`);
  process.exitCode = 1;
}

function bundle(): string {
  const outdir = join(scratch, "dist");
  const root = join(import.meta.dirname, "../..");
  execFileSync(process.execPath, [join(root, ".ci/build.ts"), "--outdir", outdir], { cwd: root, stdio: "ignore" });
  return join(outdir, "cli.js");
}

function report(
  title: string,
  one: Measured,
  other: Measured,
  { goal, limit }: { goal: number; limit: number },
  shown: readonly Measured[],
): void {
  const value = ratio(one, other);
  print(`${title}: ${value.toFixed(2)} (goal ${goal}, limit ${limit})`);
  for (const each of shown) print(describe(each));
  if (value > limit) failures.push(title);
}

function memory(cli: string, { directory, files: count }: Corpus): void {
  const child = spawnSync(process.execPath, ["--import", TELL_MEMORY, cli], {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const megabytes = Number(/peak (\d+)\s*$/.exec(child.stderr)?.[1] ?? Number.NaN) / 1024;
  const limit = 600;
  print(`P10 peak memory, ${count} files: ${megabytes.toFixed(0)} MB (goal 300, limit ${limit})`);
  if (!(megabytes <= limit)) failures.push("P10 peak memory");
}
