import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { history } from "../../src/evidence/history.ts";
import { judgeHistory } from "../../src/model/drift.ts";
import type { DriftModel, HistoryModel } from "../../src/types/history.ts";
import { openWorkspace } from "../../src/workspace/open.ts";

/** A repository that grows by one hour a commit: equal calls give equal bytes. */
export interface Timeline {
  readonly folder: string;
  git(...args: string[]): string;
  /** Moves the clock to the start of this day, counted from 2026-01-01. */
  day(number: number): void;
  write(path: string, content: string | Buffer | null): void;
  /** Commits what is staged and gives the name of the commit. */
  commit(message: string, files?: Record<string, string | Buffer | null>): string;
  on(branch: string, from?: string): void;
  merge(branch: string, message?: string): string;
  squash(branch: string, message: string): string;
  pick(commit: string, ...flags: string[]): string;
  revert(commit: string, ...flags: string[]): string;
}

export interface TimelineOptions {
  folder?: string;
  init?: string[];
}

/** Makes an empty repository on branch main in a temporary folder. */
export function makeTimeline({
  folder = mkdtempSync(join(tmpdir(), "timeline-")),
  init = [],
}: TimelineOptions = {}): Timeline {
  let seconds = Date.UTC(2026, 0, 1) / 1000;
  const git = (...args: string[]): string => {
    const date = `${seconds} +0000`;
    const who = { NAME: "Ada", EMAIL: "ada@example.test" };
    return execFileSync("git", ["-c", "protocol.file.allow=always", ...args], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_EDITOR: "true",
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
        GIT_AUTHOR_NAME: who.NAME,
        GIT_AUTHOR_EMAIL: who.EMAIL,
        GIT_COMMITTER_NAME: who.NAME,
        GIT_COMMITTER_EMAIL: who.EMAIL,
      },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  };
  git("init", "-q", "-b", "main", ...init, ".");
  for (const [key, value] of [
    ["core.autocrlf", "false"],
    ["gc.auto", "0"],
  ] as const)
    git("config", key, value);
  const tip = (): string => git("rev-parse", "HEAD");
  const stamped = (...args: string[]): string => {
    seconds += 3600;
    git(...args);
    return tip();
  };
  const self: Timeline = {
    folder,
    git,
    day: (number) => void (seconds = Date.UTC(2026, 0, 1) / 1000 + number * 86_400),
    write(path, content) {
      const file = join(folder, path);
      if (content === null) rmSync(file, { recursive: true });
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      git("--literal-pathspecs", "add", "-A", "--", path);
    },
    commit(message, files = {}) {
      for (const [path, content] of Object.entries(files)) self.write(path, content);
      return stamped("commit", "-q", "--allow-empty", "-m", message);
    },
    on(branch, from) {
      git("checkout", "-q", ...(from === undefined ? [branch] : ["-b", branch, from]));
    },
    merge: (branch, message = `Merge branch '${branch}'`) => stamped("merge", "-q", "--no-ff", "-m", message, branch),
    squash(branch, message) {
      git("merge", "-q", "--squash", branch);
      return stamped("commit", "-q", "-m", message);
    },
    pick: (commit, ...flags) => stamped("cherry-pick", ...flags, commit),
    revert: (commit, ...flags) => stamped("revert", "--no-edit", ...flags, commit),
  };
  return self;
}

export interface Asked {
  /** Text of predeploy.yml, which is not committed. */
  config?: string;
  deployed?: string | null;
  environmentName?: string | null;
  online?: boolean;
  now?: string;
  environment?: Record<string, string>;
  /** The commit that the tree stands for, as while the base of a change is looked at. */
  head?: string;
}

/** What the drift family knows of a repository, through the real workspace and config. */
export async function readDrift(folder: string, asked: Asked): Promise<DriftModel> {
  const { model, config, now } = await readHistory(folder, asked);
  return judgeHistory(model, config, now);
}

/** What git says of a repository, through the real workspace and config. */
export async function readHistory(folder: string, asked: Asked) {
  if (asked.config !== undefined) writeFileSync(join(folder, "predeploy.yml"), asked.config);
  const environment = {
    PATH: process.env["PATH"],
    HOME: folder,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    ...asked.environment,
  };
  const workspace = await openWorkspace(folder, { environment, verifyFiles: true, notice: () => {} });
  const config = await loadConfig(workspace, null);
  const options = {
    environment: asked.environmentName ?? null,
    online: asked.online ?? false,
    present: new Map<string, boolean>(),
    deployed: asked.deployed ?? null,
    head: asked.head ?? null,
    now: Date.parse(asked.now ?? "2027-01-01T00:00:00Z"),
  };
  const model = await history.load({
    files: workspace.files,
    facts: { get: () => null },
    config,
    options,
    known: {} as never,
    linkTarget: workspace.linkTarget,
    noteUnread: workspace.noteUnread,
    workspace,
    environment,
  });
  if ("missing" in model) throw new Error(model.missing);
  return { model: model as HistoryModel, config, now: options.now };
}

/** The one comparison of `drift: [{ head, base, ...limits }]`, in short. */
export async function compareBranches(timeline: Timeline, head: string, base: string, limits = "") {
  const rest = limits === "" ? "" : `, ${limits}`;
  const config = `version: 1\ndrift:\n  - { head: ${JSON.stringify(head)}, base: ${JSON.stringify(base)}${rest} }\n`;
  const [one] = (await readDrift(timeline.folder, { config })).comparisons;
  return {
    ahead: one!.ahead,
    behind: one!.behind,
    waiting: one!.waiting.map((commit) => commit.subject),
    lost: one!.lost.map((commit) => commit.subject),
    verdict: one!.verdict,
    reason: one!.reason,
    fixes: one!.waiting.filter((commit) => commit.fix).map((commit) => commit.subject),
  };
}
