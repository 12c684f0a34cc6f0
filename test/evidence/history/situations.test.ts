import { rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { descriptors } from "../../../src/catalog/descriptors.generated.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { runCheck } from "../../../src/engine/run.ts";
import { selectRules } from "../../../src/engine/select.ts";
import { openWorkspace } from "../../../src/workspace/open.ts";
import {
  compareBranches,
  makeTimeline,
  readDrift,
  type Timeline,
  type TimelineOptions,
} from "../../support/timeline.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A repository with two commits on main and the branch develop, checked out. */
function begin(options: TimelineOptions = {}): Timeline {
  const timeline = makeTimeline(options);
  folders.push(timeline.folder);
  timeline.commit("chore: start", { "app.py": "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n" });
  timeline.commit("feat: api", { "api/main.py": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" });
  timeline.on("develop", "main");
  return timeline;
}

const lines = (...changed: [number, string][]): string => {
  const all = [..."abcdefghij"];
  for (const [at, text] of changed) all[at] = text;
  return `${all.join("\n")}\n`;
};

describe("a bare repository", () => {
  it("is compared as a clone with files is", async () => {
    const t = begin();
    t.commit("fix: two", { "two.py": "2\n" });
    t.commit("chore: config", { "predeploy.yml": "version: 1\ndrift:\n  - { head: develop, base: main }\n" });
    const bare = `${t.folder}/bare.git`;
    t.git("clone", "-q", "--bare", ".", bare);
    const model = await readDrift(bare, {});
    expect(model.comparisons).toMatchObject([
      { ahead: 2, behind: 0, waiting: [{ subject: "fix: two" }, { subject: "chore: config" }], undecided: null },
    ]);
  });

  it("holds the files of its HEAD, so every rule judges those as in a clone of that branch", async () => {
    const t = begin();
    t.commit("feat: users", {
      "migrations/001_start.sql": "CREATE TABLE users (id int);\n",
      "migrations/002_more.sql": "ALTER TABLE users ADD COLUMN name int NOT NULL;\n",
      ".env.production": "A=1\nB=2\n",
      ".env.staging": "A=1\n",
      "predeploy.yml": "drift:\n  - { head: develop, base: main }\n",
      "link.py": "x\n",
    });
    const bare = `${t.folder}/bare.git`;
    t.git("clone", "-q", "--bare", ".", bare);
    const said = async (folder: string): Promise<string[]> => {
      const workspace = await openWorkspace(folder, { environment: {}, verifyFiles: false, notice: () => {} });
      const config = await loadConfig(workspace, null);
      const rules = await selectRules(descriptors, workspace, config, { only: ["drift", "migrations"], skip: [] });
      const options = { environment: null, online: false, present: new Map(), deployed: null, now: 0 };
      const { findings, undecided, unread } = await runCheck({
        workspace,
        config,
        rules,
        options,
        baseline: null,
        failOn: "error",
        allowUndecided: false,
        environment: { PATH: process.env["PATH"] },
      });
      expect([...undecided, ...unread]).toEqual([]);
      return findings.map(({ rule, subject, at }) => `${at.path}:${at.start.line} ${rule} ${subject}`);
    };
    expect(await said(bare)).toEqual([
      ".env.production:2 drift/environment-key-missing B",
      "migrations/002_more.sql:1 migrations/unsafe-statement users add-column-not-null name",
    ]);
    // The git directory of a clone is read as the bare repository that it is.
    expect(await said(`${t.folder}/.git`)).toEqual(await said(bare));
    t.git("-C", bare, "symbolic-ref", "HEAD", "refs/heads/gone");
    await expect(said(bare)).rejects.toThrow("HEAD names no commit");
  });
});

describe("merges", () => {
  it("leaves out clean merges and counts what they bring", async () => {
    const t = begin();
    t.on("topic", "develop");
    t.commit("feat: one", { "one.py": "1\n" });
    t.on("develop");
    t.commit("feat: two", { "two.py": "2\n" });
    t.merge("topic");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 3,
      behind: 0,
      waiting: ["feat: one", "feat: two"],
      lost: [],
    });
  });

  it.each([
    ["with what a mechanical merge gives", "conflict", {}, []],
    ["that leaves a new file in a folder which the other side renamed", "false", { "old/new.py": "n\n" }, ["merge"]],
    ["of a side that renamed while the other changed the file", "conflict", { "old/one.py": "1\nx\n" }, []],
  ])("judges a merge %s", async (_, directoryRenames, files, counted) => {
    const t = begin();
    t.commit("chore: folder", { "old/one.py": "1\n2\n3\n4\n5\n", "old/two.py": "a\nb\nc\nd\n" });
    t.on("topic", "develop");
    t.commit("feat: topic", { "kept.py": "k\n", ...files });
    t.on("develop");
    t.git("mv", "old", "new");
    t.commit("feat: rename");
    t.git("config", "merge.directoryRenames", directoryRenames);
    t.merge("topic", "merge");
    t.git("config", "--unset", "merge.directoryRenames");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["chore: folder", "feat: topic", "feat: rename", ...counted],
    });
  });

  it("counts a merge that took one side whole, and one that dropped a file of the branch", async () => {
    const t = begin();
    t.on("topic", "develop");
    t.commit("feat: topic", { "topic.py": "1\n", "other.py": "2\n" });
    t.on("develop");
    t.commit("feat: develop", { "develop.py": "d\n" });
    t.git("merge", "-q", "-s", "ours", "-m", "ours", "topic");
    t.on("second", "topic");
    t.commit("feat: second", { "second.py": "1\n", "third.py": "2\n" });
    t.on("develop");
    t.git("merge", "-q", "--no-commit", "--no-ff", "second");
    t.git("rm", "-q", "-f", "third.py");
    t.commit("partly");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["feat: topic", "feat: develop", "ours", "feat: second", "partly"],
    });
  });

  it("leaves out every clean merge of a row, whatever their branches started from", async () => {
    const t = begin();
    for (const name of ["one", "two", "three"]) {
      t.on(name, "main");
      t.commit(`feat: ${name}`, {
        "app.py": lines([["one", "two", "three"].indexOf(name) * 4, name]),
        [`${name}.py`]: "1\n",
      });
    }
    t.on("develop");
    t.commit("feat: develop", { "develop.py": "d\n" });
    for (const name of ["one", "two", "three"]) t.merge(name);
    expect(await compareBranches(t, "develop", "main", "paths: ['**']")).toMatchObject({
      ahead: 7,
      waiting: ["feat: one", "feat: two", "feat: three", "feat: develop"],
    });
    expect(await compareBranches(t, "main", "develop", "ignore-whitespace: true")).toMatchObject({
      lost: ["feat: one", "feat: two", "feat: three", "feat: develop"],
    });
  });

  it("counts a merge that holds a change of its own", async () => {
    const t = begin();
    t.on("topic", "develop");
    t.commit("feat: one", { "one.py": "1\n" });
    t.on("develop");
    t.commit("feat: two", { "two.py": "2\n" });
    t.git("merge", "-q", "--no-ff", "--no-commit", "topic");
    t.commit("fix: slipped into the merge", { "app.py": lines([2, "EVIL"]) });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 3,
      waiting: ["feat: one", "feat: two", "fix: slipped into the merge"],
      fixes: ["fix: slipped into the merge"],
    });
    expect(await compareBranches(t, "main", "develop")).toMatchObject({
      lost: ["feat: one", "feat: two", "fix: slipped into the merge"],
      verdict: "fail",
    });
    expect(await compareBranches(t, "develop", "main", "paths: [app.py]")).toMatchObject({
      waiting: ["fix: slipped into the merge"],
    });
  });

  it("counts a merge in which a conflict was resolved", async () => {
    const t = begin();
    t.on("topic", "develop");
    t.commit("feat: topic", { "app.py": lines([2, "TOPIC"]) });
    t.on("develop");
    t.commit("feat: develop", { "app.py": lines([2, "DEVELOP"]) });
    expect(() => t.merge("topic")).toThrow();
    t.commit("Merge topic by hand", { "app.py": lines([2, "BOTH"]) });
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual([
      "feat: topic",
      "feat: develop",
      "Merge topic by hand",
    ]);
  });

  it("leaves out a clean octopus merge and counts one with a change of its own", async () => {
    const t = begin();
    for (const name of ["one", "two", "three"]) {
      t.on(name, "develop");
      t.commit(`feat: ${name}`, { [`${name}.py`]: "1\n" });
    }
    t.on("develop");
    t.git("merge", "-q", "--no-ff", "-m", "Merge all three", "one", "two", "three");
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual(["feat: one", "feat: two", "feat: three"]);
    t.write("app.py", lines([0, "EVIL"]));
    t.git("commit", "-q", "--amend", "--no-edit");
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual([
      "feat: one",
      "feat: two",
      "feat: three",
      "Merge all three",
    ]);
    expect((await compareBranches(t, "develop", "main", "paths: [app.py]")).waiting).toEqual(["Merge all three"]);
  });

  it("leaves out what was merged back, with a criss-cross history", async () => {
    const t = begin();
    t.commit("feat: one", { "one.py": "1\n" });
    const one = t.git("rev-parse", "HEAD");
    t.on("main");
    t.commit("fix: hot", { "hot.py": "h\n" });
    const hot = t.git("rev-parse", "HEAD");
    t.merge(one, "Merge develop");
    t.on("develop");
    t.merge(hot, "Merge the hotfix");
    t.commit("feat: two", { "two.py": "2\n" });
    expect(t.git("merge-base", "--all", "main", "develop").split("\n")).toHaveLength(2);
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 2,
      behind: 1,
      waiting: ["feat: two"],
      lost: [],
    });
  });
});

describe("equivalents", () => {
  it("knows a cherry-pick without a mark by its patch, and with different surroundings by its mark", async () => {
    const t = begin();
    t.commit("feat: export", { "export.py": "e\n" });
    const plain = t.commit("fix: login loop", { "login.py": "l\n" });
    const marked = t.commit("fix: middle", { "app.py": lines([4, "MIDDLE"]) });
    t.on("main");
    t.pick(plain);
    t.commit("feat: other", { "app.py": lines([3, "OTHER"]) });
    expect(() => t.pick(marked, "-x")).toThrow();
    t.commit(`fix: middle\n\n(cherry picked from commit ${marked})`, { "app.py": lines([3, "OTHER"], [4, "MIDDLE"]) });
    expect(await compareBranches(t, "develop", "main", "max-lost: 0")).toMatchObject({
      ahead: 3,
      behind: 3,
      waiting: ["feat: export"],
      lost: ["feat: other"],
    });
  });

  it("takes the same subject for no proof", async () => {
    const t = begin();
    t.commit("fix: login", { "login.py": "one\n" });
    t.on("main");
    t.commit("fix: login", { "login.py": "two\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["fix: login"],
      lost: ["fix: login"],
    });
  });

  it("knows a rebase merge, a re-indented pick, binary files and modes", async () => {
    const t = begin();
    t.commit("feat: indent", { "indent.py": "if a:\n  b\n" });
    t.commit("feat: image", { "logo.png": Buffer.from([0, 1, 2, 3]) });
    t.commit("feat: other image", { "other.png": Buffer.from([0, 9, 9]) });
    t.git("update-index", "--chmod=+x", "app.py");
    t.git("checkout", "-q", "--", "app.py");
    t.commit("feat: mode");
    t.on("main");
    t.commit("docs: before", { "README.md": "r\n" });
    t.commit("feat: indent", { "indent.py": "if a:\r\n      b\r\n" });
    t.commit("feat: image", { "logo.png": Buffer.from([0, 1, 2, 3]) });
    t.commit("feat: other image", { "other.png": Buffer.from([0, 7, 7]) });
    t.git("update-index", "--chmod=+x", "app.py");
    t.git("checkout", "-q", "--", "app.py");
    t.commit("feat: mode");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["feat: other image"],
      lost: ["docs: before", "feat: other image"],
    });
  });

  it("leaves out empty commits", async () => {
    const t = begin();
    t.commit("chore: trigger the build");
    t.commit("feat: one", { "one.py": "1\n" });
    expect(await compareBranches(t, "develop", "main", "max-waiting: 1")).toMatchObject({
      ahead: 2,
      waiting: ["feat: one"],
      verdict: "pass",
    });
  });

  it("finds nothing where both trees are equal, however they came about", async () => {
    const t = begin();
    t.commit("wip: one", { "one.py": "1\n" });
    t.commit("wip: two", { "one.py": "2\n" });
    t.on("main");
    t.commit("feat: by hand", { "one.py": "2\n" });
    t.commit("chore: nothing");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ ahead: 2, behind: 2, waiting: [], lost: [] });
  });

  it("knows a submodule by its commit and never enters it", async () => {
    const t = begin();
    const at = (sha: string, message: string): void => {
      t.git("update-index", "--add", "--cacheinfo", `160000,${sha},vendor/lib`);
      t.commit(message);
    };
    at("1".repeat(40), "chore: add lib");
    at("2".repeat(40), "fix: newer lib");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["chore: add lib", "fix: newer lib"],
    });
    expect(await compareBranches(t, "develop", "main", "paths: ['vendor/**']")).toMatchObject({
      waiting: ["chore: add lib", "fix: newer lib"],
    });
    expect(await compareBranches(t, "develop", "main", "paths: ['!vendor/**']")).toMatchObject({ waiting: [] });
  });
});

describe("reverts", () => {
  it("takes a commit and its revert out on the head", async () => {
    const t = begin();
    const cache = t.commit("fix: cache", { "cache.py": "c\n" });
    t.commit("feat: search", { "search.py": "s\n" });
    t.revert(cache);
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 3,
      waiting: ["feat: search"],
      fixes: [],
    });
  });

  it("restores the original by the revert of its revert", async () => {
    const t = begin();
    const cache = t.commit("fix: cache", { "cache.py": "c\n" });
    const revert = t.revert(cache);
    t.revert(revert);
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual(["fix: cache"]);
  });

  it("does not take a pick for deployed that was reverted there", async () => {
    const t = begin();
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.on("main");
    const pick = t.pick(fix);
    t.revert(pick);
    t.commit("docs: readme", { "README.md": "r\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["fix: login"],
      lost: ["docs: readme"],
    });
    t.revert("HEAD~1");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: [], lost: ["docs: readme"] });
  });

  it("does not take a pick for deployed whose revert names the original", async () => {
    const t = begin();
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.on("main");
    t.pick(fix);
    t.commit("docs: readme", { "README.md": "r\n" });
    t.revert(fix);
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["fix: login"],
      lost: ["docs: readme"],
    });
  });

  it("loses a pick that the head took back", async () => {
    const t = begin();
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.on("main");
    t.pick(fix, "-x");
    t.on("develop");
    t.revert(fix);
    t.commit("feat: next", { "next.py": "n\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["feat: next"],
      lost: ["fix: login"],
    });
  });

  it("keeps a revert whose original is common to both sides", async () => {
    const t = begin();
    t.revert("main");
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual(['Revert "feat: api"']);
  });

  it("takes out all that a reverted merge brought", async () => {
    const t = begin();
    t.on("topic", "develop");
    t.commit("feat: one", { "one.py": "1\n" });
    t.commit("feat: two", { "two.py": "2\n" });
    t.on("develop");
    t.commit("feat: three", { "three.py": "3\n" });
    const merge = t.merge("topic");
    t.revert(merge, "-m", "1");
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual(["feat: three"]);
    t.revert("HEAD");
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual(["feat: one", "feat: two", "feat: three"]);
  });
});

describe("squashes", () => {
  const wip = (t: Timeline): void => {
    t.commit("wip: retry 1", { "retry.py": "r1\n" });
    t.commit("wip: retry 2", { "retry.py": "r1\nr2\n" });
  };

  it("knows a squash of the head on the base, and what came after it", async () => {
    const t = begin();
    wip(t);
    t.on("main");
    t.commit("docs: readme", { "README.md": "x\n" });
    t.squash("develop", "feat: retry (#12)");
    t.on("develop");
    t.commit("fix: retry gives up", { "retry.py": "r1\nr2\nmax\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 3,
      behind: 2,
      waiting: ["fix: retry gives up"],
      lost: ["docs: readme"],
    });
  });

  it("knows a squash of the base on the head", async () => {
    const t = begin();
    t.commit("feat: mine", { "mine.py": "m\n" });
    t.on("main");
    wip(t);
    t.on("develop");
    t.squash("main", "chore: sync main");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 2,
      behind: 2,
      waiting: ["feat: mine"],
      lost: [],
    });
    t.on("main");
    t.commit("fix: later", { "later.py": "l\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["feat: mine"],
      lost: ["fix: later"],
    });
  });

  it("knows a second squash of the same branch", async () => {
    const t = begin();
    wip(t);
    t.on("main");
    t.squash("develop", "feat: retry (#12)");
    t.on("develop");
    t.commit("wip: more 1", { "more.py": "1\n" });
    t.commit("wip: more 2", { "more.py": "1\n2\n" });
    const second = t.git("diff", "develop~2", "develop");
    expect(second).not.toBe("");
    t.on("main");
    t.commit("feat: more (#13)", { "more.py": "1\n2\n" });
    t.commit("docs: readme", { "README.md": "x\n" });
    t.on("develop");
    t.commit("feat: last", { "last.py": "l\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["feat: last"],
      lost: ["docs: readme"],
    });
  });

  it("proves nothing by a squash of which a part was taken back afterwards", async () => {
    const t = begin();
    const first = t.commit("feat: one", { "one.py": "1\n" });
    t.commit("feat: two", { "two.py": "2\n" });
    t.on("main");
    t.squash("develop", "feat: both (#9)");
    t.on("develop");
    t.revert(first);
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["feat: two"],
      lost: ["feat: both (#9)"],
    });
  });

  it("proves nothing by a squash that was reverted", async () => {
    const t = begin();
    wip(t);
    t.on("main");
    const squash = t.squash("develop", "feat: retry (#12)");
    t.revert(squash);
    t.commit("docs: readme", { "README.md": "x\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ["wip: retry 1", "wip: retry 2"],
      lost: ["docs: readme"],
    });
  });

  it("knows a pull request that was merged here and squashed there", async () => {
    const t = begin();
    t.commit("feat: earlier", { "earlier.py": "e\n" });
    t.on("topic", "develop");
    wip(t);
    t.on("develop");
    t.merge("topic");
    t.on("main");
    t.commit("feat: retry (#12)", { "retry.py": "r1\nr2\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: ["feat: earlier"], lost: [] });
  });
});

describe("after a merge back", () => {
  it("still knows picks and squashes that are now common history", async () => {
    const t = begin();
    t.commit("wip: one", { "one.py": "1\n" });
    t.commit("wip: two", { "one.py": "1\n2\n" });
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.on("main");
    t.commit("feat: both (#3)", { "one.py": "1\n2\n" });
    t.pick(fix);
    t.on("develop");
    t.merge("main", "Merge main back");
    t.commit("feat: next", { "next.py": "n\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ behind: 0, waiting: ["feat: next"], lost: [] });
  });

  it("does not take a commit for its own revert's revert", async () => {
    const t = begin();
    t.on("main");
    const api = t.git("rev-parse", "main");
    const revert = t.revert(api);
    t.on("later", "main");
    t.revert(revert);
    expect((await compareBranches(t, "later", "main")).waiting).toHaveLength(1);
  });
});

describe("filters", () => {
  it("applies paths to waiting and lost and keeps raw counts whole", async () => {
    const t = begin();
    t.commit("docs: guide", { "docs/guide.md": "g\n" });
    t.commit("fix: api", { "api/main.py": "1\n" });
    t.commit("test: api", { "api/tests/test_main.py": "t\n" });
    t.git("mv", "api/main.py", "moved.py");
    t.commit("refactor: move out");
    t.on("main");
    t.commit("docs: other", { "docs/other.md": "o\n" });
    t.commit("fix: api on main", { "api/other.py": "o\n" });
    expect(await compareBranches(t, "develop", "main", "paths: ['api/**', '!api/tests/**']")).toMatchObject({
      ahead: 4,
      behind: 2,
      waiting: ["fix: api", "refactor: move out"],
      lost: ["fix: api on main"],
    });
    expect((await compareBranches(t, "develop", "main", "paths: ['!docs/**']")).waiting).toEqual([
      "fix: api",
      "test: api",
      "refactor: move out",
    ]);
    expect((await compareBranches(t, "develop", "main", "paths: [docs]")).waiting).toEqual(["docs: guide"]);
    expect((await compareBranches(t, "develop", "main", "paths: ['**/*.md']")).waiting).toEqual(["docs: guide"]);
  });

  it("drops changes of white space only where asked to", async () => {
    const t = begin();
    t.commit("style: indent", { "app.py": lines([2, "    c"]) });
    t.commit("style: line ends", { "app.py": lines([2, "    c"]).replaceAll("\n", "\r\n") });
    t.commit("style: blank", { "app.py": `${lines([2, "    c"]).replaceAll("\n", "\r\n")}\n\n` });
    t.commit("feat: one", { "one.py": "1\n" });
    expect((await compareBranches(t, "develop", "main")).waiting).toHaveLength(4);
    expect((await compareBranches(t, "develop", "main", "ignore-whitespace: true")).waiting).toEqual(["feat: one"]);
  });
});

describe("limits", () => {
  it.each([
    ["max-waiting: 1", "fail"],
    ["max-waiting: 2", "warn"],
    ["max-waiting: 2, fixes: off", "pass"],
    ["max-waiting: 2, fixes: note", "pass"],
    ["fixes: error", "fail"],
    ["max-age-days: 363, fixes: off", "fail"],
    ["max-age-days: 364, fixes: off", "pass"],
  ])("%s: %s", async (limits, verdict) => {
    const t = begin();
    // Committed at 03:00 of the first day: 364 days and 21 hours before the year's end.
    t.commit("feat: one", { "one.py": "1\n" });
    t.commit("fix: two", { "two.py": "2\n" });
    expect((await compareBranches(t, "develop", "main", limits)).verdict).toBe(verdict);
  });
});

describe("names", () => {
  it("takes the tag where a tag and a branch have one name, and says so", async () => {
    const t = begin();
    t.git("tag", "both", "main");
    t.commit("feat: one", { "one.py": "1\n" });
    t.git("branch", "both", "develop");
    const seen = await compareBranches(t, "develop", "both");
    expect(seen).toMatchObject({ ahead: 1, waiting: ["feat: one"] });
    expect(seen.reason).toContain("tag and a branch");
    expect(await compareBranches(t, "develop", "refs/heads/both")).toMatchObject({ ahead: 0, reason: null });
  });

  it("peels annotated tags, takes short commits of seven digits and no fewer", async () => {
    const t = begin();
    t.git("tag", "-a", "-m", "first", "v1", "main");
    t.git("tag", "-a", "-m", "tag of a tag", "v1-again", "v1");
    t.commit("feat: one", { "one.py": "1\n" });
    const main = t.git("rev-parse", "main");
    for (const base of ["v1", "v1-again", main, main.slice(0, 7), main.slice(0, 12)]) {
      expect(await compareBranches(t, "develop", base), base).toMatchObject({ ahead: 1, behind: 0, verdict: "pass" });
    }
    expect(await compareBranches(t, "develop", main.slice(0, 6))).toMatchObject({ verdict: "undecided", ahead: null });
    expect(await compareBranches(t, "develop", "f".repeat(40))).toMatchObject({ verdict: "undecided", ahead: null });
    expect(await compareBranches(t, "develop", "v1^{tree}")).toMatchObject({ verdict: "undecided" });
    expect(await compareBranches(t, "develop", "--output=x")).toMatchObject({ verdict: "undecided" });
  });

  it("finds a branch that only the remote has, and a detached head", async () => {
    const t = begin();
    t.commit("feat: one", { "one.py": "1\n" });
    t.git("update-ref", "refs/remotes/origin/production", "main");
    t.git("checkout", "-q", "--detach");
    const seen = await compareBranches(t, "HEAD", "production");
    expect(seen).toMatchObject({ ahead: 1, waiting: ["feat: one"] });
    expect(seen.reason).toContain("origin/production");
  });
});

describe("repositories", () => {
  it("is undecided between unrelated histories and says what git counts", async () => {
    const t = begin();
    t.git("checkout", "-q", "--orphan", "other");
    t.commit("chore: start again", { "new.py": "n\n" });
    expect(await compareBranches(t, "other", "main")).toMatchObject({
      ahead: 1,
      behind: 2,
      waiting: [],
      lost: [],
      verdict: "undecided",
    });
  });

  it("reads a repository with 64-digit names", async () => {
    const t = begin({ init: ["--object-format=sha256"] });
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.commit("feat: one", { "one.py": "1\n" });
    t.on("main");
    t.commit("docs: readme", { "README.md": "r\n" });
    t.pick(fix);
    expect(fix).toHaveLength(64);
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 2,
      behind: 2,
      waiting: ["feat: one"],
      lost: ["docs: readme"],
    });
  });

  it("keeps hostile subjects as they are and reads what follows", async () => {
    const t = begin();
    t.commit("::add-mask::x\u001b[31m %0A **bold**", { "one.py": "1\n" });
    t.commit("feat: two", { "two\nline.py": "2\n", ":(top)x": "x\n" });
    expect((await compareBranches(t, "develop", "main")).waiting).toEqual([
      "::add-mask::x\u001b[31m %0A **bold**",
      "feat: two",
    ]);
  });

  it("is not led astray by replacements, grafts or the repository's own settings", async () => {
    const t = begin();
    t.commit("feat: one", { "one.py": "1\n" });
    t.commit("feat: two", { "two.py": "2\n" });
    t.git("replace", "develop", "main");
    for (const [key, value] of [
      ["diff.noprefix", "true"],
      ["diff.external", "false"],
      ["core.abbrev", "4"],
      ["log.showSignature", "true"],
    ] as const) {
      t.git("config", key, value);
    }
    t.write(".gitattributes", "*.py -diff merge=ours\n");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      ahead: 2,
      waiting: ["feat: one", "feat: two"],
    });
  });
});
