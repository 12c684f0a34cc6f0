import { rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { compareBranches, makeTimeline, type Timeline } from "../../support/timeline.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A repository with two commits on main and the branch develop, checked out. */
function begin(): Timeline {
  const timeline = makeTimeline();
  folders.push(timeline.folder);
  timeline.commit("chore: start", { "app.py": "a\n" });
  timeline.commit("feat: api", { "api.py": "1\n" });
  timeline.on("develop", "main");
  return timeline;
}

describe("a change that was taken back and applied again", () => {
  it("is no difference, whether by a pick of the original, a pick with a mark, or by hand", async () => {
    for (const again of [
      (t: Timeline, api: string) => t.pick(api),
      (t: Timeline, api: string) =>
        t.commit(`feat: api\n\n(cherry picked from commit ${api})`, { "api.py": "1\nby hand\n" }),
      (t: Timeline) => t.commit("feat: api again", { "api.py": "1\n" }),
    ]) {
      const t = begin();
      const api = t.git("rev-parse", "main");
      t.on("main");
      t.revert(api);
      again(t, api);
      t.commit("docs: readme", { "README.md": "r\n" });
      expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: [], lost: ["docs: readme"] });
    }
  });

  it("counts once where its own side brought it first", async () => {
    const t = begin();
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.revert(fix);
    t.pick(fix);
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ ahead: 3, waiting: ["fix: login"] });
    t.on("main");
    t.pick(fix);
    t.commit("docs: readme", { "README.md": "r\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: [], lost: ["docs: readme"] });
  });
});

describe("a change that came a second time by a merge", () => {
  it("is rolled back by a revert after that merge", async () => {
    const t = begin();
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.on("main");
    t.pick(fix);
    t.on("develop");
    t.merge("main", "Merge main back");
    t.revert(fix);
    expect(t.git("ls-tree", "--name-only", "develop")).not.toContain("login.py");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: ['Revert "fix: login"'], lost: [] });
    t.on("main");
    t.commit("docs: readme", { "README.md": "r\n" });
    expect(await compareBranches(t, "main", "develop")).toMatchObject({
      waiting: ["docs: readme"],
      lost: ['Revert "fix: login"'],
    });
  });

  it("is not rolled back by a revert before that merge", async () => {
    const t = begin();
    const fix = t.commit("fix: login", { "login.py": "l\n" });
    t.on("main");
    t.pick(fix);
    t.on("develop");
    t.revert(fix);
    t.merge("main", "Merge main back");
    t.commit("feat: next", { "next.py": "n\n" });
    expect(t.git("ls-tree", "--name-only", "develop")).toContain("login.py");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: ["feat: next"], lost: [] });
  });

  it("is rolled back by a revert that equals one which the other side took back before it was merged", async () => {
    const t = begin();
    const api = t.git("rev-parse", "main");
    t.on("main");
    t.revert(api);
    t.pick(api);
    t.on("develop");
    t.revert(api);
    t.merge("main", "Merge main back");
    t.on("main");
    t.commit("docs: readme", { "README.md": "r\n" });
    expect(t.git("ls-tree", "--name-only", "develop")).not.toContain("api.py");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: ['Revert "feat: api"'],
      lost: ["docs: readme"],
    });
  });

  it("as a squash, is rolled back by a revert of the squash", async () => {
    const t = begin();
    t.commit("wip: one", { "one.py": "1\n" });
    t.commit("wip: two", { "two.py": "2\n" });
    t.on("main");
    const squash = t.squash("develop", "feat: both (#7)");
    t.on("develop");
    t.commit("feat: next", { "next.py": "n\n" });
    t.on("main");
    t.merge("develop");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ behind: 2, waiting: [], lost: [] });
    t.commit("docs: readme", { "README.md": "r\n" });
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: [], lost: ["docs: readme"] });
    t.revert(squash);
    expect(await compareBranches(t, "develop", "main")).toMatchObject({
      waiting: [],
      lost: ["docs: readme", 'Revert "feat: both (#7)"'],
    });
  });
});

describe("a branch that was squashed here and merged there", () => {
  it("is in, though the merge brought more than the branch", async () => {
    const t = begin();
    t.commit("feat: mine", { "mine.py": "m\n" });
    t.on("main");
    t.commit("feat: main moves on", { "main.py": "m\n" });
    t.on("hotfix", "main");
    t.commit("fix: hot 1", { "hot.py": "h\n" });
    t.commit("fix: hot 2", { "hot.py": "h\nh\n" });
    t.on("main");
    t.squash("hotfix", "fix: hot (#8)");
    t.on("develop");
    t.merge("hotfix");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: ["feat: mine"], lost: [] });
    t.merge("main", "Merge main back");
    expect(await compareBranches(t, "develop", "main")).toMatchObject({ waiting: ["feat: mine"], lost: [] });
  });
});

it("a picked revert of a common change is the same on both sides", async () => {
  const t = begin();
  const revert = t.revert("main");
  t.on("main");
  t.merge("develop");
  const again = t.revert(revert);
  t.on("develop");
  t.commit("feat: next", { "next.py": "n\n" });
  t.pick(again);
  t.on("main");
  t.commit("docs: readme", { "README.md": "r\n" });
  expect(await compareBranches(t, "develop", "main")).toMatchObject({
    waiting: ["feat: next"],
    lost: ["docs: readme"],
  });
});
