import { expect, test } from "vitest";
import type { ExampleCommit } from "../../src/types/rule.ts";
import { runHistory, runTree, told } from "../support/run-tree.ts";

/** Something that broke a staging deploy, as a tree before and after it was mended. */
export interface Incident {
  what: string;
  /** Rules that must find it; nothing else is run. */
  rules: readonly string[];
  /** Commits before the files, for what only the history tells. */
  history?: ExampleCommit[];
  mendedHistory?: ExampleCommit[];
  /** Files of both trees. */
  files: Record<string, string>;
  broken?: Record<string, string>;
  mended?: Record<string, string>;
}

/** Each incident is found by every rule that is said to find it, and none of them speaks once it is mended. */
export function demonstrate(incidents: readonly Incident[]): void {
  test.each(incidents.map((one) => [one.what, one] as const))("%s", async (_, one) => {
    const check = (files: Record<string, string>, history: ExampleCommit[] | undefined) =>
      history ? runHistory(history, files, one.rules) : runTree(files, one.rules);
    const broken = await check({ ...one.files, ...one.broken }, one.history);
    const found = new Set(broken.findings.map((finding) => finding.rule));
    expect([...found].sort(), JSON.stringify(broken.undecided)).toEqual([...one.rules].sort());
    const mended = await check({ ...one.files, ...one.mended }, one.mendedHistory ?? one.history);
    expect(told(mended)).toEqual([]);
  });
}
