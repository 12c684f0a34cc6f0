/**
 * Clones random histories at every depth from 1 to 100 and compares each answer with that of the whole history: right or undecided,
 * never wrong. `node test/bench/drift-depths.ts [SEEDS] [FIRST]`; exit 1 for a wrong answer.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareBranches, type Timeline } from "../support/timeline.ts";

const [seeds = 5, first = 1] = process.argv.slice(2).map(Number);
const MAX_DEPTH = 100;

/** A small generator of numbers from 0 to 1, the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A random history for `git fast-import`: branches that start anywhere, merge anywhere, and in some seeds clocks that run backwards. */
function historyOf(seed: number, commits: number): string {
  const random = numbersFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const tips = [1];
  const lines: string[] = [];
  let time = 1_700_000_000;
  for (let mark = 1; mark <= commits; mark++) {
    time += 1 + below(400);
    const line = below(tips.length);
    const other = below(tips.length);
    const starts = mark > 2 && random() < 0.12 && tips.length < 6;
    const merges = !starts && mark > 2 && random() < 0.15 && tips[line] !== tips[other];
    const parents = mark === 1 ? [] : starts ? [1 + below(mark - 1)] : [tips[line]!, ...(merges ? [tips[other]!] : [])];
    const date = seed % 3 === 0 ? time - below(3000) : time;
    const message = `feat: ${mark}`;
    lines.push("commit refs/heads/all", `mark :${mark}`, `committer Ada <ada@example.test> ${date} +0000`);
    lines.push(`data ${message.length}`, message);
    for (const [index, parent] of parents.entries()) lines.push(`${index === 0 ? "from" : "merge"} :${parent}`);
    lines.push(`M 100644 inline f${mark}.py`, `data ${String(mark).length}`, String(mark), "");
    if (starts) tips.push(mark);
    else tips[line] = mark;
  }
  lines.push("reset refs/heads/main", `from :${tips[0]}`, "", "reset refs/heads/develop", `from :${tips.at(-1)}`, "");
  return lines.join("\n");
}

const git = (folder: string, args: readonly string[], input = ""): string =>
  execFileSync("git", args, {
    cwd: folder,
    input,
    env: { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_GLOBAL: "/dev/null" },
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });

const answerOf = async (folder: string) => {
  const { reason: _, ...seen } = await compareBranches({ folder } as Timeline, "develop", "main", "max-lost: 1000");
  return seen;
};

const counts = { right: 0, undecided: 0, wrong: 0 };
for (let seed = first; seed < first + seeds; seed++) {
  const whole = mkdtempSync(join(tmpdir(), "depths-"));
  git(whole, ["init", "-q", "-b", "main", "."]);
  git(whole, ["fast-import", "--quiet"], historyOf(seed, 40 + ((seed * 13) % 120)));
  git(whole, ["branch", "-q", "-D", "all"]);
  const truth = await answerOf(whole);
  for (let depth = 1; depth <= MAX_DEPTH; depth++) {
    const folder = mkdtempSync(join(tmpdir(), "depths-"));
    git(folder, ["clone", "-q", "--no-checkout", "--no-single-branch", `--depth=${depth}`, `file://${whole}`, folder]);
    const seen = await answerOf(folder);
    const kind =
      seen.verdict === "undecided" ? "undecided" : JSON.stringify(seen) === JSON.stringify(truth) ? "right" : "wrong";
    counts[kind]++;
    if (kind === "wrong") process.stdout.write(`wrong: seed ${seed}, depth ${depth}\n`);
    const cut = git(folder, ["rev-parse", "--is-shallow-repository"]).trim() === "true";
    rmSync(folder, { recursive: true, force: true });
    if (!cut) break;
  }
  rmSync(whole, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exitCode = counts.wrong > 0 ? 1 : 0;
