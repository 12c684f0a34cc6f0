import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { UsageError } from "../config/usage-error.ts";
import { checkIgnore, renderCheckIgnore } from "../model/check-ignore.ts";
import { fileIn, whyUnread } from "./check.ts";
import { EXIT, readAll, type Terminal } from "./terminal.ts";

interface CheckIgnoreFlags {
  ignoreFile: string;
  builder: "buildkit" | "classic";
  stdin?: boolean;
  verbose?: boolean;
}

/**
 * `predeploy check-ignore`, after git check-ignore: prints the excluded paths, or with -v every path with the line that decides.
 * Exit 0 when something is excluded, 1 when nothing is. Throws UsageError for a file that the builder refuses.
 */
export async function runCheckIgnore(
  terminal: Terminal,
  paths: readonly string[],
  flags: CheckIgnoreFlags,
): Promise<number> {
  let text: string;
  try {
    text = readFileSync(fileIn(terminal.cwd, flags.ignoreFile), "utf8");
  } catch (error) {
    throw new UsageError(`--ignore-file ${flags.ignoreFile}: ${whyUnread(error)}.`);
  }
  const given = flags.stdin ? (await readAll(terminal.stdin)).replace(/\n$/, "").split("\n") : paths;
  if (given.length === 0 || (flags.stdin && given.length === 1 && given[0] === ""))
    throw new UsageError("name at least one path, or give --stdin.");
  const outside = given.find((path) => /^\.\.(?:\/|$)/.test(posix.normalize(path)));
  if (outside !== undefined) throw new UsageError(`${outside}: lies outside the build context.`);
  const result = checkIgnore(text, flags.builder, given);
  if ("refused" in result) throw new UsageError(`${flags.ignoreFile}: ${result.refused}`);
  terminal.stdout.write(renderCheckIgnore(result.answers, flags.verbose ?? false));
  return result.answers.some((one) => one.excluded) ? EXIT.pass : EXIT.fail;
}
