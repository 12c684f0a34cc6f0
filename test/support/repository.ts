import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExampleCommit, RuleExample } from "../../src/types/rule.ts";
import type { Workspace } from "../../src/types/workspace.ts";
import { openWorkspace } from "../../src/workspace/open.ts";

const IDENTITY = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.test",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.test",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Runs git in a test repository; commits are dated `minute` minutes into 2026. */
export function git(directory: string, args: readonly string[], minute = 0): string {
  const date = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  return execFileSync("git", ["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", ...args], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory, ...IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Writes files below a folder; null removes one. */
export function writeTree(
  directory: string,
  files: Record<string, string | null>,
  executable: readonly string[] = [],
): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    if (text === null) {
      rmSync(file, { force: true });
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (executable.includes(path)) chmodSync(file, 0o755);
  }
}

/** Runs `work` in a new temporary folder, which is removed afterwards. */
export async function inTemporaryFolder<T>(work: (directory: string) => Promise<T> | T): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "predeploy-test-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A repository of `history` in order, then `files` as one more commit on the last branch. */
export function makeRepository(directory: string, { history, files, executable }: RepositoryText): void {
  git(directory, ["init", "-q"]);
  let minute = 0;
  let branch = "main";
  for (const commit of history ?? []) {
    branch = switchTo(directory, commit, branch, minute === 0);
    minute++;
    if (commit.merge) git(directory, ["merge", "-q", "--no-ff", "-m", commit.subject, commit.merge], minute);
    if (commit.files || !commit.merge) {
      writeTree(directory, commit.files ?? {});
      git(directory, ["add", "-A", "-f"]);
      git(directory, ["commit", "-q", "--allow-empty", "-m", commit.subject], minute);
    }
  }
  if (Object.keys(files).length === 0) return;
  writeTree(directory, files, executable);
  git(directory, ["add", "-A", "-f"]);
  git(directory, ["commit", "-q", "--allow-empty", "-m", "chore: the files of the example"], minute + 1);
}

export type RepositoryText = Pick<RuleExample, "files"> & Partial<Pick<RuleExample, "history" | "executable">>;

/** Runs `work` over such a repository. */
export async function withRepository<T>(example: RuleExample, work: (workspace: Workspace) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (directory) => {
    makeRepository(directory, example);
    const workspace = await openWorkspace(directory, { environment: process.env, verifyFiles: true, notice: () => {} });
    return work(workspace);
  });
}

function switchTo(directory: string, commit: ExampleCommit, current: string, first: boolean): string {
  if (first) git(directory, ["checkout", "-q", "-B", commit.branch]);
  else if (commit.branch !== current) {
    const exists = git(directory, ["branch", "--list", commit.branch]).trim() !== "";
    git(
      directory,
      exists ? ["checkout", "-q", commit.branch] : ["checkout", "-q", "-b", commit.branch, commit.from ?? "HEAD"],
    );
  }
  return commit.branch;
}
