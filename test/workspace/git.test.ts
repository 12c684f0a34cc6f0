import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GitPlace, pipeGit, runGit, runGitSync, splitNul, whyGitFailed } from "../../src/workspace/git.ts";

const folder = mkdtempSync(path.join(tmpdir(), "git-"));
const place: GitPlace = {
  directory: folder,
  environment: {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_DIR: "/nowhere",
    GIT_INDEX_FILE: "/nowhere/index",
  },
};
const commitAs = ["-c", "user.name=Ada", "-c", "user.email=ada@example.test", "commit", "-q"];

beforeAll(async () => {
  await runGit(place, ["init", "-q", "-b", "main", "."]);
  mkdirSync(path.join(folder, "a"));
  writeFileSync(path.join(folder, "a", "new\nline ü.txt"), "1\n");
  await runGit(place, ["add", "-A"]);
  await runGit(place, [...commitAs, "-m", "start"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("running git", () => {
  it("ignores variables that point at another repository", async () => {
    const result = await runGit(place, ["ls-files", "-z"]);
    expect(result).toMatchObject({ code: 0, stopped: null });
    expect(splitNul(result.stdout)).toEqual(["a/new\nline ü.txt"]);
  });

  it("gives the exit code and git's own words instead of throwing", async () => {
    const result = await runGit(place, ["rev-parse", "--verify", "--end-of-options", "--upload-pack=x"]);
    expect(result.code).toBe(128);
    expect(whyGitFailed(result)).toMatch(/^git says: fatal:/);
  });

  it.skipIf(process.getuid?.() !== 0)(
    "reads what another user owns only in the workspace of a workflow's job",
    async () => {
      const owned = mkdtempSync(path.join(tmpdir(), "git-owned-"));
      try {
        await runGit({ ...place, directory: owned }, ["init", "-q", "."]);
        const ask = (environment: GitPlace["environment"], directory = owned) =>
          runGitSync({ directory, environment: { ...place.environment, ...environment } }, ["ls-files"]).code;
        chownSync(owned, 12_345, 12_345);
        const workspace = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: owned };
        expect(ask(workspace)).toBe(0);
        mkdirSync(path.join(owned, "..inner"));
        expect(ask(workspace, path.join(owned, "..inner"))).toBe(0);
        expect(ask({ ...workspace, GITHUB_ACTIONS: "" })).toBe(128);
        expect(ask({ ...workspace, GITHUB_WORKSPACE: path.join(owned, "inner") })).toBe(128);
      } finally {
        rmSync(owned, { recursive: true, force: true });
      }
    },
  );

  it("stops at the time limit and at the output limit", async () => {
    const slow = await runGit({ ...place, environment: { ...place.environment } }, ["cat-file", "--batch"], "", {
      timeout: 0,
    });
    expect(["time", null]).toContain(slow.stopped);
    const large = await runGit(place, ["log"], "", { maxOutput: 10 });
    expect(large).toMatchObject({ code: null, stopped: "output" });
  });

  it("says that git is absent", async () => {
    const result = await runGit({ directory: folder, environment: { PATH: "/nowhere" } }, ["version"]);
    expect(whyGitFailed(result)).toBe("git could not be started");
    expect((await runGit({ ...place, directory: "/nowhere" }, ["version"])).stopped).toBe("not-found");
  });

  it("gives the same result at once", async () => {
    for (const args of [
      ["ls-files", "-s", "-z"],
      ["cat-file", "--batch"],
      ["rev-parse", "--verify", "nothing"],
    ])
      expect(runGitSync(place, args, "HEAD:a\n")).toEqual(await runGit(place, args, "HEAD:a\n"));
    expect(runGitSync(place, ["log"], "", { maxOutput: 10 })).toMatchObject({ code: null, stopped: "output" });
    expect(runGitSync({ ...place, directory: "/nowhere" }, ["version"]).stopped).toBe("not-found");
  });

  it("joins two runs by a pipe", async () => {
    const result = await pipeGit(place, ["diff-tree", "--stdin", "--root", "-p"], ["patch-id", "--stable"], "");
    expect(result).toMatchObject({ code: 0, stopped: null });
  });

  it("never runs hooks or a file-system monitor that the repository configures", async () => {
    const marker = path.join(folder, "ran");
    const script = path.join(folder, "evil.sh");
    writeFileSync(script, `#!/bin/sh\ntouch "${marker}"\n`, { mode: 0o755 });
    for (const key of ["core.fsmonitor", "diff.external", "core.pager"]) await runGit(place, ["config", key, script]);
    await runGit(place, ["status", "--porcelain"]);
    await runGit(place, ["diff", "HEAD"]);
    await runGit(place, ["log", "-p"]);
    expect(existsSync(marker)).toBe(false);
  });

  it("opens no transport unless told to", async () => {
    const result = await runGit(place, ["ls-remote", folder]);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain("not allowed");
  });
});
