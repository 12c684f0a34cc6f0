import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { predeploy } from "../support/cli.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

const repositories = join(import.meta.dirname, "..", "repositories");

test("a folder that is moved with all its faults brings no new one; a fault that is added does", async () => {
  await inTemporaryFolder((directory) => {
    const commit = (subject: string) => {
      git(directory, ["add", "-A", "-f"]);
      git(directory, ["commit", "-q", "-m", subject]);
    };
    const since = (base: string) => {
      const { stdout, stderr } = predeploy(["--base", base, "--allow-undecided", "--format", "json"], {
        cwd: directory,
      });
      expect(stderr).toBe("");
      const { verdict, findings, older } = JSON.parse(stdout);
      return { verdict, new: findings.map((one: { at: { path: string } }) => one.at.path), older };
    };
    git(directory, ["init", "-q"]);
    for (const name of ["image-broken", "incident-modules-broken", "staging-start/broken"])
      cpSync(join(repositories, name), join(directory, "old", name), { recursive: true });
    commit("chore: services");
    git(directory, ["mv", "old", "new"]);
    commit("refactor: move them");
    const moved = since("HEAD~1");
    expect(moved).toMatchObject({ verdict: "pass", new: [] });
    expect(moved.older).toBeGreaterThan(20);
    writeTree(directory, { "extra/Dockerfile": "FROM alpine\nCOPY . .\n", "extra/Dockerfile.dockerignore": "a[\n" });
    writeTree(directory, { "compose.yml": "services: { extra: { build: extra } }\n" });
    commit("feat: another");
    expect(since("HEAD~2")).toEqual({ verdict: "fail", new: ["extra/Dockerfile.dockerignore"], older: moved.older });
  });
});
