import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ignoring, openWorkspace } from "../../src/workspace/open.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

const open = (directory: string, verifyFiles = true) =>
  openWorkspace(directory, { environment: process.env, verifyFiles, notice: () => {} });
const paths = (workspace: Awaited<ReturnType<typeof open>>) => workspace.files.entries.map((entry) => entry.path);

async function inRepository<T>(files: Record<string, string>, work: (directory: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (directory) => {
    git(directory, ["init", "-q"]);
    writeTree(directory, files);
    git(directory, ["add", "-A", "-f"]);
    git(directory, ["commit", "-q", "--allow-empty", "-m", "first"]);
    return work(directory);
  });
}

describe("a git repository", () => {
  test("is listed from the index: kinds, blob ids, equal ids for equal bytes", async () => {
    await inRepository({ "a.txt": "same", "b/c.txt": "same", "run.sh": "#!/bin/sh\n" }, async (directory) => {
      chmodSync(join(directory, "run.sh"), 0o755);
      git(directory, ["add", "-A"]);
      const workspace = await open(directory);
      expect(workspace.kind).toBe("git");
      expect(paths(workspace)).toEqual(["a.txt", "b/c.txt", "run.sh"]);
      expect(workspace.files.get("run.sh")?.kind).toBe("executable");
      expect(workspace.files.get("a.txt")?.blob).toBe(workspace.files.get("b/c.txt")?.blob);
      expect(workspace.read("b/c.txt")?.text()).toBe("same");
      expect(workspace.unread()).toEqual([]);
    });
  });

  test("shows what is on disk: changed files without an id, deleted ones gone, untracked ones marked", async () => {
    await inRepository(
      { "changed.txt": "old", "deleted.txt": "x", "kept.txt": "x", ".gitignore": "ignored.txt\n" },
      async (directory) => {
        writeTree(directory, { "changed.txt": "new", "deleted.txt": null, "new.txt": "n", "ignored.txt": "i" });
        const { files } = await open(directory);
        expect(files.entries.map(({ path, blob, tracked }) => [path, blob !== null, tracked])).toEqual([
          [".gitignore", true, true],
          ["changed.txt", false, true],
          ["kept.txt", true, true],
          ["new.txt", false, false],
        ]);
      },
    );
  });

  test("below a folder lists only that folder, with paths from there", async () => {
    await inRepository({ "top.txt": "x", "inner/a.txt": "x", "inner/b/c.txt": "x" }, async (directory) => {
      writeTree(directory, { "inner/a.txt": "changed" });
      const workspace = await open(join(directory, "inner"));
      expect(paths(workspace)).toEqual(["a.txt", "b/c.txt"]);
      expect(workspace.files.get("a.txt")?.blob).toBeNull();
    });
  });

  test("with names that hold newlines, colons and escapes gives them as they are", async () => {
    const names = ["a\nb.txt", "::error::x.txt", "\u001b[31mred.txt", "tab\there.txt", "ümlaut.txt"];
    await inRepository(Object.fromEntries(names.map((name) => [name, name])), async (directory) => {
      const workspace = await open(directory);
      expect(paths(workspace)).toEqual([...names].sort());
      for (const name of names) expect(workspace.read(name)?.text()).toBe(name);
    });
  });

  test("that is empty, or has conflicts, is listed all the same", async () => {
    await inRepository({}, async (directory) => {
      expect(paths(await open(directory))).toEqual([]);
      writeTree(directory, { "a.txt": "base" });
      git(directory, ["add", "-A"]);
      git(directory, ["commit", "-q", "-m", "base"]);
      git(directory, ["checkout", "-q", "-b", "other"]);
      writeTree(directory, { "a.txt": "theirs" });
      git(directory, ["commit", "-q", "-am", "theirs"]);
      git(directory, ["checkout", "-q", "main"]);
      writeTree(directory, { "a.txt": "ours" });
      git(directory, ["commit", "-q", "-am", "ours"]);
      expect(() => git(directory, ["merge", "-q", "other"])).toThrow();
      expect(paths(await open(directory))).toEqual(["a.txt"]);
    });
  });

  test("lists a submodule as unread once it is asked for", async () => {
    await inRepository({ "a.txt": "x" }, async (directory) => {
      const head = git(directory, ["rev-parse", "HEAD"]).trim();
      git(directory, ["update-index", "--add", "--cacheinfo", `160000,${head},vendor/lib`]);
      const workspace = await open(directory, false);
      expect(workspace.files.get("vendor/lib")?.kind).toBe("submodule");
      expect(workspace.read("vendor/lib")).toBeNull();
      expect(workspace.unread()).toEqual([{ path: "vendor/lib", reason: "submodule: its content is not here" }]);
    });
  });

  test("that is bare gives the tree of its HEAD, and without a commit is refused in one sentence", async () => {
    await inRepository({ "a.txt": "hello", "d/b.txt": "x" }, async (directory) => {
      symlinkSync("a.txt", join(directory, "link"));
      git(directory, ["add", "-A"]);
      git(directory, ["commit", "-q", "-m", "second"]);
      const bare = join(directory, "bare.git");
      git(directory, ["clone", "-q", "--bare", ".", "bare.git"]);
      const workspace = await open(bare);
      expect(workspace.files.entries.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
        "file a.txt",
        "file d/b.txt",
        "symlink link",
      ]);
      expect(workspace.read("link")?.text()).toBe("hello");
      git(bare, ["symbolic-ref", "HEAD", "refs/heads/none"]);
      await expect(open(bare)).rejects.toThrow(/bare git repository whose HEAD names no commit/);
    });
  });
});
