import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { CONTENT_MISSING } from "../../src/workspace/disk.ts";
import { commitAt, openTreeAt, renamesSince } from "../../src/workspace/git-tree.ts";
import { openWorkspace } from "../../src/workspace/open.ts";
import { git, inTemporaryFolder, writeTree } from "../support/repository.ts";

async function withTwoCommits<T>(work: (directory: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (directory) => {
    git(directory, ["init", "-q"]);
    writeTree(directory, {
      "same.txt": "same",
      "changed.txt": "old",
      "deleted.txt": "gone",
      "sub/inner.txt": "old inner",
    });
    symlinkSync("changed.txt", join(directory, "link"));
    git(directory, ["add", "-A"]);
    git(directory, ["commit", "-q", "-m", "one"]);
    writeTree(directory, { "changed.txt": "new", "deleted.txt": null, "sub/inner.txt": "new inner", "added.txt": "x" });
    git(directory, ["add", "-A"]);
    git(directory, ["commit", "-q", "-m", "two"]);
    return work(directory);
  });
}
const open = (directory: string) =>
  openWorkspace(directory, { environment: process.env, verifyFiles: true, notice: () => {} });

async function earlier(directory: string) {
  const present = await open(directory);
  return openTreeAt(commitAt("HEAD^1", present, process.env), present, process.env);
}

test("of a partial clone, what is here is read, what is not is said, and unchanged files that moved are known", async () => {
  await inTemporaryFolder(async (top) => {
    const [origin, directory] = [join(top, "origin"), join(top, "clone")];
    writeTree(origin, { "same.txt": "same", "moved.txt": "moved", "changed.txt": "old" });
    git(origin, ["init", "-q"]);
    git(origin, ["config", "uploadpack.allowFilter", "true"]);
    git(origin, ["add", "-A"]);
    git(origin, ["commit", "-q", "-m", "one"]);
    git(origin, ["mv", "moved.txt", "here.txt"]);
    git(origin, ["mv", "changed.txt", "other.txt"]);
    writeTree(origin, { "other.txt": "new" });
    git(origin, ["add", "-A"]);
    git(origin, ["commit", "-q", "-m", "two"]);
    git(top, ["clone", "-q", "--filter=blob:none", "--no-local", pathToFileURL(origin).href, directory]);
    const tree = await earlier(directory);
    expect(["same.txt", "moved.txt", "changed.txt"].map((path) => tree.read(path)?.text() ?? null)).toEqual([
      "same",
      "moved",
      null,
    ]);
    expect(tree.unread()).toEqual([{ path: "changed.txt", reason: CONTENT_MISSING }]);
    const present = await open(directory);
    const renames = renamesSince(commitAt("HEAD^1", present, process.env), present, process.env);
    expect([...renames]).toEqual([["moved.txt", "here.txt"]]);
  });
});

describe("an earlier commit", () => {
  test("has its own files and contents, whatever is on disk now", async () => {
    await withTwoCommits(async (directory) => {
      writeTree(directory, { "same.txt": "changed on disk" });
      const tree = await earlier(directory);
      expect(tree.files.entries.map((entry) => entry.path)).toEqual([
        "changed.txt",
        "deleted.txt",
        "link",
        "same.txt",
        "sub/inner.txt",
      ]);
      expect(["changed.txt", "deleted.txt", "link", "same.txt"].map((path) => tree.read(path)?.text())).toEqual([
        "old",
        "gone",
        "old",
        "same",
      ]);
      expect(tree.linkTarget("link")).toBe("changed.txt");
    });
  });

  test("of a folder below the repository has paths from there", async () => {
    await withTwoCommits(async (directory) => {
      const tree = await earlier(join(directory, "sub"));
      expect(tree.files.entries.map((entry) => entry.path)).toEqual(["inner.txt"]);
      expect(tree.read("inner.txt")?.text()).toBe("old inner");
    });
  });

  test("that another repository holds is read from there, as a whole and for a folder", async () => {
    await withTwoCommits(async (directory) => {
      git(directory, ["mv", "sub/inner.txt", "sub/moved.txt"]);
      git(directory, ["commit", "-q", "-m", "three"]);
      const other = join(directory, ".git", "other.git");
      git(directory, ["clone", "-q", "--bare", directory, other]);
      const base = { ...commitAt("HEAD^1", await open(directory), process.env), directory: other };
      const seen = async (folder: string) => {
        const present = await open(join(directory, folder));
        const tree = openTreeAt(base, present, process.env);
        const files = tree.files.entries.map(({ path }) => [path, tree.read(path)?.text()]);
        return { files, renames: [...renamesSince(base, present, process.env)] };
      };
      expect((await seen("")).files).toContainEqual(["sub/inner.txt", "new inner"]);
      expect(await seen("sub")).toEqual({
        files: [["inner.txt", "new inner"]],
        renames: [["inner.txt", "moved.txt"]],
      });
      writeTree(directory, { "later/file.txt": "x" });
      expect((await seen("later")).files).toEqual([]);
    });
  });

  test("tells which files were moved since, also where they lie below a folder", async () => {
    await withTwoCommits(async (directory) => {
      git(directory, ["mv", "same.txt", "sub/moved\nhere.txt"]);
      const present = await open(directory);
      const since = (folder: typeof present) =>
        renamesSince(commitAt("HEAD", present, process.env), folder, process.env);
      expect([...since(present)]).toEqual([["same.txt", "sub/moved\nhere.txt"]]);
      expect([...since(await open(join(directory, "sub")))]).toEqual([]);
    });
  });

  test.each(["no-such-branch", "--upload-pack=x", "HEAD^9"])("that is not there is refused: %s", async (ref) => {
    await withTwoCommits(async (directory) => {
      const present = await open(directory);
      expect(() => commitAt(ref, present, process.env)).toThrow("no such commit here");
    });
  });
});
