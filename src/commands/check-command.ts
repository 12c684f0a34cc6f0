import { existsSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../config/usage-error.ts";
import { type BaselineEntry, renderBaseline } from "../engine/baseline.ts";
import { verdictOf } from "../engine/run.ts";
import type { Finding } from "../types/finding.ts";
import { type CheckOutcome, check, fileIn } from "./check.ts";
import { type CheckFlags, checkOptionsOf } from "./flags.ts";
import { type FormatRequest, loadFormat, parseFormats } from "./formats.ts";
import { EXIT, type Terminal, wantsColor } from "./terminal.ts";

/** `predeploy check`: standard output holds the chosen format and nothing else. Gives the exit code; throws UsageError. */
export async function runCheckCommand(terminal: Terminal, path: string, flags: CheckFlags): Promise<number> {
  const formats = parseFormats(flags.format ?? []);
  const options = checkOptionsOf(terminal, path, flags);
  const outcome = await check(options);
  if (flags.writeBaseline !== undefined) {
    const { accepted, kept } = baselineOf(outcome, flags);
    writeText(terminal.cwd, flags.writeBaseline, renderBaseline(accepted, kept));
    const count = accepted.length + kept.length;
    options.notice(`${flags.writeBaseline}: ${count} finding${count === 1 ? "" : "s"} accepted.`);
    outcome.result = {
      ...outcome.result,
      findings: [],
      verdict: verdictOf([], outcome.result.undecided, options.failOn, options.allowUndecided),
    };
  }
  await writeReports(terminal, outcome, formats, flags);
  return EXIT[outcome.result.verdict];
}

/** What a new baseline holds: what was found, and of the old one what this run did not look at. */
function baselineOf(
  { result, baseline, rules }: CheckOutcome,
  { only, skip, shard, environment }: CheckFlags,
): { accepted: Finding[]; kept: BaselineEntry[] } {
  const accepted = [
    // That an entry leaves out nothing is no finding any more once it is gone.
    ...result.findings.filter((one) => !(one.rule.startsWith("suppressions/") && one.at.path === baseline?.path)),
    ...result.suppressed.filter((one) => one.by === "baseline").map((one) => one.finding),
  ];
  const open = new Set(result.undecided.map(({ rule }) => rule));
  const ran = new Set(rules.flatMap(({ descriptor, severity }) => (severity === "off" ? [] : [descriptor.id])));
  const isPartial = only !== undefined || skip !== undefined || shard !== undefined;
  const kept = (baseline?.entries ?? []).filter(
    ({ rule }) => environment !== undefined || open.has(rule) || (isPartial && !ran.has(rule)),
  );
  return { accepted, kept };
}

async function writeReports(
  terminal: Terminal,
  outcome: CheckOutcome,
  formats: readonly FormatRequest[],
  flags: CheckFlags,
): Promise<void> {
  for (const { name, file } of formats) {
    const render = await loadFormat(name);
    const text = render(outcome.result, {
      ...outcome.context,
      showSuppressed: flags.showSuppressed ?? false,
      color: file === null && wantsColor(terminal.stdout, terminal.environment, flags.color),
      width: terminal.stdout.columns,
      quiet: flags.quiet,
      verbose: flags.verbose,
    });
    if (file === null) terminal.stdout.write(text);
    else writeText(terminal.cwd, file, text);
  }
}

/**
 * Writes a report, making its folders. Throws UsageError where the file cannot be written, or would be written by way of a symbolic link
 * below `cwd`: the tree may be a stranger's, and any file of the machine would be theirs to overwrite.
 */
export function writeText(cwd: string, file: string, text: string): void {
  const target = fileIn(cwd, file);
  try {
    const link = linkOnTheWay(cwd, target);
    if (link !== null)
      throw new UsageError(`${file}: not written, since ${link} is a symbolic link; name the file that it leads to.`);
    makeFolder(dirname(target));
    writeFileSync(target, text);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`);
  }
}

/** As `mkdir -p`. Node's own does not come to an end below /proc, where nothing can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another run was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** The first symbolic link between a folder and a file below it; null where there is none, or the file lies elsewhere. */
function linkOnTheWay(folder: string, target: string): string | null {
  const below = relative(resolve(folder), target);
  const names = below.split(sep);
  if (below === "" || names[0] === ".." || isAbsolute(below)) return null;
  for (let count = 1; count <= names.length; count++) {
    const path = names.slice(0, count).join("/");
    const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (found?.isSymbolicLink()) return path;
    if (!found?.isDirectory()) return null;
  }
  return null;
}
