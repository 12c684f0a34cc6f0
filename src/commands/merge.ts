import { readFileSync } from "node:fs";
import { descriptors } from "../catalog/descriptors.generated.ts";
import { UsageError } from "../config/usage-error.ts";
import { mergeResults } from "../engine/shard.ts";
import type { RunResult, Severity } from "../types/finding.ts";
import { version } from "../version.ts";
import { fileIn } from "./check.ts";
import { writeText } from "./check-command.ts";
import { loadFormat, parseFormats } from "./formats.ts";
import { EXIT, type Terminal, wantsColor } from "./terminal.ts";

interface MergeFlags {
  format?: string[];
  failOn: Severity | "never";
  allowUndecided?: boolean;
  color?: boolean;
}

/** `predeploy merge FILE…`: joins the JSON of shards into one result and reports it. Gives the exit code; throws UsageError. */
export async function runMerge(terminal: Terminal, files: readonly string[], flags: MergeFlags): Promise<number> {
  const formats = parseFormats(flags.format ?? []);
  const results = files.map((file) => readResult(terminal.cwd, file));
  const result = mergeResults(results, flags.failOn, flags.allowUndecided ?? false);
  for (const { name, file } of formats) {
    const text = (await loadFormat(name))(result, {
      version,
      rules: new Map(descriptors.map((rule) => [rule.id, rule])),
      lines: (path, line) => lineOf(terminal.cwd, path, line),
      color: file === null && wantsColor(terminal.stdout, terminal.environment, flags.color),
      width: terminal.stdout.columns,
    });
    if (file === null) terminal.stdout.write(text);
    else writeText(terminal.cwd, file, text);
  }
  return EXIT[result.verdict];
}

const VERDICTS = ["pass", "fail", "undecided"];

function readResult(cwd: string, file: string): RunResult {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(fileIn(cwd, file), "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(
      `${file}: ${missing ? "no such file" : "not valid JSON"}; give what \`predeploy check --format json\` wrote.`,
    );
  }
  const result = parsed as Partial<RunResult> & { version?: unknown };
  const lists = [result?.findings, result?.suppressed, result?.undecided, result?.unread];
  if (result?.version !== 1 || !VERDICTS.includes(String(result.verdict)) || !lists.every(Array.isArray))
    throw new UsageError(`${file}: this is no result of version 1; give what \`predeploy check --format json\` wrote.`);
  return result as RunResult;
}

/** The excerpt of a finding, where the repository is at hand; shards are often joined without it. */
function lineOf(cwd: string, path: string, line: number): string | null {
  if (path.startsWith("/") || path.split("/").includes("..")) return null;
  try {
    return readFileSync(fileIn(cwd, path), "utf8").split("\n")[line - 1] ?? null;
  } catch {
    return null;
  }
}
