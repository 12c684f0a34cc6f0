import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LEFT_OUT } from "../../src/workspace/disk.ts";
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

  test("what a sparse checkout leaves out is read from git, and missed where a partial clone lacks it", async () => {
    await inRepository({ "kept/a.txt": "a", "left/b.txt": "b" }, async (directory) => {
      symlinkSync("b.txt", join(directory, "left/link"));
      git(directory, ["add", "-A"]);
      git(directory, ["commit", "-q", "-m", "second"]);
      git(directory, ["config", "uploadpack.allowFilter", "true"]);
      for (const [filter, expected] of [
        [[], ["a", "b", "b", []]],
        [["--filter=blob:none"], ["a", undefined, undefined, [LEFT_OUT, expect.anything()]]],
      ] as const)
        await inTemporaryFolder(async (clone) => {
          const from = `file://${directory}`;
          git(clone, ["clone", "-q", "--sparse", ...filter, from, "."]);
          git(clone, ["sparse-checkout", "set", "kept"]);
          const workspace = await open(clone, false);
          const texts = ["kept/a.txt", "left/b.txt", "left/link"].map((path) => workspace.read(path)?.text());
          expect([...texts, workspace.unread().map(({ reason }) => reason)]).toEqual(expected);
        });
    });
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

  test("into which nothing was added yet takes what is there for what will be committed", async () => {
    await inRepository({}, async (directory) => {
      const listed = async () => (await open(directory)).files.entries.map((one) => [one.path, one.kind, one.tracked]);
      writeTree(directory, { "a.txt": "x", "b.log": "x", "run.sh": "x", ".gitignore": "*.log\n" });
      chmodSync(join(directory, "run.sh"), 0o755);
      symlinkSync("a.txt", join(directory, "link"));
      expect(await listed()).toEqual([
        [".gitignore", "file", true],
        ["a.txt", "file", true],
        ["link", "symlink", true],
        ["run.sh", "executable", true],
      ]);
      git(directory, ["add", "a.txt"]);
      expect(await listed()).toEqual([
        [".gitignore", "file", false],
        ["a.txt", "file", true],
        ["link", "symlink", false],
        ["run.sh", "executable", false],
      ]);
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

  test("gives a link that stands for a file now, and a file that stands for a link, as what they are", async () => {
    await inRepository({ "a.txt": "hello", "b.txt": "x" }, async (directory) => {
      symlinkSync("a.txt", join(directory, "link"));
      git(directory, ["add", "-A"]);
      for (const name of ["b.txt", "link"]) rmSync(join(directory, name));
      symlinkSync("a.txt", join(directory, "b.txt"));
      writeFileSync(join(directory, "link"), "a file");
      const workspace = await open(directory, true);
      expect(["b.txt", "link"].map((path) => [workspace.files.get(path)?.kind, workspace.read(path)?.text()])).toEqual([
        ["symlink", "hello"],
        ["file", "a file"],
      ]);
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

describe("symbolic links", () => {
  const cases: [string, Record<string, string>, string, string][] = [
    ["out of the tree", { link: "/etc/hostname" }, "link", "symbolic link that leaves the repository"],
    ["out of the tree by dots", { "a/link": "../../x" }, "a/link", "symbolic link that leaves the repository"],
    ["to nothing", { link: "missing.txt" }, "link", "symbolic link to missing.txt, which is not a file of the tree"],
    ["in a circle", { one: "two", two: "one" }, "one", "symbolic links that lead in a circle"],
  ];
  test.each(cases)("%s are unread", async (_, links, path, reason) => {
    await inRepository({ "real.txt": "real" }, async (directory) => {
      for (const [name, target] of Object.entries(links)) {
        mkdirSync(join(directory, name, ".."), { recursive: true });
        symlinkSync(target, join(directory, name));
      }
      git(directory, ["add", "-A"]);
      const workspace = await open(directory);
      expect(workspace.read(path)).toBeNull();
      expect(workspace.unread()).toEqual([{ path, reason }]);
    });
  });

  test("that stay inside are followed, and keep their target", async () => {
    await inRepository({ "real/file.txt": "real" }, async (directory) => {
      symlinkSync("real/file.txt", join(directory, "link"));
      git(directory, ["add", "-A"]);
      const workspace = await open(directory);
      expect(workspace.linkTarget("link")).toBe("real/file.txt");
      expect(workspace.read("link")?.text()).toBe("real");
    });
  });

  test("a folder that was replaced by a link to elsewhere is not read through", async () => {
    await inRepository({ "a/secret.txt": "inside" }, async (directory) => {
      await inTemporaryFolder(async (elsewhere) => {
        writeFileSync(join(elsewhere, "secret.txt"), "outside");
        execFileSync("rm", ["-rf", join(directory, "a")]);
        symlinkSync(elsewhere, join(directory, "a"));
        const workspace = await open(directory, false);
        expect(workspace.read("a/secret.txt")).toBeNull();
        expect(workspace.unread()[0]?.reason).toBe("its folder is a symbolic link");
      });
    });
  });
});

describe("what cannot be read is said", () => {
  test("a file above the size limit, one that git lists and the disk lacks, a named pipe", async () => {
    await inRepository({ "big.bin": "x", "gone.txt": "x", pipe: "x" }, async (directory) => {
      execFileSync("truncate", ["-s", "100M", join(directory, "big.bin")]);
      execFileSync("rm", [join(directory, "gone.txt"), join(directory, "pipe")]);
      execFileSync("mkfifo", [join(directory, "pipe")]);
      const workspace = await open(directory, false);
      for (const path of ["big.bin", "gone.txt", "pipe"]) workspace.read(path);
      expect(workspace.unread()).toEqual([
        { path: "big.bin", reason: "larger than 16 MiB" },
        { path: "gone.txt", reason: "listed by git but not on disk" },
        { path: "pipe", reason: "cannot be read (no regular file)" },
      ]);
    });
  });

  test("a folder that is not there, or is a file", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFileSync(join(directory, "file"), "");
      await expect(open(join(directory, "nowhere"))).rejects.toThrow("no such directory");
      await expect(open(join(directory, "file"))).rejects.toThrow("not a directory");
    });
  });
});

test("a folder without git is listed without .git, node_modules and what .gitignore leaves out", async () => {
  await inTemporaryFolder(async (directory) => {
    writeTree(directory, {
      "a.txt": "x",
      ".gitignore": "*.log\n/build/\n",
      "x.log": "x",
      "build/out": "x",
      "sub/build/kept": "x",
      "sub/.gitignore": "!keep.log\n",
      "sub/keep.log": "x",
      "node_modules/m/index.js": "x",
    });
    const workspace = await open(directory);
    expect(workspace.kind).toBe("directory");
    expect(paths(workspace)).toEqual([".gitignore", "a.txt", "sub/.gitignore", "sub/build/kept", "sub/keep.log"]);
  });
});

test("backup copies and what the config ignores are listed but marked as never read", async () => {
  const listed = ["a.py.bak", "backups/a.py", "deploy/backups/compose.yml", "legacy/b.py"];
  const read = ["a.py", "app/backups/__init__.py", "src/backups/routes.ts"];
  await inRepository(Object.fromEntries([...listed, ...read].map((path) => [path, "x"])), async (directory) => {
    const { files } = ignoring(await open(directory), ["legacy/**"]);
    expect(files.entries.filter((entry) => entry.ignored).map((entry) => entry.path)).toEqual(listed);
  });
});
