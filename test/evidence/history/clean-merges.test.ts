import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { byParents, loadMergeChanges } from "../../../src/evidence/history/changes.ts";
import { findCleanMerges } from "../../../src/evidence/history/clean-merges.ts";
import { loadCommits } from "../../../src/evidence/history/commits.ts";
import { openScratch } from "../../../src/evidence/history/scratch.ts";
import { makeTimeline, type Timeline } from "../../support/timeline.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A small generator of whole numbers below a limit, the same for the same seed. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Three branches that edit, add, delete, move files and folders, and merge each other; some merges hold a change of their own. */
function randomHistory(seed: number): Timeline {
  const below = numbersFrom(seed);
  const t = makeTimeline();
  folders.push(t.folder);
  const text = (first: string): string => [first, ..."abcdefghijklmnop"].join("\n");
  t.commit("start", Object.fromEntries(["a/1", "a/2", "b/1", "b/2", "c"].map((path) => [path, text(path)])));
  for (const branch of ["one", "two"]) t.git("branch", branch);
  const branches = ["main", "one", "two"];
  for (let step = 0; step < 45; step++) {
    t.on(branches[below(3)]!);
    const paths = t.git("ls-files").split("\n");
    const path = paths[below(paths.length)]!;
    const folder = path.includes("/") ? path.split("/")[0]! : "b";
    const kind = below(10);
    if (kind < 3) t.commit(`edit ${step}`, { [path]: text(`${below(2)} ${path}`) });
    else if (kind < 5) t.commit(`add ${step}`, { [`${folder}/${step}`]: text(`${step}`) });
    else if (kind === 5 && paths.length > 3) t.commit(`delete ${step}`, { [path]: null });
    else if (kind === 6 && t.git("ls-files", folder) !== "") {
      t.git("mv", folder, `${folder}${step}`);
      t.commit(`move ${step}`);
    } else {
      try {
        t.merge(branches[below(3)]!, `merge ${step}`);
        if (below(5) === 0) t.write("evil", `${step}\n`);
      } catch {
        // A conflict, ended by hand as it stands.
        t.git("add", "-A");
      }
      if (t.git("status", "--porcelain") !== "")
        t.git("commit", "-q", ...(existsSync(join(t.folder, ".git/MERGE_HEAD")) ? [] : ["--amend"]), "--no-edit");
    }
  }
  for (const branch of ["one", "two"]) t.git("checkout", "-q", branch);
  return t;
}

it("merges taken for clean without merging again hold no change of their own when they are merged again", async () => {
  const counts = { clean: 0, own: 0 };
  for (const seed of [1, 2, 3, 4]) {
    const t = randomHistory(seed);
    const scratch = await openScratch({ directory: t.folder, environment: { PATH: process.env["PATH"] } });
    try {
      const tips = ["main", "one", "two"].map((branch) => t.git("rev-parse", branch));
      const all = await loadCommits(scratch.place, tips, []);
      const [, merges] = byParents(all);
      const clean = await findCleanMerges(scratch.place, merges, all);
      const own = await loadMergeChanges(
        scratch.place,
        merges.map(({ sha }) => sha),
      );
      expect([...clean].filter((sha) => own.has(sha))).toEqual([]);
      counts.clean += clean.size;
      counts.own += own.size;
    } finally {
      scratch.remove();
    }
  }
  expect(counts.clean).toBeGreaterThan(5);
  expect(counts.own).toBeGreaterThan(5);
}, 60_000);
