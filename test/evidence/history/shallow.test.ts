import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareBranches, makeTimeline, readDrift, type Timeline } from "../../support/timeline.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A clone of `source`, as a CI step would make it. */
function clone(source: Timeline, ...args: string[]): Timeline {
  const folder = mkdtempSync(join(tmpdir(), "clone-"));
  folders.push(folder);
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", folder, ...words], {
      env: { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  execFileSync("git", ["clone", "-q", "--no-tags", ...args, `file://${source.folder}`, folder], { stdio: "ignore" });
  return { ...source, folder, git };
}

/** Names and contents of everything below .git; git itself may touch the time of an object that it would write again. */
function bytesOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(join(folder, ".git"), { recursive: true, encoding: "utf8" }).sort()) {
    const file = join(folder, ".git", name);
    hash.update(`${name}\0`);
    if (statSync(file).isFile()) hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Two long lines, side branches merged early and late, one very old branch merged twice. */
function longHistory(): Timeline {
  const t = makeTimeline();
  folders.push(t.folder);
  t.commit("chore: start", { "app.py": "a\n" });
  t.on("ancient", "main");
  t.commit("feat: ancient", { "ancient.py": "1\n" });
  t.on("main");
  for (let i = 0; i < 8; i++) t.commit(`feat: main ${i}`, { [`m${i}.py`]: "m\n" });
  t.merge("ancient", "Merge the ancient branch");
  for (let i = 8; i < 16; i++) t.commit(`feat: main ${i}`, { [`m${i}.py`]: "m\n" });
  t.on("develop", "main");
  t.on("ancient");
  t.commit("feat: ancient again", { "again.py": "2\n" });
  t.on("develop");
  for (let i = 0; i < 6; i++) t.commit(`feat: develop ${i}`, { [`d${i}.py`]: "d\n" });
  t.merge("ancient", "Merge the ancient branch again");
  t.commit("feat: last", { "last.py": "l\n" });
  t.on("main");
  t.commit("fix: hot", { "hot.py": "h\n" });
  t.pick("develop~3");
  return t;
}

describe("shallow clones", () => {
  let whole: Timeline;
  beforeAll(() => {
    whole = longHistory();
  });

  it("are right or undecided at every depth, never wrong", async () => {
    const truth = await compareBranches(whole, "develop", "main");
    expect(truth).toMatchObject({ ahead: 9, behind: 2, lost: ["fix: hot"] });
    const decided: number[] = [];
    for (let depth = 1; depth <= 26; depth++) {
      const seen = await compareBranches(clone(whole, `--depth=${depth}`, "--no-single-branch"), "develop", "main");
      if (seen.verdict === "undecided") expect(seen, `depth ${depth}`).toMatchObject({ waiting: [], lost: [] });
      else {
        decided.push(depth);
        expect({ ...seen, reason: null }, `depth ${depth}`).toEqual({ ...truth, reason: null });
      }
    }
    expect(decided).toContain(26);
    expect(decided).not.toContain(8);
  });

  it("are undecided as actions/checkout leaves them, with what people fetch on top", async () => {
    const one = clone(whole, "--depth=1", "--branch=develop");
    expect(await compareBranches(one, "develop", "main")).toMatchObject({
      verdict: "undecided",
      ahead: null,
      behind: null,
    });
    one.git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main");
    expect(await compareBranches(one, "develop", "main")).toMatchObject({ verdict: "undecided", ahead: null });
    one.git(
      "fetch",
      "-q",
      "--depth=5",
      "origin",
      "main:refs/remotes/origin/main",
      "+develop:refs/remotes/origin/develop",
    );
    expect(await compareBranches(one, "origin/develop", "main")).toMatchObject({ verdict: "undecided", ahead: null });
    one.git("fetch", "-q", "--unshallow", "origin", "main:refs/remotes/origin/main");
    expect(await compareBranches(one, "develop", "main")).toMatchObject({ ahead: 9, behind: 2 });
  });

  it("are decided where both sides are one commit", async () => {
    expect(await compareBranches(clone(whole, "--depth=1", "--branch=develop"), "develop", "HEAD")).toMatchObject({
      ahead: 0,
      behind: 0,
      verdict: "pass",
    });
  });

  it("are undecided after a shallow fetch has truncated a whole clone", async () => {
    const one = clone(whole, "--no-single-branch");
    expect((await compareBranches(one, "develop", "main")).ahead).toBe(9);
    one.git("fetch", "-q", "--depth=1", "origin", "main");
    expect(await compareBranches(one, "develop", "main")).toMatchObject({ verdict: "undecided", ahead: null });
  });

  it("that lack file contents give counts, and names where no content is needed", async () => {
    whole.git("config", "uploadpack.allowFilter", "true");
    const blobless = clone(whole, "--filter=blob:none", "--no-checkout", "--no-single-branch");
    const base = whole.git("merge-base", "main", "develop");
    expect(await compareBranches(blobless, "origin/develop", base)).toMatchObject({
      ahead: 9,
      behind: 0,
      verdict: "pass",
    });
    expect(await compareBranches(blobless, "origin/develop", "main")).toMatchObject({ ahead: 9, behind: 2 });
  });
});

describe("a run", () => {
  it("leaves every byte of .git as it was", async () => {
    const t = longHistory();
    const before = bytesOf(t.folder);
    const config = "drift:\n  - { head: develop, base: main }\n  - { head: main, base: develop }\n";
    const model = await readDrift(t.folder, { config });
    expect(model.comparisons).toHaveLength(2);
    expect(bytesOf(t.folder)).toBe(before);
  });
});
