import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** The built command line, as it is shipped. */
export const CLI = join(root, "dist/cli.js");

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built command line in a folder, with an environment that says nothing of CI, colours or tokens. */
export function predeploy(
  args: readonly string[],
  options: { cwd?: string; input?: string; environment?: Record<string, string> } = {},
): CliResult {
  const result = spawnSync(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? root,
    input: options.input ?? "",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.environment },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}
