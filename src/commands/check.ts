import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { descriptors } from "../catalog/descriptors.generated.ts";
import { CONFIG_PATHS, loadConfig, OWN_RULES } from "../config/load.ts";
import { UsageError } from "../config/usage-error.ts";
import { type Baseline, parseBaseline } from "../engine/baseline.ts";
import { memoryStore } from "../engine/facts.ts";
import { type CheckRequest, runCheck, withUndecided } from "../engine/run.ts";
import { type SelectedRule, selectRules } from "../engine/select.ts";
import { rulesOfShard } from "../engine/shard.ts";
import { introducedSince } from "../engine/since.ts";
import type { FetchedBase } from "../evidence/history/base-tree.ts";
import type { ReportContext } from "../reports/context.ts";
import { didYouMean } from "../text/nearest.ts";
import type { RunResult, Severity, Shard, UndecidedRule } from "../types/finding.ts";
import type { BaseTree, ConfigModel, RunOptions } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import type { Workspace } from "../types/workspace.ts";
import { version } from "../version.ts";
import { CONTENT_MISSING } from "../workspace/disk.ts";
import { runGitSync } from "../workspace/git.ts";
import { commitAt, openTreeAt, renamesSince } from "../workspace/git-tree.ts";
import { ignoring, openWorkspace } from "../workspace/open.ts";
import { trusting } from "../workspace/trusted.ts";

/** What `check` was asked for, by the command line or by the Action's inputs. */
export interface CheckOptions {
  /** The repository's folder, relative to `cwd`. */
  path: string;
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  config: string | null;
  only: readonly string[] | null;
  skip: readonly string[];
  /** Name of the one environment to look at; null: all. */
  environmentName: string | null;
  failOn: Severity | "never";
  baseline: string | null;
  /** Only this part of the rules; null: all. */
  shard: Shard | null;
  /** Report only what was introduced since this commit, or since the tree that was fetched of it; null: everything. */
  base: string | FetchedBase | null;
  online: boolean;
  present: ReadonlyMap<string, boolean>;
  /** Secrets that this run is not given although they may exist: whether they do is open, and said to be where rules on secrets run. */
  withheld?: readonly string[];
  deployed: string | null;
  allowUndecided: boolean;
  verifyFiles: boolean;
  /** The commit whose config, own rules and baseline count, where the tree itself may be a stranger's; null: the tree's own. */
  trusted?: string | null;
  notice(text: string): void;
  trace?(text: string): void;
}

/** A repository that is open, with its config and what the run is asked for. */
export interface OpenRepository {
  workspace: Workspace;
  config: ConfigModel;
  rules: readonly SelectedRule[];
  options: RunOptions;
}

export interface CheckOutcome extends OpenRepository {
  result: RunResult;
  baseline: Baseline | null;
  context: ReportContext;
}

/** Opens the repository and reads its config. Throws UsageError. */
export async function openRepository(options: CheckOptions): Promise<OpenRepository> {
  const root = resolve(options.cwd, options.path);
  const configPath = options.config === null ? null : insidePath("--config", root, options.cwd, options.config);
  const onDisk = await openWorkspace(root, {
    environment: options.environment,
    verifyFiles: options.verifyFiles,
    notice: options.notice,
  });
  const opened = options.trusted
    ? trusting(onDisk, options.trusted, decidesWhatIsChecked(configPath, options, root), options)
    : onDisk;
  const config = await loadConfig(opened, configPath);
  const above = config.path === null && options.path === "." ? configAbove(root) : null;
  if (above !== null)
    options.notice(`Only this folder is checked, by the defaults: ${above} counts at the root of the repository.`);
  const workspace = ignoring(opened, config.config.ignore);
  const selected = await selectRules(descriptors, workspace, config, { only: options.only, skip: options.skip });
  const rules = options.shard === null ? selected : rulesOfShard(selected, options.shard);
  const environments = Object.keys(config.config.environments);
  if (options.environmentName !== null && environments.length > 0 && !environments.includes(options.environmentName))
    throw new UsageError(
      `--environment ${options.environmentName}: predeploy.yml has no such environment.${didYouMean(options.environmentName, environments) || ` It has ${environments.join(", ")}.`}`,
    );
  const run: RunOptions = {
    environment: options.environmentName,
    online: options.online,
    present: options.present,
    deployed: options.deployed,
    head: null,
    now: nowOf(options.environment),
  };
  return { workspace, config, rules, options: run };
}

/** The config at the root of the repository that a folder is a part of, for people; null for the root itself, and where there is none. */
function configAbove(folder: string): string | null {
  const isRoot = (one: string) => existsSync(join(one, ".git"));
  if (isRoot(folder)) return null;
  for (let top = dirname(folder); top !== dirname(top); top = dirname(top))
    if (isRoot(top)) {
      const path = CONFIG_PATHS.find((one) => existsSync(join(top, one)));
      return path === undefined ? null : relative(folder, join(top, path)).split(sep).join("/");
    }
  return null;
}

/** Runs `check` up to the result; writes nothing. Throws UsageError. */
export async function check(options: CheckOptions): Promise<CheckOutcome> {
  const opened = await openRepository(options);
  const fetched = typeof options.base === "string" ? null : options.base;
  const base =
    typeof options.base === "string" ? commitAt(options.base, opened.workspace, options.environment) : fetched;
  const repository = { ...opened, options: { ...opened.options, base } };
  const store = options.base === null ? null : memoryStore();
  const request = {
    ...repository,
    baseline: options.baseline === null ? null : readBaseline(repository.workspace, options, options.baseline),
    failOn: options.failOn,
    allowUndecided: options.allowUndecided,
    environment: options.environment,
    store,
    trace: options.trace,
  };
  let result = await runCheck(request);
  let older: number | null = null;
  if (base !== null) {
    // Where nothing is found now, nothing can be new.
    if (result.findings.length === 0) older = 0;
    else {
      const lacking = (await fetched?.complete()) ?? null;
      if (lacking === null) ({ result, older } = await sinceBase(result, base, request, options));
      else options.notice(`Every finding is shown, not only new ones: ${lacking.missing}. ${lacking.remedy}`);
    }
  }
  if (options.withheld?.length && repository.rules.some(judgesSecrets))
    result = withUndecided(result, whatIsWithheld(options.withheld), options.failOn, options.allowUndecided);
  if (options.shard !== null) result = { ...result, shard: options.shard };
  const context: ReportContext = {
    version,
    rules: new Map(repository.rules.map(({ descriptor }) => [descriptor.id, descriptor])),
    lines: lineReader(repository.workspace),
    older,
    shard: options.shard === null ? null : `${options.shard.index}-of-${options.shard.count}`,
    prefix: prefixOf(resolve(options.cwd, options.path), options.environment),
  };
  return { ...repository, result, baseline: request.baseline, context };
}

/** Leaves of a result what is new since the base, by a run over its tree. */
async function sinceBase(
  result: RunResult,
  base: BaseTree,
  request: CheckRequest,
  options: CheckOptions,
): Promise<{ result: RunResult; older: number }> {
  const { workspace, config } = request;
  const tree = ignoring(openTreeAt(base, workspace, options.environment), config.config.ignore);
  const then = await runCheck({ ...request, workspace: tree, options: { ...request.options, head: base.commit } });
  const missing = then.unread.filter((one) => one.reason === CONTENT_MISSING).length;
  if (missing > 0)
    options.notice(
      `${missing} ${missing === 1 ? "file" : "files"} of the base cannot be read here, so what was found in them before counts as new. Clone without a filter, or fetch the base whole.`,
    );
  const before = {
    findings: then.findings,
    renames: then.findings.length === 0 ? new Map() : renamesSince(base, workspace, options.environment),
    lineBefore: lineReader(tree),
    lineAfter: lineReader(workspace),
  };
  return introducedSince(result, before, options.failOn, options.allowUndecided);
}

const judgesSecrets = ({ severity, descriptor }: SelectedRule): boolean =>
  severity !== "off" && descriptor.check.startsWith("secrets/");

function whatIsWithheld(names: readonly string[]): UndecidedRule {
  const listed = `${names.slice(0, 10).join(", ")}${names.length > 10 ? ` and ${names.length - 10} more` : ""}`;
  return {
    rule: "predeploy/secrets-withheld",
    reason: `this run gets no secrets, as any of a fork or of Dependabot, so whether ${listed} ${names.length === 1 ? "is" : "are"} there is not known.`,
    remedy:
      "Judge that where secrets are given (a push, the merge queue), name an inventory, or allow it with `allow-undecided`.",
  };
}

/** The paths by which a repository says what is checked in it: under a stranger's change they are taken from the trusted commit. */
function decidesWhatIsChecked(
  config: RepoPath | null,
  options: CheckOptions,
  root: string,
): (path: RepoPath) => boolean {
  const baseline = options.baseline === null ? null : insidePath("--baseline", root, options.cwd, options.baseline);
  return (path) =>
    path === config || path === baseline || CONFIG_PATHS.includes(path) || path.startsWith(`${OWN_RULES}/`);
}

function readBaseline(workspace: Workspace, options: CheckOptions, file: string): Baseline {
  let text: string;
  try {
    if (options.trusted) {
      const path = insidePath("--baseline", resolve(options.cwd, options.path), options.cwd, file);
      const source = workspace.files.has(path) ? workspace.read(path) : null;
      if (source === null) throw Object.assign(new Error(), { code: "ENOENT" });
      text = source.text();
    } else text = readFileSync(resolve(options.cwd, file), "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = whyUnread(error);
    throw new UsageError(
      `--baseline ${file}: ${why}${why === NO_FILE ? `; write it with --write-baseline ${file}` : ""}.`,
    );
  }
  return parseBaseline(text, file.split(sep).join("/"));
}

/** The repository path of a file that the user named relative to `cwd`. Throws UsageError for a file outside. */
function insidePath(option: string, root: string, cwd: string, file: string): RepoPath {
  const path = relative(root, resolve(cwd, file));
  if (path.startsWith("..") || isAbsolute(path))
    throw new UsageError(`${option} ${file}: the file lies outside the folder that is checked.`);
  if (path === "") throw new UsageError(`${option} ${file}: that is the folder that is checked; name a file.`);
  return path.split(sep).join("/");
}

/**
 * Folder of the checked tree below the top of its repository, for channels that want paths from there: "" also where the workflow
 * checked the repository out into a folder of its own. Without git it counts from the workspace of GitHub or GitLab.
 */
export function prefixOf(root: string, environment: CheckOptions["environment"]): string {
  const top = environment["GITHUB_WORKSPACE"] || environment["CI_PROJECT_DIR"];
  if (!top || relative(top, root) === "") return "";
  const found = runGitSync({ directory: root, environment }, ["rev-parse", "--show-prefix"]);
  if (found.code === 0) return found.stdout.toString("utf8").replace(/\/?\n$/, "");
  const path = relative(top, root);
  return path.startsWith("..") || isAbsolute(path) ? "" : path.split(sep).join("/");
}

/** The clock, or PREDEPLOY_NOW (ISO 8601) for runs that must be repeatable. Throws UsageError. */
function nowOf(environment: CheckOptions["environment"]): number {
  const given = environment["PREDEPLOY_NOW"];
  if (!given) return Date.now();
  const now = Date.parse(given);
  if (Number.isNaN(now))
    throw new UsageError(`PREDEPLOY_NOW="${given}" is no date; write it like 2027-01-31T12:00:00Z.`);
  return now;
}

/** Lines of the files of a workspace, each file read once. */
export function lineReader(workspace: Workspace): ReportContext["lines"] {
  const files = new Map<RepoPath, string[]>();
  return (path, line) => {
    let lines = files.get(path);
    if (!lines) {
      const source = workspace.files.has(path) ? workspace.read(path) : null;
      lines = source === null || source.bytes().subarray(0, 8000).includes(0) ? [] : source.text().split("\n");
      files.set(path, lines);
    }
    return lines[line - 1] ?? null;
  };
}

const NO_FILE = "no such file";

/** Why a file that the user named was not read. */
export function whyUnread(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR" ? NO_FILE : `cannot be read (${code ?? "unknown error"})`;
}

export const fileIn = (cwd: string, file: string): string => (isAbsolute(file) ? file : join(cwd, file));
