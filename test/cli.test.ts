import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkOptionsOf } from "../src/commands/flags.ts";
import { commandsOf } from "./reports/runner.ts";
import { CLI, predeploy } from "./support/cli.ts";
import { git, inTemporaryFolder, writeTree } from "./support/repository.ts";

const BROKEN = {
  Dockerfile: "FROM scratch\nCOPY missing.txt /\n",
  "compose.yml": "services: { app: { build: . } }\n",
  "a.txt": "x",
};

async function inRepository<T>(files: Record<string, string>, work: (directory: string) => T | Promise<T>): Promise<T> {
  return inTemporaryFolder(async (directory) => {
    git(directory, ["init", "-q"]);
    writeTree(directory, files);
    git(directory, ["add", "-A", "-f"]);
    git(directory, ["commit", "-q", "--allow-empty", "-m", "files"]);
    return work(directory);
  });
}

describe("the command line", () => {
  test("says its version and its help on standard output", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(predeploy(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    const help = predeploy(["--help"]);
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("Exit codes: 0 pass, 1 findings, 2 usage or config, 3 undecided, 70 a bug.");
  });

  test.each<[string, string[], string]>([
    ["an unknown option", ["check", "--fromat", "json"], "unknown option '--fromat'"],
    ["an unknown format", ["--format", "jsn"], 'unknown format "jsn". Did you mean "json"?'],
    [
      "two formats on standard output",
      ["--format", "json", "--format", "text"],
      "only one format can go to standard output",
    ],
    [
      "two formats for one file",
      ["--format", "sarif=out/x", "--format", "json=./out/x"],
      "two formats go to the file out/x; give each its own.",
    ],
    [
      "an unknown rule",
      ["--only", "dockerignore/patern-invalid"],
      '"dockerignore/patern-invalid" is no rule and no family. Did you mean "dockerignore/pattern-invalid"?',
    ],
    ["a family that is cut short", ["--only", "startup"], 'Did you mean "startup-order"?'],
    ["what no rule is like", ["--skip", "x"], "Families: dockerignore, placeholders, secrets,"],
    ["a folder that is not there", ["no/such/folder"], "no/such/folder: no such directory."],
    ["a command that is misspelt", ["innit"], "innit: no such directory. Did you mean the command `init`?"],
    ["a command that does not exist", ["lint"], "lint: no such directory and no such command. Commands: check, fix,"],
    ["an option that is written as a command", ["version"], "Did you mean the option `--version`?"],
    ["help on what is misspelt", ["help", "chekc"], 'chekc: no such command. Did you mean "check"?'],
    ["an option that fix has no use for", ["fix", "--format", "json"], "unknown option '--format'"],
    ["what excludes each other", ["--online", "--offline"], "'--offline' cannot be used with option '--online'"],
    ["a folder for a config", ["--config", "."], "--config .: that is the folder that is checked; name a file."],
    ["a folder for a baseline", ["--baseline", "."], "--baseline .: cannot be read (EISDIR)."],
    ["a folder for a result", ["merge", "."], ".: cannot be read (EISDIR); give what"],
    ["a folder for an ignore file", ["check-ignore", "--ignore-file", ".", "x"], "--ignore-file .: cannot be read"],
    ["a path above the context", ["check-ignore", "--ignore-file", "a.txt", "../x"], "../x: lies outside the build"],
    ["an unknown severity", ["--fail-on", "fatal"], "Allowed choices are error, warning, note, never"],
    [
      "a value where only true or false belongs",
      ["--present", "TOKEN=hunter2"],
      "--present TOKEN: write NAME=true or NAME=false, never a value.",
    ],
    ["a baseline that is not there", ["--baseline", "none.json"], "--baseline none.json: no such file"],
    ["a config that is not there", ["--config", "none.yml"], "none.yml: the config file cannot be read."],
    ["a model that does not exist", ["show", "imag"], '"imag" is no model. Did you mean "image"?'],
    [
      "a rule to explain that does not exist",
      ["explain", "pattern-invalid"],
      "Did you mean dockerignore/pattern-invalid",
    ],
    ["a family to explain", ["explain", "checklist"], '"checklist" is a family; explain one of its rules: checklist/'],
    ["a base that is not there", ["--base", "no-such-ref"], "--base no-such-ref: no such commit here."],
  ])("refuses %s with one sentence, exit 2, nothing on standard output", async (_, args, message) => {
    await inRepository(BROKEN, (cwd) => {
      const result = predeploy(args, { cwd });
      expect(result.stderr).toContain(message);
      expect(result.stderr.trim().split("\n")).toHaveLength(1);
      expect([result.code, result.stdout]).toEqual([2, ""]);
    });
  });

  test("takes every option that is promised, and its help names each", async () => {
    const flags = ["--offline", "--no-cache", "--allow-undecided", "--show-suppressed", "--quiet", "--verbose"];
    const values = [
      ["--environment", "staging"],
      ["--config", "predeploy.yml"],
      ["--only", "dockerignore"],
      ["--skip", "drift"],
      ["--format", "json"],
      ["--fail-on", "never"],
      ["--base", "HEAD"],
      ["--baseline", "baseline.json"],
      ["--shard", "1/2"],
      ["--present", "TOKEN=true"],
      ["--deployed", "0123456789abcdef"],
    ];
    const files = {
      ...BROKEN,
      "predeploy.yml": "version: 1\nenvironments: { staging: {} }\n",
      "baseline.json": '{ "version": 1, "findings": [] }',
    };
    await inRepository(files, (cwd) => {
      const result = predeploy(["check", ...flags, ...values.flat()], { cwd });
      expect([result.code, JSON.parse(result.stdout).version]).toEqual([0, 1]);
      const help = predeploy(["check", "--help"]).stdout;
      const promised = [...flags, ...values.map(([name]) => name), "--write-baseline", "--online", "--color"];
      expect(promised.filter((flag) => !help.includes(`  ${flag}`))).toEqual([]);
    });
  });

  test.each(["TOKEN=hunter2", "hunter2", "HUNTER2", "hunter2==", "HUNTER2======", "hunter2=true=x"])(
    "never repeats a value given to --present: %s",
    (value) => {
      const result = predeploy(["--present", "A=true", "--present", value]);
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(/--present (?:TOKEN|\(number 2\)): write NAME=true or NAME=false/);
      expect(result.stdout + result.stderr).not.toMatch(/hunter2/i);
    },
  );
});

test("explain knows what a team's own rule checks, from its file or from predeploy.yml", async () => {
  const files = {
    ".predeploy/rules/closed.yaml":
      'check: config/forbidden-value\ntitle: "Closed\\e[2K."\noptions: { names: ["OPEN_*"] }\n',
    "predeploy.yml": "version: 1\nrules: { team/shut: { check: config/forbidden-value, title: Shut. } }\n",
  };
  await inRepository(files, (cwd) => {
    const { code, stdout } = predeploy(["explain", "team/closed"], { cwd });
    expect([code, stdout]).toEqual([0, expect.stringContaining("by the check config/forbidden-value.")]);
    expect(stdout).toContain('default ["OPEN_*"]');
    expect(stdout).toContain("Closed\\x1b[2K.");
    for (const text of [stdout, predeploy(["rules"], { cwd }).stdout])
      expect([commandsOf(text), /\u001b/.test(text)]).toEqual([[], false]);
    expect(predeploy(["explain", "predeploy/run"], { cwd }).stdout).toContain("is no rule");
    expect(predeploy(["explain", "team/shut"], { cwd }).stdout).toContain("Shut.");
    expect(predeploy(["explain", "team/closd"], { cwd }).stderr).toContain("Did you mean team/closed");
  });
});

test("show prints JSON in which no file name is a command to a build runner", async () => {
  const name = "##[add-mask]x.py";
  await inRepository({ Dockerfile: "FROM scratch\nCOPY . /app\n", [name]: "" }, (cwd) => {
    const { stdout } = predeploy(["show", "image", "--format", "json"], { cwd });
    const { images } = JSON.parse(stdout);
    expect(images[0].files.map((file: { source: string }) => file.source)).toContain(name);
    expect(commandsOf(stdout)).toEqual([]);
  });
});

test("show prints no name at the start of a line where it would be a command to a build runner", async () => {
  const files = {
    Dockerfile: 'FROM python\nCOPY . /app\nWORKDIR /app\nCMD ["python", "::error::x.py"]\n',
    "::error::x.py": "import b\n",
    "b.py": "",
    "compose.yml": 'services: { "::error::x": { image: x, environment: { "::error::y": "1" } } }\n',
  };
  await inRepository(files, (cwd) => {
    for (const model of ["image", "imports", "startup", "environments", "secrets"])
      expect(commandsOf(predeploy(["show", model], { cwd }).stdout), model).toEqual([]);
    expect(predeploy(["show", "imports"], { cwd }).stdout).toContain(": :error::x.py");
  });
});

describe("exit codes", () => {
  test("1 for an error, 0 when it is let through, 3 when there is nothing to check", async () => {
    await inRepository(BROKEN, (cwd) => {
      expect(predeploy([], { cwd }).code).toBe(1);
      expect(predeploy(["--fail-on", "never"], { cwd }).code).toBe(0);
    });
    for (const [files, said] of [
      [{ "notes.txt": "x\n" }, "nothing was found"],
      [{ "predeploy.yml": "version: 1\n" }, "nothing was found"],
      [{}, "there are no files here"],
    ] as const)
      await inRepository(files, (cwd) => {
        const { code, stdout } = predeploy([], { cwd });
        expect(code).toBe(3);
        expect(stdout).toContain(said);
      });
  });

  test("3 where the environment is misspelt, so that nothing of one was looked at", async () => {
    await inRepository({ ".env.staging": "LEVEL=info\n", ".env.uat": "LEVEL=info\n" }, (cwd) => {
      const codeOf = (name: string) => predeploy(["--environment", name, "--only", "config"], { cwd }).code;
      expect(["staging", "stagin", "Staging", "uat", "uat2", "live"].map(codeOf)).toEqual([0, 3, 3, 0, 0, 0]);
      expect(predeploy(["--environment", "satging"], { cwd }).stdout).toContain('an environment "satging"');
    });
  });

  test("3 where no file is called what predeploy.yml says is deployed", async () => {
    const files = (globs: string) => ({
      "deploy/app.env": "LEVEL=info\n",
      "predeploy.yml": `environments:\n  staging: { files: ${globs} }\n  live: { files: [deploy/*] }\n`,
    });
    for (const [globs, code] of [
      ["[deploy/**, '!deploy/old/**']", 0],
      ["[deploy/**, deply/**]", 3],
    ] as const)
      await inRepository(files(globs), (cwd) => {
        const result = predeploy(["--only", "config"], { cwd });
        expect([result.code, result.stdout.includes("deply/** (line 2)")]).toEqual([code, code === 3]);
        expect(predeploy(["--only", "config", "--environment", "live"], { cwd }).code).toBe(0);
      });
  });

  test("3 where a checkout leaves out what the rules would read, 0 where git holds it all the same", async () => {
    const files = {
      Dockerfile: "FROM python\nCOPY app /app\nCMD [python, /app/x.py]\n",
      "app/x.py": "import y\n",
      "app/y.py": "",
    };
    await inRepository({ ...files, ".dockerignore": ".git\n" }, async (origin) => {
      git(origin, ["config", "uploadpack.allowFilter", "true"]);
      for (const [filter, expected] of [
        [[], 0],
        [["--filter=blob:none"], 3],
      ] as const)
        await inTemporaryFolder((cwd) => {
          git(cwd, ["clone", "-q", "--sparse", ...filter, `file://${origin}`, "."]);
          const { code, stdout } = predeploy([], { cwd, environment: { CI: "true" } });
          expect([code, /left out of this checkout/.test(stdout)]).toEqual([expected, expected === 3]);
          const bare = join(cwd, "bare.git");
          git(cwd, ["clone", "-q", "--bare", ...filter, `file://${origin}`, bare]);
          expect(predeploy([bare]).code, "bare").toBe(expected);
        });
    });
  });

  test("`-` for a report's file is standard output, and `CI=false` is no CI", async () => {
    await inRepository(BROKEN, (cwd) => {
      expect(JSON.parse(predeploy(["--format", "json=-"], { cwd }).stdout).verdict).toBe("fail");
      rmSync(join(cwd, "Dockerfile"));
      const rulesIn = (CI: string): string[] =>
        JSON.parse(predeploy(["--format", "json"], { cwd, environment: { CI } }).stdout).findings.map(
          ({ rule }: { rule: string }) => rule,
        );
      const gone = ["dockerignore/dockerfile-missing"];
      expect(["", "0", "false", "true"].map((CI) => [CI, rulesIn(CI)])).toEqual([
        ["", gone],
        ["0", gone],
        ["false", gone],
        ["true", expect.not.arrayContaining(gone)],
      ]);
    });
  });

  test("the JSON's verdict fits the exit code, and JSON is all there is on standard output", async () => {
    await inRepository(BROKEN, (cwd) => {
      const { code, stdout } = predeploy(["--format", "json"], { cwd });
      expect([JSON.parse(stdout).verdict, code]).toEqual(["fail", 1]);
    });
  });
});

describe("where nothing can be written", () => {
  const longest = "a".repeat(300);
  const linux = process.platform === "linux";

  test.each([
    ["a folder's name that is a file's", "Dockerfile/report.json", "ENOTDIR"],
    ["a name that is too long", longest, "ENAMETOOLONG"],
    ...(linux ? [["a folder that the system makes", "/proc/none/report.json", "ENOENT"]] : []),
  ])("a report is refused, not called a finding: %s", async (_, file, code) => {
    await inRepository(BROKEN, (cwd) => {
      const result = predeploy(["--format", `json=${file}`], { cwd });
      expect(result).toEqual({ code: 2, stdout: "", stderr: `predeploy: ${file}: cannot be written (${code}).\n` });
    });
  });

  test.runIf(linux)("so is a run whose output the disk has no room for, or whose folder is gone", async () => {
    await inRepository(BROKEN, (cwd) => {
      const shell = (script: string) =>
        spawnSync("sh", ["-c", script, process.execPath, CLI], { cwd, encoding: "utf8" });
      for (const args of ["", "--version", "rules"]) {
        const { status, stderr } = shell(`"$0" "$1" ${args} >/dev/full`);
        expect([status, stderr]).toEqual([2, "predeploy: standard output cannot be written (ENOSPC).\n"]);
      }
      const gone = shell('mkdir gone && cd gone && rmdir ../gone && "$0" "$1"');
      expect([gone.status, gone.stderr]).toEqual([2, "predeploy: the working directory is not there any more.\n"]);
      expect(shell('"$0" "$1" --fromat 2>/dev/full').status).toBe(2);
      expect(shell('"$0" "$1" --verbose --fail-on never 2>/dev/full').status).toBe(0);
    });
  });
});

describe("a broken config is refused with its place", () => {
  test.each<[string, string, string]>([
    [
      "an unknown key",
      "version: 1\nenviroments: {}\n",
      'predeploy.yml:2:1: unknown key `enviroments`. Did you mean "environments"?',
    ],
    [
      "an unknown key deep down",
      "environments:\n  staging:\n    drift: { max-wating: 5 }\n",
      'predeploy.yml:3:14: unknown key `max-wating` under `environments.staging.drift`. Did you mean "max-waiting"?',
    ],
    [
      "a value of another kind",
      "drift:\n  - { head: develop, base: main, max-waiting: many }\n",
      "predeploy.yml:2:47: `drift.0.max-waiting`",
    ],
    [
      "an unknown rule",
      "rules:\n  dockerignore/patern-invalid: off\n",
      'unknown rule `dockerignore/patern-invalid`. Did you mean "dockerignore/pattern-invalid"?',
    ],
    ["no valid YAML", "version: [1\n", "predeploy.yml:2:1: not valid YAML"],
    [
      "two kinds of deployed at once",
      "environments: { s: { deployed: { ref: a, github-environment: b } } }\n",
      "predeploy.yml:1:",
    ],
    [
      "an alias bomb",
      `a: &a [${"x,".repeat(10)}]\n${[..."bcdefghi"].map((name, index) => `${name}: &${name} [${`*${String.fromCharCode(97 + index)},`.repeat(10)}]`).join("\n")}\n`,
      "predeploy.yml:1:1: too many YAML aliases",
    ],
  ])("%s", async (_, config, message) => {
    await inRepository({ ...BROKEN, "predeploy.yml": config }, (cwd) => {
      const result = predeploy([], { cwd });
      expect(result.stderr).toContain(message);
      expect([result.code, result.stdout, result.stderr.trim().split("\n").length]).toEqual([2, "", 1]);
    });
  });

  test("a team's own rule that no comment could name", async () => {
    const rule = "check: dockerignore/pattern-invalid\n";
    await inRepository({ ...BROKEN, ".predeploy/rules/My rule.yaml": rule }, (cwd) => {
      const { code, stderr } = predeploy([], { cwd });
      expect([code, stderr]).toEqual([2, expect.stringContaining("`team/My rule` is no id of a rule")]);
    });
  });

  test("a team's own rule with a bad severity", async () => {
    const rule = "check: dockerignore/pattern-invalid\nseverity: fatal\n";
    await inRepository({ ...BROKEN, ".predeploy/rules/mine.yaml": rule }, (cwd) => {
      const result = predeploy([], { cwd });
      expect(result.stderr).toContain(".predeploy/rules/mine.yaml:2:11: `severity`");
      expect(result.code).toBe(2);
    });
  });
});

describe("hostile repositories", () => {
  const NAMES = ["a\nb", "::error::x", "\u001b[31mred\u001b[0m", "x%0Ay", "|pipe|", "<b>x</b>", "\u202egnp.exe"];

  test("names with line breaks, commands and escapes reach no output as they are", async () => {
    const files = Object.fromEntries(NAMES.map((name) => [`${name}/Dockerfile`, "FROM scratch\nCOPY missing.txt /\n"]));
    await inRepository(files, (cwd) => {
      for (const format of ["text", "github", "markdown", "sarif", "json"]) {
        const { stdout, code } = predeploy(["--format", format], { cwd });
        expect([0, 1, 3]).toContain(code);
        expect(
          stdout.split("\n").filter((line) => /^\s*::error::x/.test(line)),
          format,
        ).toEqual([]);
        expect(stdout, format).not.toMatch(/[\u001b\u202e]/);
        if (format === "json" || format === "sarif") expect(() => JSON.parse(stdout)).not.toThrow();
      }
    });
  });

  test("nor does a notice of several lines become a command on standard error", () => {
    let said = "";
    const output = { write: (text: string) => (said += text) };
    const terminal = { argv: [], cwd: ".", environment: {}, stdin: process.stdin, stdout: output, stderr: output };
    const { notice } = checkOptionsOf(terminal, ".", { failOn: "error", online: false });
    notice("git says\n::error::x\n  ##[error]y\u001b[2K\u202e");
    expect(commandsOf(said)).toEqual([]);
    expect(said).toBe("predeploy: git says\npredeploy: ::error::x\npredeploy:   ## [error]y\\x1b[2K\\u202e\n");
  });

  test("binary, huge, linked and unreadable files are named and stop nothing", async () => {
    await inRepository(BROKEN, async (cwd) => {
      writeFileSync(join(cwd, "compose.override.yml"), Buffer.from([0, 1, 2, 255]));
      execFileSync("truncate", ["-s", "100M", join(cwd, ".dockerignore")]);
      mkdirSync(join(cwd, ".github/workflows"), { recursive: true });
      symlinkSync("/etc/passwd", join(cwd, ".github/workflows/deploy.yml"));
      symlinkSync("loop-b", join(cwd, "loop-a"));
      symlinkSync("loop-a", join(cwd, "loop-b"));
      symlinkSync("nowhere", join(cwd, "dangling"));
      git(cwd, ["add", "-A", "-f"]);
      const { code, stdout } = predeploy(["--format", "json"], { cwd });
      const result = JSON.parse(stdout);
      expect(code).toBe(1);
      const unread = Object.fromEntries(
        result.unread.map((one: { path: string; reason: string }) => [one.path, one.reason]),
      );
      expect(unread).toMatchObject({ "compose.override.yml": "binary file", ".dockerignore": "larger than 16 MiB" });
      expect(unread[".github/workflows/deploy.yml"]).toContain("leaves the repository");
      expect(stdout).not.toContain("root:");
    });
  });

  test("no report, baseline or config is written by way of a link that lies there", async () => {
    await inTemporaryFolder((top) => {
      const cwd = join(top, "stranger");
      writeTree(cwd, BROKEN);
      writeTree(top, { precious: "mine", "folder/kept": "" });
      symlinkSync("../precious", join(cwd, "report.sarif"));
      symlinkSync("../folder", join(cwd, ".github"));
      symlinkSync("../new", join(cwd, "new"));
      for (const [args, link] of [
        [["--format", "sarif=report.sarif"], "report.sarif"],
        [["--format", `json=${join(cwd, ".github/a/report.json")}`], ".github"],
        [["--write-baseline", "new"], "new"],
        [["init"], ".github"],
      ] as const) {
        const { code, stderr } = predeploy(args, { cwd });
        expect([code, stderr]).toEqual([2, expect.stringContaining(`since ${link} is a symbolic link`)]);
      }
      expect([readFileSync(join(top, "precious"), "utf8"), readdirSync(join(top, "folder"))]).toEqual([
        "mine",
        ["kept"],
      ]);
      expect(existsSync(join(top, "new"))).toBe(false);
      expect(predeploy(["stranger", "--format", "json=precious"], { cwd: top }).code).toBe(1);
    });
  });

  test("a folder without git, and a bare repository", async () => {
    await inTemporaryFolder((cwd) => {
      writeTree(cwd, BROKEN);
      expect(predeploy([], { cwd }).code).toBe(1);
      const bare = join(cwd, "bare.git");
      mkdirSync(bare);
      git(bare, ["init", "-q", "--bare"]);
      const result = predeploy(["bare.git"], { cwd });
      expect([result.code, result.stdout]).toEqual([2, ""]);
      expect(result.stderr).toContain("a bare git repository whose HEAD names no commit");
    });
  });
});

describe("the same input gives the same bytes", () => {
  test("in every format, from wherever it is started", async () => {
    await inRepository(BROKEN, (cwd) => {
      for (const format of ["text", "json", "github", "markdown", "sarif"]) {
        const here = predeploy(["--format", format], { cwd });
        const elsewhere = predeploy(["check", cwd, "--format", format], { cwd: "/" });
        expect(elsewhere.stdout).toBe(here.stdout);
        expect(here.stdout).not.toContain(cwd);
      }
    });
  });
});

test("in a folder of a repository it is said that the config of the root does not count", async () => {
  const files = { "services/api/Dockerfile": "FROM scratch\n", ".github/predeploy.yml": "version: 1\n" };
  await inRepository(files, (cwd) => {
    const said = "Only this folder is checked, by the defaults: ../../.github/predeploy.yml counts at the root";
    const api = join(cwd, "services/api");
    expect(predeploy([], { cwd: api }).stderr).toContain(said);
    expect(predeploy(["--quiet"], { cwd: api }).stderr).toBe("");
    expect(predeploy(["services/api"], { cwd }).stderr).toBe("");
    expect(predeploy([], { cwd }).stderr).toBe("");
    writeTree(api, { "predeploy.yml": "version: 1\n" });
    expect(predeploy([], { cwd: api }).stderr).toBe("");
  });
});

test.each(["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])(
  "of a folder, a report that is read elsewhere names the files of the repository: %s",
  async (name) => {
    const files = Object.fromEntries(Object.entries(BROKEN).map(([path, text]) => [`services/api/${path}`, text]));
    await inRepository(files, (cwd) => {
      const { stdout } = predeploy(["services/api", "--format", "gitlab"], { cwd, environment: { [name]: cwd } });
      expect(JSON.parse(stdout)[0].location.path).toBe("services/api/Dockerfile");
    });
  },
);

describe("findings that are accepted", () => {
  test("--write-baseline takes them, --baseline leaves them out, what is new still fails", async () => {
    await inRepository(BROKEN, (cwd) => {
      expect(predeploy(["--write-baseline", "accepted.json", "--quiet"], { cwd }).code).toBe(0);
      expect(predeploy(["--baseline", "accepted.json"], { cwd }).code).toBe(0);
      const text = readFileSync(join(cwd, "accepted.json"), "utf8");
      writeTree(cwd, { "marked.json": `\ufeff${text}` });
      expect(predeploy(["--baseline", "marked.json"], { cwd }).code).toBe(0);
      writeTree(cwd, { Dockerfile: "FROM scratch\nCOPY missing.txt /\nCOPY other.txt /\n" });
      const { code, stdout } = predeploy(["--baseline", "accepted.json", "--format", "json"], { cwd });
      const { findings, counts } = JSON.parse(stdout);
      expect([code, counts.suppressed, findings.length]).toEqual([1, 1, 1]);
      expect(findings[0].subject).toContain("other.txt");
    });
  });

  test("--write-baseline prunes what is gone, and keeps what the run did not look at", async () => {
    await inRepository({ ...BROKEN, ".env.production": "A=CHANGE_ME\n" }, (cwd) => {
      const rules = (): string[] =>
        JSON.parse(readFileSync(join(cwd, "b.json"), "utf8")).findings.map(({ rule }: { rule: string }) => rule);
      predeploy(["--write-baseline", "b.json"], { cwd });
      expect(rules().sort()).toEqual(["dockerignore/copy-source-missing", "placeholders/leftover"]);
      const again = ["--baseline", "b.json", "--write-baseline", "b.json"];
      predeploy([...again, "--only", "placeholders"], { cwd });
      predeploy([...again, "--environment", "production"], { cwd });
      expect(rules()).toHaveLength(2);
      writeTree(cwd, { "missing.txt": "" });
      git(cwd, ["add", "missing.txt"]);
      predeploy(again, { cwd });
      expect(rules()).toEqual(["placeholders/leftover"]);
    });
  });

  test("--base leaves out what was there before the change, and counts it", async () => {
    await inRepository(BROKEN, (cwd) => {
      writeTree(cwd, { Dockerfile: "FROM scratch\nCOPY missing.txt /\nCOPY other.txt /\n" });
      git(cwd, ["commit", "-q", "-am", "more"], 5);
      const { code, stdout } = predeploy(["--base", "HEAD^1"], { cwd });
      expect(code).toBe(1);
      expect(stdout).toContain("other.txt");
      expect(stdout).not.toContain("missing.txt does");
      expect(stdout).toContain("1 older finding not shown");
    });
  });

  test("--base takes a finding for older where its file was moved or its lines were, and where nothing is found now", async () => {
    const compose = (name: string) => `services: { app: { build: { context: ., dockerfile: ${name}.Dockerfile } } }\n`;
    const dockerfile = "FROM scratch\nCOPY missing.txt /\n";
    await inRepository({ "api.Dockerfile": dockerfile, "compose.yml": compose("api"), "a.txt": "x" }, (cwd) => {
      expect(predeploy([], { cwd }).code).toBe(1);
      git(cwd, ["mv", "api.Dockerfile", "web.Dockerfile"]);
      writeTree(cwd, { "web.Dockerfile": `# the web\n${dockerfile}`, "compose.yml": compose("web") });
      git(cwd, ["commit", "-q", "-am", "moved"], 5);
      const moved = predeploy(["--base", "HEAD^1"], { cwd });
      expect([moved.code, moved.stdout]).toEqual([0, expect.stringContaining("1 older finding not shown")]);
      writeTree(cwd, { "missing.txt": "x" });
      expect(predeploy(["--base", "HEAD^1"], { cwd }).code).toBe(0);
      expect(predeploy(["--base", "nowhere"], { cwd }).code).toBe(2);
    });
  });
});

describe("check-ignore", () => {
  test("prints what is left out; with -v every path with its line and pattern", async () => {
    await inTemporaryFolder((cwd) => {
      writeTree(cwd, { ".dockerignore": "# comment\nbuild\n!build/keep\n" });
      const args = ["check-ignore", "--ignore-file", ".dockerignore"];
      expect(predeploy([...args, "build/x", "src/y"], { cwd })).toEqual({ code: 0, stdout: "build/x\n", stderr: "" });
      expect(predeploy([...args, "src/y"], { cwd })).toEqual({ code: 1, stdout: "", stderr: "" });
      expect(predeploy([...args, "-v", "--stdin"], { cwd, input: "build/x\nbuild/keep\nsrc/y\n" }).stdout).toBe(
        "excluded\t2\tbuild\tbuild/x\nincluded\t3\t!build/keep\tbuild/keep\nincluded\t-\t\tsrc/y\n",
      );
    });
  });

  test("refuses a file that the builder refuses, with the line", async () => {
    await inTemporaryFolder((cwd) => {
      writeTree(cwd, { ".dockerignore": "a\n[\n" });
      const result = predeploy(["check-ignore", "--ignore-file", ".dockerignore", "a"], { cwd });
      expect([result.code, result.stdout]).toEqual([2, ""]);
      expect(result.stderr).toContain(".dockerignore: line 2");
    });
  });
});
