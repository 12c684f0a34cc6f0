import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** The built command line, as it is shipped. */
export const CLI = join(root, "dist/cli.js");

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface CliOptions {
  cwd?: string;
  environment?: Record<string, string>;
}

/** Runs the built command line in a folder, with an environment that says nothing of CI, colours or tokens. */
export function predeploy(args: readonly string[], options: CliOptions & { input?: string } = {}): CliResult {
  const result = spawnSync(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? root,
    input: options.input ?? "",
    env: environmentOf(options),
    encoding: "utf8",
    timeout: 60_000,
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** The same beside others, for tests that run concurrently. */
export function startPredeploy(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [CLI, ...args],
      { cwd: options.cwd ?? root, env: environmentOf(options), timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
      (_, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }),
    );
  });
}

const environmentOf = ({ environment }: CliOptions) => ({
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  ...environment,
});
