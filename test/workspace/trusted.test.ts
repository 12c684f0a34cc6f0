import { expect, test } from "vitest";
import { openWorkspace } from "../../src/workspace/open.ts";
import { trusting } from "../../src/workspace/trusted.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

const isConfig = (path: string) => path === "predeploy.yml" || path.startsWith(".predeploy/");

test("named paths are as they are in the commit, absent where it lacks them; all others are as on disk", async () => {
  await inTemporaryFolder(async (directory) => {
    git(directory, ["init", "-q"]);
    writeTree(directory, { "predeploy.yml": "base", ".predeploy/rules/a.yaml": "a", "code.py": "1" });
    git(directory, ["add", "-A"]);
    git(directory, ["commit", "-q", "-m", "base"]);
    const base = git(directory, ["rev-parse", "HEAD"]).trim();
    writeTree(directory, {
      "predeploy.yml": "head",
      ".predeploy/rules/a.yaml": null,
      ".predeploy/rules/b.yaml": "b",
      "code.py": "2",
    });
    git(directory, ["add", "-A"]);
    const notices: string[] = [];
    const options = { environment: process.env, verifyFiles: true, notice: (text: string) => void notices.push(text) };
    const onDisk = await openWorkspace(directory, options);

    const workspace = trusting(onDisk, base, isConfig, options);
    expect(workspace.files.entries.map(({ path }) => path)).toEqual([
      ".predeploy/rules/a.yaml",
      "code.py",
      "predeploy.yml",
    ]);
    expect(workspace.read("predeploy.yml")?.text()).toBe("base");
    expect(workspace.read(".predeploy/rules/b.yaml")).toBeNull();
    expect(workspace.read("code.py")?.text()).toBe("2");
    expect(notices).toEqual([]);

    for (const commit of ["d".repeat(40), "--output=x"]) {
      const without = trusting(onDisk, commit, isConfig, options);
      expect(without.files.entries.map(({ path }) => path)).toEqual(["code.py"]);
      expect(without.read("predeploy.yml")).toBeNull();
    }
    expect(notices).toHaveLength(2);
  });
});
