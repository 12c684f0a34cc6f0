import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { UsageError } from "../config/usage-error.ts";
import { countsOf } from "../reports/context.ts";
import { commandData } from "../reports/escape.ts";
import type { Severity } from "../types/finding.ts";
import { type ActionInput, type ActionOutput, actionInputs } from "./action-inputs.ts";
import { type CheckOutcome, check } from "./check.ts";
import { writeText } from "./check-command.ts";
import { presentOf } from "./flags.ts";
import { type FormatRequest, loadFormat, parseFormats } from "./formats.ts";
import { EXIT, type Terminal } from "./terminal.ts";

type ActionProcess = Pick<Terminal, "environment" | "stdout" | "stderr"> & { cwd: string };

/** Runs the Action from its `INPUT_*` variables and gives the exit code: the same engine and the same verdict as the command line. */
export async function runAction(runner: ActionProcess): Promise<number> {
  try {
    const inputs = readInputs(runner.environment);
    const outcome = await runCheck(runner, inputs);
    await report(runner, inputs, outcome);
    return EXIT[outcome.result.verdict];
  } catch (error) {
    const usage = error instanceof UsageError;
    const said = error instanceof Error ? (usage ? error.message : (error.stack ?? error.message)) : String(error);
    runner.stdout.write(
      `::error::${commandData(usage ? said : `This is a bug of predeploy, please report it. ${said}`)}\n`,
    );
    return usage ? EXIT.usage : EXIT.bug;
  }
}

type Inputs = Readonly<Record<ActionInput, string>>;

/** `INPUT_` + the name in upper case; hyphens stay. */
function readInputs(environment: ActionProcess["environment"]): Inputs {
  const read = (name: ActionInput) =>
    (environment[`INPUT_${name.toUpperCase()}`] ?? (name === "github-token" ? "" : actionInputs[name])).trim();
  return Object.fromEntries((Object.keys(actionInputs) as ActionInput[]).map((name) => [name, read(name)])) as Inputs;
}

async function runCheck(runner: ActionProcess, inputs: Inputs): Promise<CheckOutcome> {
  return check({
    path: inputs.path || ".",
    cwd: runner.environment["GITHUB_WORKSPACE"] ?? runner.cwd,
    environment: runner.environment,
    config: inputs.config || null,
    only: inputs.only === "" ? null : list(inputs.only),
    skip: list(inputs.skip),
    environmentName: inputs.environment || null,
    failOn: oneOf("fail-on", inputs["fail-on"], ["error", "warning", "note", "never"]) as Severity | "never",
    base: ["", "auto"].includes(inputs.base) ? null : inputs.base,
    baseline: inputs.baseline || null,
    online: flag("online", inputs.online),
    present: presentOf(lines(inputs.present)),
    deployed: inputs.deployed || null,
    allowUndecided: flag("allow-undecided", inputs["allow-undecided"]),
    verifyFiles: false,
    notice: (text) => void runner.stdout.write(`::notice::${commandData(text)}\n`),
  });
}

async function report(runner: ActionProcess, inputs: Inputs, outcome: CheckOutcome): Promise<void> {
  const { environment, stdout, cwd } = runner;
  const base = environment["GITHUB_WORKSPACE"] ?? cwd;
  const requests = parseFormats(lines(inputs.format).filter((line) => line !== ""));
  const files = requests.filter((one): one is FormatRequest & { file: string } => one.file !== null);
  for (const { name, file } of files) writeText(base, file, (await loadFormat(name))(outcome.result, outcome.context));

  const counts = countsOf(outcome.result);
  const pathOf = (name: string) => files.find((one) => one.name === name)?.file ?? "";
  const outputs: Record<ActionOutput, string> = {
    verdict: outcome.result.verdict,
    errors: String(counts.error),
    warnings: String(counts.warning),
    notes: String(counts.note),
    undecided: String(outcome.result.undecided.length),
    "new-findings": String(outcome.result.findings.length),
    json: pathOf("json"),
    sarif: pathOf("sarif"),
  };
  append(
    environment["GITHUB_OUTPUT"],
    Object.entries(outputs)
      .map(([name, value]) => outputEntry(name, value))
      .join(""),
  );
  if (flag("summary", inputs.summary))
    append(environment["GITHUB_STEP_SUMMARY"], (await loadFormat("markdown"))(outcome.result, outcome.context));

  const annotations = wholeNumber("annotations", inputs.annotations, 10);
  stdout.write(
    (await loadFormat("github"))(outcome.result, { ...outcome.context, annotations, rest: "the job summary" }),
  );
}

/** The multi-line form, with a delimiter that no value can hold. */
function outputEntry(name: string, value: string): string {
  const delimiter = `predeploy-${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

function append(file: string | undefined, text: string): void {
  if (file) appendFileSync(file, text);
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
const list = (text: string) =>
  text
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter(Boolean);

function flag(name: ActionInput, value: string): boolean {
  return oneOf(name, value.toLowerCase(), ["true", "false"]) === "true";
}

function wholeNumber(name: ActionInput, value: string, most: number): number {
  if (!/^\d{1,4}$/.test(value) || Number(value) > most)
    throw new UsageError(`input \`${name}\` must be a whole number from 0 to ${most}.`);
  return Number(value);
}

function oneOf(name: ActionInput, value: string, known: readonly string[]): string {
  if (!known.includes(value))
    throw new UsageError(
      `input \`${name}\` must be ${known.slice(0, -1).join(", ")} or ${known.at(-1)}, not "${value}".`,
    );
  return value;
}
