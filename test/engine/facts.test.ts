import { expect, test } from "vitest";
import { makeFactReader } from "../../src/engine/facts.ts";
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
  const little = Buffer.from("\ufeffflask==3.1\r\n", "utf16le");
  const { workspace } = counting({
    "requirements.txt": little,
    "api/requirements/base.in": Buffer.from(little).swap16(),
    "requirements-dev.txt": Buffer.from("pytest==9\n", "utf16le"),
    "notes.txt": Buffer.from("\ufeffflask\n", "utf16le"),
  });
  const facts = makeFactReader(workspace);
  await facts.load(["lines"]);
  const lines = (path: RepoPath) => facts.get("lines", path)?.lines ?? null;
  expect(lines("requirements.txt")).toEqual(["flask==3.1", ""]);
  expect(lines("api/requirements/base.in")).toEqual(["flask==3.1", ""]);
  expect(lines("requirements-dev.txt")).toBeNull();
  expect(lines("notes.txt")).toBeNull();
  expect(workspace.unread()).toEqual([
    { path: "notes.txt", reason: "UTF-16, not UTF-8" },
    { path: "requirements-dev.txt", reason: "binary file" },
  ]);
});
