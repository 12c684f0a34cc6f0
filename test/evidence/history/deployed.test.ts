import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { findReferences, refsNamedBy } from "../../../src/evidence/history/deployed-file.ts";
import { webAddress } from "../../../src/evidence/history/refs.ts";
import { makeTimeline, readDrift, readHistory, type Timeline } from "../../support/timeline.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function begin(): Timeline {
  const t = makeTimeline();
  folders.push(t.folder);
  t.commit("chore: start", { "app.py": "a\n" });
  t.git("tag", "v1.0.0");
  return t;
}

const fromFile = (pattern: string): string =>
  `environments:\n  staging:\n    branch: main\n    deployed: { file: { path: deploy/values.yaml, pattern: '${pattern}' } }\n`;

describe("the deployed commit in a file", () => {
  it.each([
    ["a full commit", (sha: string) => `image: shop\ntag: ${sha}\n`, "tag: (\\S+)"],
    ["seven digits", (sha: string) => `tag: ${sha.slice(0, 7)}\n`, "tag: (\\S+)"],
    ["a tag", () => "tag: v1.0.0\n", "tag: (\\S+)"],
    ["an image reference", (sha: string) => `image: registry.example/shop:sha-${sha.slice(0, 8)}\n`, "image: (\\S+)"],
    [
      "an image with a port",
      (sha: string) => `image: registry.example:5000/shop:main-${sha.slice(0, 8)}-17\n`,
      "image: (\\S+)",
    ],
    ["the same twice", (sha: string) => `a: ${sha}\na: ${sha.slice(0, 9)}\n`, "a: ([0-9a-f]{7,64})"],
    ["a tag and a digest", (sha: string) => `image: x/shop:${sha}@sha256:${"0".repeat(64)}\n`, "image: (\\S+)"],
  ])("is found: %s", async (_, text, pattern) => {
    const t = begin();
    const sha = t.git("rev-parse", "HEAD");
    t.commit("deploy: staging", { "deploy/values.yaml": text(sha) });
    const [one] = (await readDrift(t.folder, { config: fromFile(pattern) })).comparisons;
    expect(one).toMatchObject({ environment: "staging", subject: "staging", ahead: 1, behind: 0, verdict: "pass" });
    expect(one!.base).toMatchObject({ sha, source: "file" });
    expect(one!.readFrom).toMatchObject({ path: "deploy/values.yaml" });
    expect(one!.at).toMatchObject({ path: "predeploy.yml", start: { line: 4 } });
  });

  it.each([
    ["latest", "tag: latest\n", "names no revision"],
    ["a digest", `tag: sha256:${"0".repeat(64)}\n`, "names no revision"],
    ["nothing that fits", "other: x\n", "matches nothing"],
    ["an unknown commit", "tag: 0123456789abcdef\n", "no commit"],
    ["a dirty build", "tag: v1.0.0-dirty\n", "names no revision"],
  ])("is undecided: %s", async (_, text, why) => {
    const t = begin();
    t.commit("deploy: staging", { "deploy/values.yaml": text });
    const [one] = (await readDrift(t.folder, { config: fromFile("tag: (\\S+)") })).comparisons;
    expect(one).toMatchObject({ verdict: "undecided", ahead: null });
    expect(one!.reason).toContain(why);
  });

  it("is undecided for two different ones, and for a pattern that takes for ever", async () => {
    const t = begin();
    const first = t.git("rev-parse", "HEAD");
    const second = t.commit("feat: more", { "more.py": "m\n" });
    t.commit("deploy: staging", { "deploy/values.yaml": `tag: ${first}\ntag: ${second}\nlong: ${"a".repeat(60)}!\n` });
    expect((await readDrift(t.folder, { config: fromFile("tag: (\\S+)") })).comparisons[0]!.reason).toContain(
      "several",
    );
    expect((await readDrift(t.folder, { config: fromFile("long: ((a+)+)$") })).comparisons[0]!.reason).toContain(
      "too long",
    );
    expect((await readDrift(t.folder, { config: fromFile("tag: \\\\S+") })).comparisons[0]!.verdict).toBe("undecided");
  });
});

describe("--deployed", () => {
  it("takes the place of what the config says, and stands alone without a config", async () => {
    const t = begin();
    const sha = t.git("rev-parse", "HEAD");
    t.commit("fix: one", { "one.py": "1\n" });
    const [alone] = (await readDrift(t.folder, { deployed: sha })).comparisons;
    expect(alone).toMatchObject({ environment: null, subject: `HEAD..${sha}`, ahead: 1, at: { path: "app.py" } });
    const config = "environments:\n  staging: { deployed: { ref: HEAD } }\n  production: { deployed: { ref: HEAD } }\n";
    const both = await readDrift(t.folder, { config, deployed: sha });
    expect(both.comparisons.map((one) => [one.subject, one.ahead])).toEqual([
      ["staging", 1],
      ["production", 1],
    ]);
    expect((await readDrift(t.folder, { config, environmentName: "production" })).comparisons).toHaveLength(1);
  });

  it("gives the migrations that have run, without a config", async () => {
    const t = begin();
    t.commit("feat: table", { "db/migration/V1__start.sql": "CREATE TABLE a (id int);\n" });
    const sha = t.git("rev-parse", "HEAD");
    t.commit("feat: wider", { "db/migration/V1__start.sql": "CREATE TABLE a (id bigint);\n" });
    const { model } = await readHistory(t.folder, { deployed: sha });
    const files = [{ path: "db/migration/V1__start.sql", edited: "code" }];
    expect(model.deployed).toEqual({
      environment: "the deployed environment",
      commit: sha,
      files,
      held: files.map((file) => file.path),
    });
    expect((await readHistory(t.folder, {})).model.deployed).toBeNull();
  });

  it("stands at the running workflow where no config names the comparison", async () => {
    const t = begin();
    t.commit("ci: deploy", { ".github/workflows/deploy.yml": "on: push\n" });
    const environment = { GITHUB_WORKFLOW_REF: "ada/shop/.github/workflows/deploy.yml@refs/heads/main" };
    const [one] = (await readDrift(t.folder, { deployed: "v1.0.0", environment })).comparisons;
    expect(one!.at).toMatchObject({ path: ".github/workflows/deploy.yml", start: { line: 1 } });
  });
});

describe("an environment", () => {
  it("says that the deployed commit comes from elsewhere", async () => {
    const t = begin();
    t.on("hotfix", "main");
    t.commit("fix: hot", { "hot.py": "h\n" });
    t.on("main");
    t.commit("feat: next", { "next.py": "n\n" });
    const config = "environments:\n  staging: { branch: main, deployed: { ref: hotfix } }\n";
    const [one] = (await readDrift(t.folder, { config })).comparisons;
    expect(one).toMatchObject({ ahead: 1, behind: 1, verdict: "fail" });
    expect(one!.reason).toContain("deployed from elsewhere");
  });

  it("compares branches that should not run ahead of it, of which nothing can be lost", async () => {
    const t = begin();
    t.on("develop", "main");
    t.commit("feat: one", { "one.py": "1\n" });
    t.on("main");
    t.commit("fix: hot", { "hot.py": "h\n" });
    const config = "environments:\n  staging: { branch: main, compare: [develop], drift: { max-waiting: 0 } }\n";
    const [one] = (await readDrift(t.folder, { config })).comparisons;
    expect(one).toMatchObject({ subject: "develop..main", tooManyWaiting: true, tooManyLost: false, verdict: "fail" });
  });

  it("has nothing to do without a comparison, and is undecided outside git", async () => {
    const t = begin();
    expect((await readDrift(t.folder, { config: "version: 1\n" })).comparisons).toEqual([]);
    rmSync(`${t.folder}/.git`, { recursive: true });
    const config = "drift:\n  - { head: develop, base: main }\n";
    expect((await readDrift(t.folder, { config })).comparisons[0]).toMatchObject({ verdict: "undecided" });
  });

  it("says that uncommitted changes do not count", async () => {
    const t = begin();
    t.commit("fix: one", { "one.py": "1\n" });
    expect((await readDrift(t.folder, { deployed: "v1.0.0" })).comparisons[0]!.reason).toBeNull();
    t.write("two.py", "2\n");
    t.write("one.py", "1\n2\n");
    const [one] = (await readDrift(t.folder, { deployed: "v1.0.0" })).comparisons;
    expect(one).toMatchObject({ ahead: 1, reason: "the committed state was compared: 2 files differ from it" });
  });

  it("names the pull request's own branch where HEAD is a merge made for the check", async () => {
    const t = begin();
    t.on("topic", "main");
    const topic = t.commit("feat: one", { "one.py": "1\n" });
    t.on("main");
    t.commit("feat: two", { "two.py": "2\n" });
    t.git("checkout", "-q", "--detach");
    t.merge("topic");
    const environment = { GITHUB_REF: "refs/pull/7/merge" };
    const [one] = (await readDrift(t.folder, { deployed: "v1.0.0", environment })).comparisons;
    expect(one).toMatchObject({ ahead: 3 });
    expect(one!.reason).toContain(topic.slice(0, 12));
  });
});

describe("texts from outside", () => {
  it("never make the readers throw", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        refsNamedBy(text);
        webAddress(text);
        findReferences("f", text, "(a|b)");
      }),
    );
  });

  it("give a web address without user info, or none", () => {
    expect(webAddress("https://user:secret@github.com/ada/shop.git")).toBe("https://github.com/ada/shop");
    expect(webAddress("git@github.com:ada/shop.git")).toBe("https://github.com/ada/shop");
    expect(webAddress("ssh://git@github.com/ada/shop")).toBe("https://github.com/ada/shop");
    expect(webAddress("/srv/git/shop.git")).toBeNull();
    expect(webAddress("file:///srv/git/shop.git")).toBeNull();
  });
});
