import { appendFileSync, existsSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { ChannelRequest } from "../action/channels.ts";
import { describeChecked, whyOnlyBase } from "../action/checked.ts";
import { type ActionEvent, readEvent } from "../action/event.ts";
import { UsageError } from "../config/usage-error.ts";
import { countsOf, type ReportContext, undecidedRules } from "../reports/context.ts";
import { commandData, commandProperty, visible } from "../reports/escape.ts";
import { renderStop } from "../reports/markdown.ts";
import type { Severity } from "../types/finding.ts";
import { readCheckedCommit } from "../workspace/checked-commit.ts";
import type { GitPlace } from "../workspace/git.ts";
import { automaticBase, type Base, changedLines } from "./action-base.ts";
import { type ActionInput, type ActionOutput, actionInputs } from "./action-inputs.ts";
import { type CheckOutcome, check, prefixOf } from "./check.ts";
import { writeText } from "./check-command.ts";
import { parseShard, presentOf } from "./flags.ts";
import { type FormatRequest, loadFormat, parseFormats } from "./formats.ts";
import { EXIT, type Terminal } from "./terminal.ts";

type ActionProcess = Pick<Terminal, "environment" | "stdout" | "stderr"> & { cwd: string };

/** Runs the Action from its `INPUT_*` variables and gives the exit code: the same engine and the same verdict as the command line. */
export async function runAction(runner: ActionProcess): Promise<number> {
  const event = readEvent(runner.environment, readPayload(runner.environment["GITHUB_EVENT_PATH"]));
  try {
    return await checkAndReport(runner, event);
  } catch (error) {
    const usage = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    const bug = "This is a bug of predeploy, please report it.";
    const stack = error instanceof Error ? (error.stack ?? message) : message;
    runner.stdout.write(usage ? usageCommand(message, runner) : command("error", `${bug} ${stack}`));
    await tellOfStop(runner, event, usage ? message : `${bug} ${message.split("\n")[0]}`);
    return usage ? EXIT.usage : EXIT.bug;
  }
}

async function checkAndReport(runner: ActionProcess, event: ActionEvent): Promise<number> {
  const { environment, stdout } = runner;
  const inputs = readInputs(environment);
  const wishes = wishesOf(runner, inputs);
  let notices = 0;
  const notice = (text: string): void => {
    notices++;
    stdout.write(command("notice", text));
  };
  const place: GitPlace = { directory: checkedFolder(runner, inputs), environment };
  refuseLinkOut(environment["GITHUB_WORKSPACE"] ?? runner.cwd, place.directory);
  const online = flag("online", inputs.online);
  // What keeps it from comparing matters only to a run that has something to show.
  const lacking: string[] = [];
  const tell = (text: string): void => void lacking.push(text);
  const base = inputs.base === "auto" ? await automaticBase(event, place, online, tell) : inputs.base || null;
  try {
    const outcome = await runCheck(runner, inputs, event, base, notice);
    lacking.forEach(notice);
    const found = readCheckedCommit(place, event.pullRequest !== null || event.trustedSha !== null);
    const checked = found && describeChecked(found, event);
    // A green check on a change that nobody looked at would be worse than none.
    const onlyBase = found && whyOnlyBase(found, event);
    if (onlyBase !== null && !wishes.channels.asked) notice(`This says nothing of the change: ${onlyBase}.`);
    wishes.channels.closed ??= onlyBase;
    const changed = await changedLines(outcome.workspace, event, environment, base);
    const context: ReportContext = { ...outcome.context, checked, changed, reserved: notices };
    await report(runner, wishes, { ...outcome, context }, event);
    return EXIT[outcome.result.verdict];
  } finally {
    if (typeof base === "object") base?.remove();
  }
}

/** Puts the reason of a run without a verdict where an earlier run may have said something else. Never rejects. */
async function tellOfStop(runner: ActionProcess, event: ActionEvent, reason: string): Promise<void> {
  const { environment, stdout } = runner;
  const inputs = readInputs(environment);
  try {
    if (inputs.summary.toLowerCase() !== "false") append(environment, "GITHUB_STEP_SUMMARY", renderStop(reason));
  } catch {
    // What stopped the run may be this very file.
  }
  const online = inputs.online.toLowerCase() === "true";
  const request = channelsOf(runner, { ...inputs, online: String(online), suggestions: "false" });
  if (!request.asked) return;
  const { publishStop } = await import("../action/channels.ts");
  const refused = await publishStop(request, reason, event);
  if (refused !== null) stdout.write(command("notice title=predeploy", refused));
}

/** A workflow command; the text may quote a file or git, so each of its lines is made visible. */
const command = (head: string, text: string): string =>
  `::${head}::${commandData(text.split("\n").map(visible).join("\n"))}\n`;

const checkedFolder = ({ environment, cwd }: ActionProcess, inputs: Inputs): string =>
  resolve(environment["GITHUB_WORKSPACE"] ?? cwd, inputs.path);

/** Throws UsageError for a folder of the workspace that leads out of it: a stranger's change may have put a symbolic link in its place. */
function refuseLinkOut(workspace: string, folder: string): void {
  const isBelow = (top: string, path: string): boolean => {
    const way = relative(top, path);
    return way.split(sep)[0] !== ".." && !isAbsolute(way);
  };
  // What is not there is told of where it is opened.
  if (!existsSync(folder) || !isBelow(workspace, folder)) return;
  if (!isBelow(realpathSync.native(workspace), realpathSync.native(folder)))
    throw new UsageError(`${folder}: a symbolic link that leads out of the workspace is not followed.`);
}

/** One error, at its place where the message begins with one, as those of predeploy.yml do. */
function usageCommand(message: string, runner: ActionProcess): string {
  const place = /^([^:\n]{1,500}):(\d{1,9}):(\d{1,9}): /.exec(message);
  if (!place) return command("error", message);
  const [, path = "", line, column] = place;
  const folder = prefixOf(checkedFolder(runner, readInputs(runner.environment)), runner.environment);
  const file = folder === "" ? path : `${folder}/${path}`;
  return command(`error file=${commandProperty(file)},line=${line},col=${column}`, message);
}

type Inputs = Readonly<Record<ActionInput, string>>;

/**
 * `INPUT_` + the name in upper case; hyphens stay. An expression that came out empty is as if it were not there, but for `base`, where
 * empty means that nothing is compared with.
 */
function readInputs(environment: ActionProcess["environment"]): Inputs {
  const read = (name: ActionInput): string => {
    const given = environment[`INPUT_${name.toUpperCase()}`]?.trim();
    if (name === "github-token") return given ?? "";
    return given === undefined || (given === "" && name !== "base") ? actionInputs[name] : given;
  };
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

async function runCheck(
  runner: ActionProcess,
  inputs: Inputs,
  event: ActionEvent,
  base: Base | null,
  notice: (text: string) => void,
): Promise<CheckOutcome> {
  const cwd = runner.environment["GITHUB_WORKSPACE"] ?? runner.cwd;
  const present = presentOf(lines(inputs.present));
  // GitHub gives such a run no secrets: empty does not mean missing.
  const withheld = event.readOnly ? [...present.keys()].filter((name) => present.get(name) === false) : [];
  for (const name of withheld) present.delete(name);
  return check({
    path: inputs.path,
    cwd,
    environment: runner.environment,
    config: inputs.config || null,
    only: inputs.only === "" ? null : list(inputs.only),
    skip: list(inputs.skip),
    environmentName: inputs.environment || null,
    failOn: oneOf("fail-on", inputs["fail-on"], ["error", "warning", "note", "never"]) as Severity | "never",
    base,
    shard: inputs.shard === "" ? null : parseShard(inputs.shard),
    baseline: inputs.baseline || null,
    online: flag("online", inputs.online),
    present,
    withheld,
    deployed: inputs.deployed || null,
    allowUndecided: flag("allow-undecided", inputs["allow-undecided"]),
    verifyFiles: false,
    trusted: event.trustedSha,
    notice,
    // "Enable debug logging" of a run that is started again.
    trace:
      runner.environment["RUNNER_DEBUG"] === "1" ? (text) => runner.stdout.write(command("debug", text)) : undefined,
  });
}

/** What is to be told, and where. */
interface Wishes {
  files: { name: FormatRequest["name"]; file: string }[];
  annotations: number;
  summary: boolean;
  channels: ChannelRequest & { asked: boolean };
}

/** Reads what the inputs say of reports: before the check, so that a slip is told at once. Throws UsageError. */
function wishesOf(runner: ActionProcess, inputs: Inputs): Wishes {
  return {
    files: reportFiles(inputs.format),
    annotations: wholeNumber("annotations", inputs.annotations, 10),
    summary: flag("summary", inputs.summary),
    channels: channelsOf(runner, inputs),
  };
}

async function report(
  runner: ActionProcess,
  { files, annotations, summary, channels }: Wishes,
  { result, context: plain }: CheckOutcome,
  event: ActionEvent,
): Promise<void> {
  const { environment, stdout, cwd } = runner;
  const context: ReportContext = {
    ...plain,
    source: event.sourceUrl,
    annotations,
    rest: "the log of this step",
    reserved: (plain.reserved ?? 0) + (channels.asked ? 1 : 0),
  };
  const base = environment["GITHUB_WORKSPACE"] ?? cwd;
  for (const { name, file } of files)
    writeText(base, file, (await loadFormat(name))(result, { ...plain, source: event.sourceUrl }));

  const counts = countsOf(result);
  const pathOf = (name: string) => files.find((one) => one.name === name)?.file ?? "";
  const outputs: Record<ActionOutput, string> = {
    verdict: result.verdict,
    errors: String(counts.error),
    warnings: String(counts.warning),
    notes: String(counts.note),
    undecided: String(undecidedRules(result)),
    "new-findings": String(result.findings.length),
    json: pathOf("json"),
    sarif: pathOf("sarif"),
  };
  append(
    environment,
    "GITHUB_OUTPUT",
    Object.entries(outputs)
      .map(([name, value]) => outputEntry(name, value))
      .join(""),
  );
  if (summary) append(environment, "GITHUB_STEP_SUMMARY", (await loadFormat("markdown"))(result, context));
  stdout.write((await loadFormat("github"))(result, { ...context, rest: "the list above" }));
  if (!channels.asked) return;
  const { publish } = await import("../action/channels.ts");
  const notice = await publish(channels, result, context, event);
  if (notice !== null) stdout.write(command("notice title=predeploy", notice));
}

/** The reports to write. Throws UsageError for one without a file: the log is the Action's own. */
function reportFiles(format: string): { name: FormatRequest["name"]; file: string }[] {
  const wanted = lines(format);
  return (wanted.length === 0 ? [] : parseFormats(wanted)).map(({ name, file }) => {
    if (file === null) throw new UsageError(`input \`format\`: \`${name}\` needs a file; write ${name}=FILE.`);
    return { name, file };
  });
}

/** The channels that need a permission, as the inputs ask for them. */
function channelsOf({ environment }: ActionProcess, inputs: Inputs): ChannelRequest & { asked: boolean } {
  const token = inputs["github-token"];
  const api = environment["GITHUB_API_URL"] ?? "https://api.github.com";
  const suggestions = flag("suggestions", inputs.suggestions);
  // Parts that shared one would overwrite each other, and the last one would speak for all.
  const own = (name: string): string => (name === "" || inputs.shard === "" ? name : `${name} ${inputs.shard}`);
  return {
    asked: inputs["check-run"] !== "" || inputs.comment !== "" || suggestions,
    checkRun: own(inputs["check-run"]),
    comment: own(inputs.comment),
    suggestions,
    closed: flag("online", inputs.online) ? whyNoToken(token) : "`online` is false",
    // The library is slow to load, so it is loaded when there is something to send.
    open: async () => {
      const [{ openApi }, { patient }] = await Promise.all([
        import("../action/octokit.ts"),
        import("./patient-api.ts"),
      ]);
      return patient(await openApi(token, api));
    },
  };
}

/** A header that cannot be made is told with all that it holds, so a token that is none does not come that far. */
function whyNoToken(token: string): string | null {
  if (token === "") return "`github-token` is empty";
  return /^[\x21-\x7e]+$/.test(token) ? null : "`github-token` holds what no token does";
}

/** The multi-line form, with a delimiter that the value does not hold: the value is known before the delimiter. */
function outputEntry(name: string, value: string): string {
  let delimiter = "predeploy";
  while (value.includes(delimiter)) delimiter += delimiter;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/** Appends to a command file of the runner, where there is one. Throws UsageError where it cannot be written. */
function append(environment: ActionProcess["environment"], name: string, text: string): void {
  const file = environment[name];
  if (!file) return;
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${name}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`);
  }
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
