import { appendFileSync, readFileSync } from "node:fs";
import type { ChannelRequest } from "../action/channels.ts";
import { describeChecked } from "../action/checked.ts";
import { type ActionEvent, readEvent } from "../action/event.ts";
import { parseDiff } from "../action/hunks.ts";
import { UsageError } from "../config/usage-error.ts";
import { countsOf, type ReportContext } from "../reports/context.ts";
import { commandData } from "../reports/escape.ts";
import type { Severity } from "../types/finding.ts";
import { readCheckedCommit } from "../workspace/checked-commit.ts";
import { runGitSync } from "../workspace/git.ts";
import { type ActionInput, type ActionOutput, actionInputs } from "./action-inputs.ts";
import { type CheckOutcome, check } from "./check.ts";
import { writeText } from "./check-command.ts";
import { parseShard, presentOf } from "./flags.ts";
import { type FormatRequest, loadFormat, parseFormats } from "./formats.ts";
import { EXIT, type Terminal } from "./terminal.ts";

type ActionProcess = Pick<Terminal, "environment" | "stdout" | "stderr"> & { cwd: string };

/** Runs the Action from its `INPUT_*` variables and gives the exit code: the same engine and the same verdict as the command line. */
export async function runAction(runner: ActionProcess): Promise<number> {
  try {
    const inputs = readInputs(runner.environment);
    const event = readEvent(runner.environment, readPayload(runner.environment["GITHUB_EVENT_PATH"]));
    const directory = runner.environment["GITHUB_WORKSPACE"] ?? runner.cwd;
    const outcome = await runCheck(runner, inputs, event);
    const found = readCheckedCommit({ directory, environment: runner.environment });
    const checked = found && describeChecked(found, event);
    await report(runner, inputs, { ...outcome, context: { ...outcome.context, checked } }, event);
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

/** The event's payload; null where there is none or it is no JSON. */
function readPayload(file: string | undefined): unknown {
  try {
    return file ? JSON.parse(readFileSync(file, "utf8")) : null;
  } catch {
    return null;
  }
}

async function runCheck(runner: ActionProcess, inputs: Inputs, event: ActionEvent): Promise<CheckOutcome> {
  const cwd = runner.environment["GITHUB_WORKSPACE"] ?? runner.cwd;
  const notice = (text: string) => void runner.stdout.write(`::notice::${commandData(text)}\n`);
  return check({
    path: inputs.path || ".",
    cwd,
    environment: runner.environment,
    config: inputs.config || null,
    only: inputs.only === "" ? null : list(inputs.only),
    skip: list(inputs.skip),
    environmentName: inputs.environment || null,
    failOn: oneOf("fail-on", inputs["fail-on"], ["error", "warning", "note", "never"]) as Severity | "never",
    base: inputs.base === "auto" ? baseOf(event, cwd, runner.environment, notice) : inputs.base || null,
    shard: inputs.shard === "" ? null : parseShard(inputs.shard),
    baseline: inputs.baseline || null,
    online: flag("online", inputs.online),
    present: presentOf(lines(inputs.present)),
    deployed: inputs.deployed || null,
    allowUndecided: flag("allow-undecided", inputs["allow-undecided"]),
    verifyFiles: false,
    trusted: event.trustedSha,
    notice,
  });
}

/** The commit that a change is compared with: the event's first candidate that the checkout holds; null, with a notice, for none. */
function baseOf(
  event: ActionEvent,
  directory: string,
  environment: ActionProcess["environment"],
  notice: (text: string) => void,
): string | null {
  if (event.bases.length === 0) return null;
  const resolve = (ref: string) => {
    const { code, stdout } = runGitSync({ directory, environment }, [
      "rev-parse",
      "-q",
      "--verify",
      "--end-of-options",
      `${ref}^{commit}`,
    ]);
    return code === 0 ? stdout.toString("utf8").trim() : null;
  };
  for (const candidate of event.bases) {
    // The first parent is the base only of the merge commit that GitHub made for this pull request.
    if (candidate === "HEAD^1" && resolve("HEAD^2") !== event.headSha) continue;
    const sha = resolve(candidate);
    if (sha !== null) return sha;
  }
  notice(
    "The commit to compare with is not in this checkout, so every finding is shown, not only new ones. Use actions/checkout with fetch-depth: 2, or 0.",
  );
  return null;
}

async function report(
  runner: ActionProcess,
  inputs: Inputs,
  { result, context: plain, workspace }: CheckOutcome,
  event: ActionEvent,
): Promise<void> {
  const { environment, stdout, cwd } = runner;
  const channels = channelsOf(runner, inputs);
  const context: ReportContext = {
    ...plain,
    source: event.sourceUrl,
    annotations: wholeNumber("annotations", inputs.annotations, 10),
    rest: flag("summary", inputs.summary) ? "the job summary" : "the log",
    reserved: channels.asked ? 1 : 0,
    changed: changedLines(workspace, event, environment),
  };
  const base = environment["GITHUB_WORKSPACE"] ?? cwd;
  const requests = parseFormats(lines(inputs.format).filter((line) => line !== ""));
  const files = requests.filter((one): one is FormatRequest & { file: string } => one.file !== null);
  for (const { name, file } of files) writeText(base, file, (await loadFormat(name))(result, plain));

  const counts = countsOf(result);
  const pathOf = (name: string) => files.find((one) => one.name === name)?.file ?? "";
  const outputs: Record<ActionOutput, string> = {
    verdict: result.verdict,
    errors: String(counts.error),
    warnings: String(counts.warning),
    notes: String(counts.note),
    undecided: String(result.undecided.length),
    "new-findings": String(result.findings.length),
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
    append(environment["GITHUB_STEP_SUMMARY"], (await loadFormat("markdown"))(result, { ...context, rest: "" }));
  stdout.write((await loadFormat("github"))(result, context));
  if (!channels.asked) return;
  const { publish } = await import("../action/channels.ts");
  const notice = await publish(channels, result, context, event);
  if (notice !== null) stdout.write(`::notice title=predeploy::${commandData(notice)}\n`);
}

/** The channels that need a permission, as the inputs ask for them. */
function channelsOf({ environment }: ActionProcess, inputs: Inputs): ChannelRequest & { asked: boolean } {
  const token = inputs["github-token"];
  const api = environment["GITHUB_API_URL"] ?? "https://api.github.com";
  const suggestions = flag("suggestions", inputs.suggestions);
  return {
    asked: inputs["check-run"] !== "" || inputs.comment !== "" || suggestions,
    checkRun: inputs["check-run"],
    comment: inputs.comment,
    suggestions,
    closed: flag("online", inputs.online) ? (token === "" ? "`github-token` is empty" : null) : "`online` is false",
    // The library is slow to load, so it is loaded when there is something to send.
    open: async () => (await import("../action/octokit.ts")).openApi(token, api),
  };
}

/** Which lines a pull request changes, by git; null where the event is none or the checkout has no commit to compare with. */
function changedLines(
  { root }: CheckOutcome["workspace"],
  event: ActionEvent,
  environment: ActionProcess["environment"],
): ReportContext["changed"] {
  if (root === null || event.pullRequest === null) return null;
  for (const base of event.bases) {
    const args = ["diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--relative"];
    const diff = runGitSync({ directory: root, environment }, [...args, base, "HEAD", "--"]);
    if (diff.code !== 0) continue;
    const files = parseDiff(diff.stdout.toString("utf8"));
    return (path, line) => files.get(path)?.has(line) ?? false;
  }
  return null;
}

/** The multi-line form, with a delimiter that the value does not hold: the value is known before the delimiter. */
function outputEntry(name: string, value: string): string {
  let delimiter = "predeploy";
  while (value.includes(delimiter)) delimiter += delimiter;
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
