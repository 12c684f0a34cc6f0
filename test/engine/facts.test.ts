import { expect, test } from "vitest";
import { makeFactReader } from "../../src/engine/facts.ts";
import { utf16Requirements } from "../../src/sources/utf16.ts";
import type { RepoPath } from "../../src/types/text.ts";
import type { Workspace } from "../../src/types/workspace.ts";
import { memoryWorkspace } from "../../src/workspace/memory.ts";

const CONFLICT = "a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> other\n";
/** Longer than what is kept in memory for the next kind that asks. */
const LONG = "a = 1  # as long as it takes\n".repeat(2000);

function counting(files: Record<string, string | Uint8Array>): { workspace: Workspace; reads: RepoPath[] } {
  const workspace = memoryWorkspace(files);
  const reads: RepoPath[] = [];
  return {
    workspace: {
      ...workspace,
      read(path) {
        reads.push(path);
        return workspace.read(path);
      },
    },
    reads,
  };
}

test("a file that another kind has read is not opened again to find no conflict marker in it", async () => {
  const { workspace, reads } = counting({
    "plain.py": LONG,
    "copy.py": LONG,
    "conflict.py": `${LONG}${CONFLICT}`,
    "unread.py": `${LONG}# of its own\n`,
  });
  const facts = makeFactReader(workspace);
  await facts.load(["lines"]);
  for (const path of ["plain.py", "conflict.py"]) facts.get("lines", path);
  await facts.load(["conflict-marker"]);
  expect(facts.get("conflict-marker", "plain.py")).toEqual({ line: null });
  expect(facts.get("conflict-marker", "copy.py")).toEqual({ line: null });
  expect(facts.get("conflict-marker", "conflict.py")).toEqual({ line: 2002 });
  expect(facts.get("conflict-marker", "unread.py")).toEqual({ line: null });
  expect(reads).toEqual(["plain.py", "conflict.py", "conflict.py", "unread.py"]);
});

test("a script is parsed once for all that its commands are read for", async () => {
  const script = `kubectl apply -f $DIR\n${"# as long as it takes\n".repeat(2000)}`;
  const { workspace, reads } = counting({ "deploy.sh": script, "plain.sh": script.replace("kubectl", "ls") });
  const facts = makeFactReader(workspace);
  await facts.load(["deploy-shell"]);
  expect(facts.get("deploy-shell", "deploy.sh")?.scripts[0]?.commands).toMatchObject([
    { words: ["kubectl", "apply", "-f", "$DIR"], line: 1 },
  ]);
  expect(facts.get("deploy-shell", "plain.sh")?.scripts).toEqual([]);
  const before = [...reads];
  expect(facts.get("shell", "deploy.sh")?.commands).toHaveLength(1);
  expect(reads).toEqual(before);
});

test("what is no text stays unread whatever was looked for in it", async () => {
  const { workspace } = counting({ "a.py": Buffer.from("a\0b"), "b.py": Buffer.from("\ufeffb = 1\n", "utf16le") });
  const facts = makeFactReader(workspace);
  await facts.load(["lines", "conflict-marker"]);
  expect(facts.get("lines", "a.py")).toBeNull();
  expect(facts.get("conflict-marker", "a.py")).toBeNull();
  expect(facts.get("lines", "b.py")).toBeNull();
  expect(workspace.unread()).toEqual([
    { path: "a.py", reason: "binary file" },
    { path: "b.py", reason: "UTF-16, not UTF-8" },
  ]);
});

test("a list of requirements is read in UTF-16 where a mark says so, as pip reads it", async () => {
  const list =
    "\ufeff# tools\r\n-r base.txt\r\n\r\nflask[async]==3.1 \\\r\n  --hash=sha256:0\r\nuvicorn\r\ngit+https://x.test/y@z\r\n";
  const little = Buffer.from(list, "utf16le");
  const lines = list.slice(1).split("\r\n");
  const { workspace } = counting({
    "requirements.txt": little,
    "copy.in": little,
    "api/base.txt": Buffer.from(little).swap16(),
    "requirements-dev.txt": Buffer.from("pytest==9\n", "utf16le"),
    "notes.txt": Buffer.from("\ufeffuse flask\n", "utf16le"),
    "empty.txt": Buffer.from("\ufeff\r\n", "utf16le"),
    ".env": Buffer.from("\ufeffFLASK=3\n", "utf16le"),
    "a.yaml": Buffer.from("\ufeff- flask\n", "utf16le"),
  });
  const facts = makeFactReader(workspace);
  await facts.load(["lines"]);
  const read = workspace.files.entries.map(({ path }) => [path, facts.get("lines", path)?.lines ?? null]);
  expect(Object.fromEntries(read)).toEqual({
    "requirements.txt": lines,
    "copy.in": lines,
    "api/base.txt": lines,
    "requirements-dev.txt": null,
    "notes.txt": null,
    "empty.txt": null,
    ".env": null,
    "a.yaml": null,
  });
  expect(workspace.unread()).toContainEqual({ path: "notes.txt", reason: "UTF-16, not UTF-8" });
  expect(workspace.unread()).toContainEqual({ path: "requirements-dev.txt", reason: "binary file" });
});

test.each([" ", "a [", "a", "-", "a,"])(
  "content that a hostile list in UTF-16 repeats (%j) is looked at in a moment",
  (piece) => {
    const start = performance.now();
    utf16Requirements(Buffer.from(`\ufeffa${piece.repeat(200_000)}(`, "utf16le"));
    expect(performance.now() - start).toBeLessThan(1000);
  },
);
