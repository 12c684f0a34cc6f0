import { plainDirectories } from "../model/migrations/tree.ts";
import type { ComparedHistory, HistoryModel } from "../types/history.ts";
import type { Missing } from "../types/missing.ts";
import type { EvidenceInput, EvidenceProvider } from "../types/model.ts";
import type { EntryKind, FileTree } from "../types/workspace.ts";
import { type GitPlace, runGit } from "../workspace/git.ts";
import { GitFailure } from "./history/ask.ts";
import { type Counted, compareCommits, isMissing } from "./history/compare.ts";
import { type DeployedCommit, deployedByFile, deployedByRef, deployedByVersion } from "./history/deployed.ts";
import {
  folderOf,
  heldMigrations,
  lostMigrations,
  readDeployedMigrations,
  type Scope,
  treeOf,
} from "./history/deployed-migrations.ts";
import { readVersionUrl } from "./history/deployed-url.ts";
import { deployedToEnvironment, openGithub } from "./history/github.ts";
import { compareOnline } from "./history/online.ts";
import { resolveRef, webAddressOf } from "./history/refs.ts";
import { branchRequests, type ComparisonRequest, comparisonRequests, placeOf } from "./history/requests.ts";
import { openScratch, type Scratch } from "./history/scratch.ts";
import { unknownBranches } from "./history/unknown-branches.ts";

/** The source of a comparison that the command line names, with or without an environment. */
const DEPLOYED_OPTION = "--deployed";

/** Where the history stands between what would be shipped and what runs; reads the user's git, writes nothing into it. */
export const history: EvidenceProvider<"history", never> = {
  needs: [],
  facts: [],
  load: loadHistory,
  isEmpty: (model) => model.comparisons.length === 0,
};

async function loadHistory(input: EvidenceInput<never>): Promise<HistoryModel | Missing> {
  const requests = comparisonRequests(input.config, input.options);
  const user: GitPlace = { directory: input.workspace.root ?? "", environment: input.environment };
  const base = await loadBase(user, input);
  const asked = branchRequests(input.config, input.options);
  const branches = asked.length === 0 ? [] : await unknownBranches(user, asked);
  if (requests.length === 0) return { comparisons: [], unknownBranches: branches, deployed: null, base, web: null };
  const without = await whyNoRepository(user);
  if (without) return { ...withoutHistory(requests, input, without), unknownBranches: branches, base };
  let scratch: Scratch;
  let scope: Scope;
  try {
    scratch = await openScratch(user);
    scope = await scopeOf(user, input);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    const missing = { missing: error.message, remedy: "Run git status there and mend what it says." };
    return { ...withoutHistory(requests, input, missing), unknownBranches: branches, base };
  }
  try {
    const comparisons: ComparedHistory[] = [];
    for (const request of requests) comparisons.push(await loadComparison(request, input, user, scratch, scope));
    const deployed = await loadDeployed(comparisons, scratch.place, scope, input);
    return { comparisons, unknownBranches: branches, deployed, base, web: await webAddressOf(user) };
  } finally {
    scratch.remove();
  }
}

function withoutHistory(
  requests: readonly ComparisonRequest[],
  input: EvidenceInput<never>,
  missing: Missing,
): Omit<HistoryModel, "base" | "unknownBranches"> {
  const asked = requests.some(
    ({ environment, base }) => environment !== null || (base.kind === "ref" && base.source === DEPLOYED_OPTION),
  );
  return {
    comparisons: requests.map((request) => unread(request, input, missing)),
    deployed: asked ? missing : null,
    web: null,
  };
}

/** The migrations of `--deployed` without an environment, or of the first environment whose deployed commit was asked for. */
async function loadDeployed(
  comparisons: readonly ComparedHistory[],
  place: GitPlace,
  scope: Scope,
  input: EvidenceInput<never>,
): Promise<HistoryModel["deployed"]> {
  const asked = comparisons.filter((one) => one.environment !== null || one.base.source === DEPLOYED_OPTION);
  const known = asked.find((one) => one.base.sha !== null) ?? asked[0];
  if (!known) return null;
  if (known.base.sha === null) return known.undecided ?? null;
  try {
    const found = await readDeployedMigrations(place, known.base.sha, scope, input.workspace);
    return { environment: known.environment ?? "the deployed environment", commit: known.base.sha, ...found };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return { missing: error.message, remedy: "Fetch the deployed commit with its files (git fetch --refetch)." };
  }
}

async function scopeOf(user: GitPlace, { config }: EvidenceInput<never>): Promise<Scope> {
  const sqlDirectories = plainDirectories(config.config.migrations["sql-directories"]);
  return { folder: await folderOf(user), sqlDirectories };
}

/** The migrations that the change's base holds already. What cannot be read there says nothing: the change is then judged without it. */
async function loadBase(user: GitPlace, input: EvidenceInput<never>): Promise<HistoryModel["base"]> {
  const base = input.options.base ?? null;
  if (base === null) return null;
  try {
    const scope = await scopeOf(user, input);
    const tree = await treeOf({ ...user, directory: base.directory }, base.tree, scope.folder);
    return { commit: base.commit, held: heldMigrations(tree, scope, input.workspace) };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return null;
  }
}

/** Null where git reads a repository whose top is the workspace's root, or lies above it. */
async function whyNoRepository(user: GitPlace): Promise<Missing | null> {
  const remedy = "Run in a clone of the repository, or take the comparisons out of predeploy.yml.";
  if (user.directory === "") return { missing: "there is no git repository to compare commits in", remedy };
  const result = await runGit(user, ["rev-parse", "--git-dir"]);
  if (result.code === 0) return null;
  if (/dubious ownership/.test(result.stderr)) {
    const how = "Allow it: git config --global --add safe.directory PATH.";
    return { missing: "git refuses the repository because another user owns it", remedy: how };
  }
  if (result.stopped === "not-found")
    return { missing: "git could not be started", remedy: "Install git 2.36 or newer." };
  return { missing: "there is no git repository to compare commits in", remedy };
}

function baseRefOf({ base }: ComparisonRequest): string {
  if (base.kind === "ref") return base.ref;
  if (base.kind === "file") return base.path;
  return base.kind === "url" ? base.href : base.name;
}

function unread(request: ComparisonRequest, input: EvidenceInput<never>, missing: Missing): ComparedHistory {
  const source = request.base.kind === "ref" ? request.base.source : request.base.kind;
  return {
    environment: request.environment,
    head: { ...request.head, sha: null },
    base: { ref: baseRefOf(request), sha: null, source },
    limits: request.limits,
    at: placeOf(request, input.config, null, input.files, input.environment),
    readFrom: null,
    ahead: null,
    behind: null,
    waiting: [],
    lost: [],
    lostMigrations: missing,
    undecided: missing,
    notes: [],
    found: null,
  };
}

async function loadComparison(
  request: ComparisonRequest,
  input: EvidenceInput<never>,
  user: GitPlace,
  scratch: Scratch,
  scope: Scope,
): Promise<ComparedHistory> {
  const { folder } = scope;
  const result = unread(request, input, notHere(baseRefOf(request)));
  const fail = (missing: Missing): ComparedHistory => ({ ...result, lostMigrations: missing, undecided: missing });
  const commit = request.head.ref === "HEAD" ? (input.options.head ?? "HEAD") : request.head.ref;
  const head = await resolveRef(user, commit);
  if (!isMissing(head)) {
    result.head.sha = head.sha;
    if (head.note !== null) result.notes.push(head.note);
  }
  if (request.head.ref === "HEAD") {
    result.notes.push(...(await pullRequestNote(user)));
    if (!isMissing(head)) result.notes.push(...(await dirtyNote(scratch.place, head.sha, folder, input.files)));
  }
  const base = await findDeployed(request, input, user, isMissing(head) ? null : head.sha, folder);
  if (!isMissing(base)) {
    result.base = { ...result.base, ref: base.ref, sha: base.sha };
    result.readFrom = base.readFrom;
    result.at = placeOf(request, input.config, base.readFrom, input.files, input.environment);
    result.notes.push(...base.notes);
  }
  const limits = { ...request.limits, scope };
  let counted: Counted | null = null;
  if (!isMissing(head) && !isMissing(base) && base.here) {
    counted = await compareCommits(scratch, head.sha, base.sha, limits);
    result.lostMigrations = await lostMigrations(scratch.place, head.sha, base.sha, scope);
    if (counted.undecided === null) result.found = "local";
  }
  const asked = !isMissing(base) || request.base.kind === "ref";
  if ((counted === null || counted.undecided !== null) && input.options.online && asked) {
    const wanted = {
      head: isMissing(head) ? commit : head.sha,
      base: isMissing(base) ? baseRefOf(request) : base.sha,
    };
    const found = await compareOnline(user, wanted, limits, counted !== null);
    if (found) {
      result.head.sha ??= found.head;
      result.base.sha ??= found.base;
      if (found.counted.undecided === null || counted === null) counted = found.counted;
      if (found.counted.undecided === null) result.found = found.found;
      if (found.lostMigrations) result.lostMigrations = found.lostMigrations;
    }
  }
  if (counted === null) return fail(isMissing(head) ? head : isMissing(base) ? base : notHere(base.ref));
  Object.assign(result, counted);
  if (request.environment !== null && (result.behind ?? 0) > 0) {
    result.notes.push(`the deployed commit is not in ${request.head.ref}: it was deployed from elsewhere`);
  }
  return result;
}

const notHere = (ref: string): Missing => ({
  missing: `the commit ${ref.slice(0, 60)} is not here`,
  remedy: "Fetch the whole history (actions/checkout with fetch-depth: 0 and filter: blob:none), or run with --online.",
});

/** The committed state is compared; whoever has changed files since should know. */
async function dirtyNote(place: GitPlace, head: string, folder: string, files: FileTree): Promise<string[]> {
  try {
    const tree = await treeOf(place, head, folder);
    const edited = [...tree].filter(([path, blob]) => (files.get(path)?.blob ?? blob) !== blob).length;
    const added = files.entries.filter(({ path, tracked, kind }) => tracked && isPlain(kind) && !tree.has(path)).length;
    const gone = [...tree.keys()].filter((path) => !files.has(path)).length;
    const count = edited + added + gone;
    return count === 0
      ? []
      : [`the committed state was compared: ${count === 1 ? "1 file differs" : `${count} files differ`} from it`];
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return [];
  }
}

const isPlain = (kind: EntryKind): boolean => kind === "file" || kind === "executable";

/** On a pull request's merge ref HEAD is a merge made for the check; the author knows its second parent. */
async function pullRequestNote(user: GitPlace): Promise<string[]> {
  if (!/^refs\/pull\/\d+\/merge$/.test(user.environment["GITHUB_REF"] ?? "")) return [];
  const branch = await resolveRef(user, "HEAD^2");
  return isMissing(branch)
    ? []
    : [`HEAD is the pull request as merged; its own branch ends at ${branch.sha.slice(0, 12)}`];
}

async function findDeployed(
  { base }: ComparisonRequest,
  { options, environment }: EvidenceInput<never>,
  user: GitPlace,
  head: string | null,
  folder: string,
): Promise<DeployedCommit | Missing> {
  if (base.kind === "ref") return deployedByRef(user, base.ref);
  if (base.kind === "file") {
    if (head !== null) return deployedByFile(user, `${head}:${folder}`, base.path, base.pattern);
    return { missing: "the head is not here, so its file cannot be read", remedy: "Fetch the head." };
  }
  if (!options.online) {
    const what = base.kind === "url" ? "the deployed version" : "GitHub's deployments";
    return {
      missing: `${what} can only be asked for with --online`,
      remedy: "Run with --online, or give --deployed SHA.",
    };
  }
  if (base.kind === "url") {
    const value = await readVersionUrl(base.href, base.pointer);
    return isMissing(value) ? value : deployedByVersion(user, value);
  }
  const github = await openGithub(environment);
  if (isMissing(github)) return github;
  const deployment = await deployedToEnvironment(github, base.name);
  if (isMissing(deployment)) return deployment;
  const here = !isMissing(await resolveRef(user, deployment.sha));
  return { ref: deployment.sha, sha: deployment.sha, notes: [], readFrom: null, here };
}
