import { describe, expect, it } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import { isFix, judgeHistory } from "../../src/model/drift.ts";
import { driftJson, driftText } from "../../src/reports/show-drift.ts";
import type { ComparedHistory } from "../../src/types/history.ts";

const commit = (subject: string, time = 1_767_225_600, trailers: string[] = []) => ({
  sha: `${subject.length}`.padStart(40, "a"),
  subject,
  time,
  trailers,
});
const place = { path: "predeploy.yml", start: { line: 3, column: 5 }, end: { line: 3, column: 9 } };

function compared(more: Partial<ComparedHistory>): ComparedHistory {
  return {
    environment: null,
    head: { ref: "develop", sha: "a".repeat(40), source: "drift" },
    base: { ref: "main", sha: "b".repeat(40), source: "drift" },
    limits: { maxWaiting: null, maxLost: 0, maxAgeDays: null, fixes: "warning", paths: [], ignoreWhitespace: false },
    at: place,
    readFrom: null,
    ahead: 1,
    behind: 0,
    waiting: [],
    lost: [],
    lostMigrations: [],
    undecided: null,
    notes: [],
    found: "local",
    ...more,
  };
}

const judge = (more: Partial<ComparedHistory>, config: object = {}, now = "2026-01-11T00:00:00Z") =>
  judgeHistory({ comparisons: [compared(more)], web: null }, { config: configSchema.parse(config) }, Date.parse(now))
    .comparisons[0]!;

describe("a fix", () => {
  it.each([
    "fix: a",
    "hotfix: a",
    "fix(api): a",
    "fix!: a",
    "fix(api)!: a",
    "Fix the login",
    "FIX login",
    "hotfix(x): a",
  ])("%s", (subject) => {
    expect(isFix(commit(subject), [])).toBe(true);
  });
  it.each(["feat: a", "fixture: a", "prefix: a", "fixes: a", "Fixed the login", "hotfix a", "docs: fix typo", ""])(
    "not: %s",
    (subject) => {
      expect(isFix(commit(subject), [])).toBe(false);
    },
  );
  it("is what a trailer says, where the option names it", () => {
    expect(isFix(commit("Change a", 0, ["Type: Fix"]), ["type: fix"])).toBe(true);
    expect(isFix(commit("Change a", 0, ["Fixes: #12"]), ["Fixes"])).toBe(true);
    expect(isFix(commit("Change a", 0, ["Type: feature"]), ["type: fix"])).toBe(false);
  });
});

describe("the verdict", () => {
  it("fails on an error, warns on a warning, passes on nothing", () => {
    const waiting = [commit("fix: a")];
    expect(judge({ waiting }).verdict).toBe("warn");
    expect(judge({ waiting: [commit("feat: a")] }).verdict).toBe("pass");
    expect(judge({ lost: [commit("feat: a")] }).verdict).toBe("fail");
    expect(judge({ lostMigrations: [{ path: "m.py", tool: "alembic", revision: "a" }] }).verdict).toBe("fail");
    expect(judge({ undecided: { missing: "why", remedy: "do" } })).toMatchObject({
      verdict: "undecided",
      reason: "why",
    });
  });

  it("follows what the config says of the rules", () => {
    const lost = [commit("feat: a")];
    expect(judge({ lost }, { rules: { "drift/lost-commits": "warning" } }).verdict).toBe("warn");
    expect(judge({ lost }, { rules: { "drift/lost-commits": "off" } }).verdict).toBe("pass");
    expect(judge({ lost }, { rules: { drift: false } }).verdict).toBe("pass");
  });

  it("counts the age in whole days of the oldest commit, and only more than the limit is too old", () => {
    const waiting = [commit("feat: b", 1_767_225_600 + 5 * 86_400), commit("feat: a", 1_767_225_600)];
    const limits = { ...compared({}).limits, maxAgeDays: 10 };
    expect(judge({ waiting, limits })).toMatchObject({ ageDays: 10, tooOld: false });
    expect(judge({ waiting, limits }, {}, "2026-01-11T23:59:59Z")).toMatchObject({ ageDays: 10, tooOld: false });
    expect(judge({ waiting, limits }, {}, "2026-01-12T00:00:00Z")).toMatchObject({ ageDays: 11, tooOld: true });
    expect(judge({ waiting: [], limits })).toMatchObject({ ageDays: null, tooOld: false });
  });
});

describe("show drift", () => {
  it("gives the JSON of the interface", () => {
    const model = { comparisons: [judge({ waiting: [commit("fix: a")] })], web: null };
    expect(driftJson(model)).toMatchObject({
      comparisons: [
        {
          head: "develop",
          base: "main",
          ahead: 1,
          behind: 0,
          waiting: [{ subject: "fix: a", date: "2026-01-01T00:00:00.000Z", fix: true }],
          lost: [],
          verdict: "warn",
          reason: null,
        },
      ],
    });
  });

  it("lists fixes first, linked where the remote is known, and escapes what strangers wrote", () => {
    const waiting = [commit("feat: search"), commit("::error::x\u001b[2J", 9e18), commit("fix: login")];
    const text = driftText({ comparisons: [judge({ waiting })], web: "https://github.com/ada/shop" });
    expect(text.indexOf("fix: login")).toBeLessThan(text.indexOf("feat: search"));
    expect(text).toContain("https://github.com/ada/shop/commit/");
    expect(text).not.toContain("\u001b");
    expect(text.split("\n").some((line) => line.trimStart().startsWith("::"))).toBe(false);
  });

  it("says what to do where it is undecided or has nothing to do", () => {
    const undecided = judge({
      undecided: { missing: "the clone is shallow", remedy: "Fetch it." },
      ahead: null,
      behind: null,
    });
    expect(driftText({ comparisons: [undecided], web: null })).toContain("Fetch it.");
    expect(driftText({ comparisons: [], web: null })).toContain("drift:");
  });
});
