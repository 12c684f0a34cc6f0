import { describe, expect, it } from "vitest";
import { driftText } from "../../src/reports/show-drift.ts";
import { lostCommits } from "../../src/rules/drift/lost-commits.ts";
import { undeployedAge } from "../../src/rules/drift/undeployed-age.ts";
import { undeployedCommits } from "../../src/rules/drift/undeployed-commits.ts";
import type { DriftComparison, DriftModel } from "../../src/types/history.ts";

const commits = (count: number, fixes = 0): DriftComparison["waiting"] =>
  Array.from({ length: count }, (_, index) => ({
    sha: String(index).padStart(40, "0"),
    subject: index < fixes ? "fix: x" : "feat: x",
    time: 0,
    trailers: [],
    fix: index < fixes,
  }));

function comparison(more: Partial<DriftComparison>, limits: Partial<DriftComparison["limits"]>): DriftModel {
  const side = (ref: string) => ({ ref, sha: "a".repeat(40), source: "drift" });
  const at = { path: "predeploy.yml", start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  const one: DriftComparison = {
    environment: null,
    head: side("main"),
    base: side("live"),
    limits: {
      maxWaiting: null,
      maxLost: null,
      maxAgeDays: null,
      fixes: "off",
      paths: [],
      ignoreWhitespace: false,
      ...limits,
    },
    at,
    readFrom: null,
    ahead: 1,
    behind: 0,
    waiting: [],
    lost: [],
    lostMigrations: [],
    undecided: null,
    notes: [],
    found: "local",
    subject: "main..live",
    ageDays: null,
    tooManyWaiting: false,
    tooOld: false,
    tooManyLost: false,
    verdict: "fail",
    reason: null,
    ...more,
  };
  return { comparisons: [one], web: null };
}

const said = (rule: { run(models: never, options: never): Iterable<unknown> }, drift: DriftModel): string =>
  [...rule.run({ drift } as never, {} as never)].map((one) => (one as { message: string }).message).join("\n");

describe("one and several", () => {
  it.each([
    [1, 0, 0, "1 commit of main (aaaaaaaaaa) waits to reach live (aaaaaaaaaa); none may wait."],
    [1, 1, 0, "1 commit of main (aaaaaaaaaa), a fix, waits to reach live (aaaaaaaaaa); none may wait."],
    [2, 1, 1, "2 commits of main (aaaaaaaaaa), 1 of them a fix, wait to reach live (aaaaaaaaaa); 1 may wait."],
    [3, 2, 2, "3 commits of main (aaaaaaaaaa), 2 of them fixes, wait to reach live (aaaaaaaaaa); 2 may wait."],
  ])("%i wait, %i of them fixes, %i may", (count, fixes, maxWaiting, start) => {
    const drift = comparison({ waiting: commits(count, fixes), tooManyWaiting: true }, { maxWaiting });
    expect(said(undeployedCommits, drift).startsWith(`${start} Deploy`)).toBe(true);
  });

  it.each([
    [1, 0, "has waited 1 day; 0 days are allowed."],
    [2, 1, "has waited 2 days; 1 day is allowed."],
    [9, 7, "has waited 9 days; 7 days are allowed."],
  ])("%i days, %i allowed", (ageDays, maxAgeDays, part) => {
    const drift = comparison({ waiting: commits(1), ageDays, tooOld: true }, { maxAgeDays });
    expect(said(undeployedAge, drift)).toContain(part);
    expect(driftText(drift)).toContain(`the oldest for ${ageDays === 1 ? "1 day" : `${ageDays} days`}`);
  });

  it.each([
    [1, 0, "takes back 1 commit that live (aaaaaaaaaa) holds. Merge"],
    [3, 1, "takes back 3 commits that live (aaaaaaaaaa) holds; 1 may be lost. Merge"],
  ])("%i lost, %i may", (count, maxLost, part) => {
    expect(said(lostCommits, comparison({ lost: commits(count), tooManyLost: true }, { maxLost }))).toContain(part);
  });
});
