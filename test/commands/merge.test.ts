import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/config/usage-error.ts";
import { parseRun } from "../../src/engine/result-file.ts";
import { renderJson } from "../../src/reports/json.ts";
import { at, finding, resultOf, typical } from "../reports/fixture.ts";
import { hostileResult } from "../reports/many.ts";
import { commandsOf } from "../reports/runner.ts";
import { predeploy } from "../support/cli.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

const place = { name: "boot", at: at("a.py", 1, 1, 2), chain: [{ name: "run", at: at("b.py", 1, 1, 2) }] };
const full = resultOf([
  finding({
    related: [{ ...at("a", 1, 1, 2), message: "m" }],
    order: { root: "app", how: "beside", first: place, second: place },
    fix: { title: "t", safety: "safe", edits: [{ ...at("a", 1, 1, 2), newText: "x" }] },
  }),
]);

describe("the JSON of a run", () => {
  test.each([
    ["typical", typical],
    ["with every part", full],
    ["hostile", hostileResult(63)],
    ["of a shard", { ...typical, shard: { index: 2, count: 4 } }],
  ])("reads back as it was: %s", (_name, result) => {
    const said = { older: 3, checked: "abc, the push to main", prefix: "services/api" };
    const read = parseRun(renderJson(result, said), "x.json");
    expect(read.folder).toBe("services/api");
    expect(read.older).toBe(3);
    expect(read.checked).toBe("abc, the push to main");
    expect(JSON.parse(renderJson(read.result))).toEqual(JSON.parse(renderJson(result)));
  });

  test("with anything else in one place is refused in one sentence, never a crash", () => {
    const text = renderJson(full);
    const leaves = [...text.matchAll(/(?<=": )(?:"(?:[^"\\]|\\.)*"|\d+)|(?<=": )[[{](?=\n)/g)].map(
      (match) => match.index,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...leaves),
        fc.constantFrom("null", '"x"', "-1", "[]", "{}", "[null]", "1e9"),
        (leaf, other) => {
          const rest = text.slice(leaf).replace(/^(?:"(?:[^"\\]|\\.)*"|\d+|[[{])/, "");
          const changed = text.slice(0, leaf) + other + rest;
          try {
            parseRun(changed, "x.json");
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
          }
        },
      ),
    );
    const part = (count: number) => renderJson({ ...full, shard: { index: 1, count } });
    for (const wrong of [
      part(0),
      part(1e9),
      "",
      "[]",
      "null",
      '{"version":1}',
      text.replace('"severity": "error"', '"severity": "fatal"'),
    ])
      expect(() => parseRun(wrong, "x.json")).toThrow(UsageError);
  });
});

const repository = {
  Dockerfile: "FROM alpine\nCOPY missing.txt /\n",
  "deploy/app.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { URL: <SET_ME> }\n",
};

test("shards and their merge say the same as one run", async () => {
  await inTemporaryFolder((directory) => {
    writeTree(directory, repository);
    const whole = predeploy(["--fail-on", "warning", "--format", "json"], { cwd: directory });
    for (const index of [1, 2, 3])
      predeploy(["--shard", `${index}/3`, "--format", `json=part-${index}.json`], { cwd: directory });
    const parts = [1, 2, 3].map((index) => `part-${index}.json`);
    const markdown = join(directory, "summary.md");
    const joined = predeploy(
      ["merge", "--fail-on", "warning", "--format", "json", "--format", `markdown=${markdown}`, ...parts],
      {
        cwd: directory,
      },
    );
    expect(joined.stderr).toBe("");
    expect(joined.code).toBe(whole.code);
    expect(JSON.parse(joined.stdout)).toEqual(JSON.parse(whole.stdout));
    expect(readFileSync(markdown, "utf8")).toContain("## ❌ predeploy fail: ");
    const quiet = predeploy(["merge", "--quiet", "--verbose", "--show-suppressed", ...parts], { cwd: directory });
    expect([quiet.code, quiet.stderr, quiet.stdout.includes("more  predeploy")]).toEqual([0, "", false]);
    const missing = predeploy(["merge", parts[0]!, parts[2]!], { cwd: directory });
    expect(missing.stdout).toContain("of 3 shards, 2 is missing.");
    expect(predeploy(["merge", "none.json"], { cwd: directory })).toMatchObject({ code: 2, stdout: "" });
  });
});

test("what failed a part fails the whole, unless merge is told what fails", async () => {
  await inTemporaryFolder((directory) => {
    const warning = resultOf([finding({ severity: "warning" })], { verdict: "fail" });
    writeTree(directory, { "part.json": renderJson(warning) });
    const codeOf = (...flags: string[]) => predeploy(["merge", ...flags, "part.json"], { cwd: directory }).code;
    expect([codeOf(), codeOf("--fail-on", "error"), codeOf("--fail-on", "warning")]).toEqual([1, 0, 1]);
  });
});

test("places are those of the repository where the shards were of one of its folders", async () => {
  await inTemporaryFolder((directory) => {
    writeTree(join(directory, "services/api"), repository);
    git(directory, ["init", "-q"]);
    git(directory, ["add", "-A"]);
    const actions = { cwd: directory, environment: { GITHUB_WORKSPACE: directory } };
    for (const index of [1, 2])
      predeploy(["services/api", "--shard", `${index}/2`, "--format", `json=part-${index}.json`], actions);
    const { stdout } = predeploy(["merge", "--format", "github", "part-1.json", "part-2.json"], { cwd: directory });
    const files = commandsOf(stdout).flatMap(({ properties }) => properties["file"] ?? []);
    expect(files.sort()).toEqual(["services/api/Dockerfile", "services/api/deploy/app.yaml"]);
    const text = predeploy(["merge", "part-1.json", "part-2.json"], { cwd: directory }).stdout;
    expect(text).toContain("│   2 │ COPY missing.txt /");
  });
});

test("without git a result shows lines of the folder, and of nothing else", async () => {
  await inTemporaryFolder((top) => {
    const directory = join(top, "folder");
    writeTree(directory, { ...repository, ".git/config": "first\nsecond\n" });
    writeTree(top, { outside: "first\nsecond\n" });
    symlinkSync("../outside", join(directory, "link"));
    symlinkSync("..", join(directory, "up"));
    for (const [path, shown] of [
      ["Dockerfile", true],
      ["../outside", false],
      ["link", false],
      ["up/outside", false],
      [".git/config", false],
      ["deploy", false],
    ] as const) {
      writeTree(directory, { "part.json": renderJson(resultOf([finding({ at: at(path, 2, 1, 2), related: [] })])) });
      const { code, stdout } = predeploy(["merge", "part.json"], { cwd: directory });
      expect([code, /│ +2 │/.test(stdout)], path).toEqual([1, shown]);
    }
  });
});

test("a stranger's result shows no line of a file that the repository does not show itself", async () => {
  await inTemporaryFolder((directory) => {
    writeTree(directory, { ...repository, ".env": "first\nTOKEN=hunter2\n" });
    git(directory, ["init", "-q"]);
    git(directory, ["add", "Dockerfile"]);
    for (const [path, shown] of [
      ["Dockerfile", true],
      [".env", false],
      [".git/config", false],
      ["../outside", false],
    ] as const) {
      const result = resultOf([finding({ at: at(path, 2, 1, 2), related: [] })]);
      writeTree(directory, { "part.json": renderJson(result) });
      const { code, stdout } = predeploy(["merge", "part.json"], { cwd: directory });
      expect([code, /│ +2 │/.test(stdout)], path).toEqual([1, shown]);
    }
  });
});
