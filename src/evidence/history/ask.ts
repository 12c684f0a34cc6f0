import { type GitPlace, type GitResult, pipeGit, runGit, whyGitFailed } from "../../workspace/git.ts";

/** Git could not answer; the message is one sentence without full stop. Caught where a comparison is put together. */
export class GitFailure extends Error {}

/** Long, since a busy runner may be ten times slower than its processor. */
const LIMITS = { timeout: 120_000, maxOutput: 1024 * 1024 * 1024 };

/** Runs git and gives its output; any exit code outside `codes` is a failure. */
export async function ask(
  place: GitPlace,
  args: readonly string[],
  input: string | Buffer = "",
  codes: readonly number[] = [0],
): Promise<Buffer> {
  return outputOf(await runGit(place, args, input, LIMITS), codes);
}

/** As `ask`, for `first | second`. */
export async function askPiped(
  place: GitPlace,
  first: readonly string[],
  second: readonly string[],
  input: string,
): Promise<Buffer> {
  return outputOf(await pipeGit(place, first, second, input, LIMITS), [0]);
}

function outputOf(result: GitResult, codes: readonly number[]): Buffer {
  if (result.code === null || !codes.includes(result.code)) throw new GitFailure(whyGitFailed(result));
  return result.stdout;
}

/** Non-empty lines of an ASCII output. */
export function linesOf(output: Buffer): string[] {
  return output
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
}
