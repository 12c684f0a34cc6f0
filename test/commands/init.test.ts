import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runProgram } from "../../src/commands/program.ts";
import { parseConfig } from "../../src/config/load.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

async function init(directory: string): Promise<{ code: number; stdout: string }> {
  let stdout = "";
  const output = { write: (text: string) => (stdout += text) };
  const code = await runProgram({
    argv: ["init", directory],
    cwd: directory,
    environment: { PATH: process.env.PATH },
    stdin: process.stdin,
    stdout: output,
    stderr: output,
  });
  return { code, stdout };
}

const FILES = {
  "compose.yml": "services: { api: { build: { context: ., dockerfile: docker/api.Dockerfile } } }\n",
  "docker/api.Dockerfile": "FROM scratch\nCOPY . /\n",
  "deploy/prod/values.yaml": "a: 1\n",
  ".env.staging": "A=1\n",
  "docs/DEPLOY_CHECKLIST.md": "- [ ] one\n",
};

test("a config is written that means nothing until it is uncommented, and then fits the schema", async () => {
  await inTemporaryFolder(async (directory) => {
    git(directory, ["init", "-q"]);
    writeTree(directory, FILES);
    git(directory, ["add", "-A", "-f"]);
    expect(await init(directory)).toEqual({
      code: 0,
      stdout: "wrote predeploy.yml\nwrote .github/workflows/predeploy.yml\n",
    });
    const text = readFileSync(join(directory, "predeploy.yml"), "utf8");
    expect(parse(text)).toEqual({ version: 1 });
    const keys = /^# (?=(images|environments|checklist|ignore|rules): ?| {2})/gm;
    const { config } = await parseConfig(text.replace(keys, ""), "predeploy.yml");
    expect(config.images).toMatchObject({ api: { dockerfile: "docker/api.Dockerfile", context: "." } });
    expect(Object.keys(config.environments)).toEqual(["production", "staging"]);
    expect(config.environments["staging"]?.files).toEqual([".env.staging"]);
    expect(config.checklist).toMatchObject([{ file: "docs/DEPLOY_CHECKLIST.md" }]);
  });
});

test("the workflow runs for pull requests and the merge queue, with least permissions and no path filter", async () => {
  await inTemporaryFolder(async (directory) => {
    writeTree(directory, FILES);
    await init(directory);
    const workflow = parse(readFileSync(join(directory, ".github/workflows/predeploy.yml"), "utf8"));
    expect(workflow.on).toEqual({ pull_request: null, merge_group: null });
    expect(workflow.permissions).toEqual({ contents: "read" });
  });
});

test("the branch is the one that the repository works on", async () => {
  await inTemporaryFolder(async (directory) => {
    const config = () => readFileSync(join(directory, "predeploy.yml"), "utf8");
    git(directory, ["init", "-q", "-b", "master"]);
    git(directory, ["commit", "-q", "--allow-empty", "-m", "first"]);
    await init(directory);
    expect(config()).toContain("#     branch: master");
    rmSync(join(directory, "predeploy.yml"));
    git(directory, ["update-ref", "refs/remotes/origin/trunk/next", "HEAD"]);
    git(directory, ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk/next"]);
    await init(directory);
    expect(config()).toContain("#     branch: trunk/next");
  });
});

test("no workflow is written below the root of the repository, where GitHub would not read it", async () => {
  await inTemporaryFolder(async (directory) => {
    const folder = join(directory, "services/api");
    git(directory, ["init", "-q"]);
    writeTree(folder, FILES);
    const { code, stdout } = await init(folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining("give the Action `path: services/api` there")]);
    expect([existsSync(join(folder, "predeploy.yml")), existsSync(join(folder, ".github"))]).toEqual([true, false]);
  });
});

test("what is there is never overwritten", async () => {
  await inTemporaryFolder(async (directory) => {
    mkdirSync(join(directory, ".github"));
    writeFileSync(join(directory, ".github/predeploy.yml"), "version: 1\n");
    const first = await init(directory);
    expect(first.stdout).toBe(
      "wrote .github/workflows/predeploy.yml\nkept  .github/predeploy.yml: it is there already\n",
    );
    const second = await init(directory);
    expect(second.stdout).not.toContain("wrote");
    expect(readFileSync(join(directory, ".github/predeploy.yml"), "utf8")).toBe("version: 1\n");
  });
});
