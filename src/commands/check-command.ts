import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../config/usage-error.ts";
import { renderBaseline } from "../engine/baseline.ts";
import { verdictOf } from "../engine/run.ts";
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
    const accepted = [
      ...outcome.result.findings,
      ...outcome.result.suppressed.filter((one) => one.by === "baseline").map((one) => one.finding),
    ];
    writeText(terminal.cwd, flags.writeBaseline, renderBaseline(accepted));
    options.notice(`${flags.writeBaseline}: ${accepted.length} finding${accepted.length === 1 ? "" : "s"} accepted.`);
    outcome.result = {
      ...outcome.result,
      findings: [],
      verdict: verdictOf([], outcome.result.undecided, options.failOn, options.allowUndecided),
    };
  }
  await writeReports(terminal, outcome, formats, flags);
  return EXIT[outcome.result.verdict];
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

/** Writes a report, making its folders. Throws UsageError where the file cannot be written. */
export function writeText(cwd: string, file: string, text: string): void {
  const target = fileIn(cwd, file);
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  } catch (error) {
    throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`);
  }
}
