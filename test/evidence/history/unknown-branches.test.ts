import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { configSchema } from "../../../src/config/schema.ts";
import { branchRequests } from "../../../src/evidence/history/requests.ts";
import { unknownBranches } from "../../../src/evidence/history/unknown-branches.ts";
import { git, inTemporaryFolder, makeRepository } from "../../support/repository.ts";

const environments = (text: Record<string, object>) => ({ config: configSchema.parse({ environments: text }) });
const options = { environment: null, deployed: null };

async function ask(clone: readonly string[] | null, branches: readonly string[], branch: string, more: object = {}) {
  return inTemporaryFolder(async (folder) => {
    makeRepository(`${folder}`, { history: [], files: { "a.txt": "a\n", "b.txt": "b\n" } });
    for (const name of branches) git(folder, ["branch", name]);
    git(folder, ["tag", "v1"]);
    let directory = folder;
    if (clone) {
      directory = `${folder}/clone`;
      execFileSync("git", ["clone", "-q", ...clone, `file://${folder}`, directory], { stdio: "ignore" });
    }
    const place = { directory, environment: { PATH: process.env["PATH"], HOME: folder } };
    const found = await unknownBranches(place, branchRequests(environments({ staging: { branch, ...more } }), options));
    return found.map((one) => `${one.branch} → ${one.nearest}`);
  });
}

test.each([
  ["a branch that is misspelt", [], ["develop"], "devlop", {}, ["devlop → develop"]],
  ["one that is there, at the remote alone", [], ["develop"], "develop", {}, []],
  ["one that is written as the remote's", [], ["develop"], "origin/develop", {}, []],
  ["a tag", [], ["develop"], "v1", {}, []],
  ["of a repository without a remote", null, ["develop"], "devlop", {}, ["devlop → develop"]],
  ["of a repository that has one branch", null, [], "devlop", {}, []],
  ["of a shallow clone", ["--depth=1"], ["develop"], "devlop", {}, []],
  ["of a clone of one branch", ["--single-branch"], ["develop"], "devlop", {}, []],
  ["one that is compared says so itself", [], ["develop"], "devlop", { compare: ["main"] }, []],
] as const)("%s", async (_, clone, branches, branch, more, expected) => {
  expect(await ask(clone, branches, branch, more)).toEqual(expected);
});
