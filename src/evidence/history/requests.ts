import type { EnvironmentConfig } from "../../config/schema.ts";
import type { DriftLimits } from "../../types/history.ts";
import type { ConfigModel, RunOptions } from "../../types/model.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";

/** What names the deployed commit. */
export type DeployedSource =
  | { kind: "ref"; ref: string; source: string }
  | { kind: "file"; path: RepoPath; pattern: string }
  | { kind: "github-environment"; name: string }
  | { kind: "url"; href: string; pointer: string };

/** One comparison that the config or the command line asks for. */
export interface ComparisonRequest {
  environment: string | null;
  head: { ref: string; source: string };
  base: DeployedSource;
  limits: DriftLimits;
  /** Keys of its place in the config; null without one. */
  keys: (string | number)[] | null;
}

type ConfigLimits = EnvironmentConfig["drift"];

const limitsOf = (config: ConfigLimits): DriftLimits => ({
  maxWaiting: config["max-waiting"] ?? null,
  maxLost: config["max-lost"],
  maxAgeDays: config["max-age-days"] ?? null,
  fixes: config.fixes,
  paths: config.paths,
  ignoreWhitespace: config["ignore-whitespace"],
});

/** Every comparison: the `drift:` entries, then each selected environment with what is deployed there and what it is compared with. */
export function comparisonRequests(
  { config }: Pick<ConfigModel, "config">,
  options: Pick<RunOptions, "environment" | "deployed">,
): ComparisonRequest[] {
  const requests: ComparisonRequest[] = config.drift.map((entry, index) => ({
    environment: null,
    head: { ref: entry.head, source: "drift" },
    base: { kind: "ref", ref: entry.base, source: "drift" },
    limits: limitsOf(entry),
    keys: ["drift", index],
  }));
  const names = Object.keys(config.environments).filter(
    (name) => options.environment === null || options.environment === name,
  );
  for (const name of names) {
    const environment = config.environments[name]!;
    const head = { ref: environment.branch ?? "HEAD", source: environment.branch ? "branch" : "HEAD" };
    const limits = limitsOf(environment.drift);
    const base = options.deployed
      ? ({ kind: "ref", ref: options.deployed, source: "--deployed" } as const)
      : deployedSource(environment.deployed);
    if (base) {
      const keys = ["environments", name, ...(environment.deployed ? ["deployed"] : [])];
      requests.push({ environment: name, head, base, limits, keys });
    }
    environment.compare.forEach((branch, index) => {
      requests.push({
        environment: null,
        head: { ref: branch, source: "compare" },
        base: { kind: "ref", ref: head.ref, source: head.source },
        // Such a branch is not about to be shipped: nothing can be lost.
        limits: { ...limits, maxLost: null },
        keys: ["environments", name, "compare", index],
      });
    });
  }
  if (options.deployed && names.length === 0) {
    const defaults: ConfigLimits = { "max-lost": 0, fixes: "warning", paths: [], "ignore-whitespace": false };
    requests.push({
      environment: options.environment,
      head: { ref: "HEAD", source: "HEAD" },
      base: { kind: "ref", ref: options.deployed, source: "--deployed" },
      limits: limitsOf(defaults),
      keys: null,
    });
  }
  return requests;
}

function deployedSource(deployed: EnvironmentConfig["deployed"]): DeployedSource | null {
  if (!deployed) return null;
  if ("ref" in deployed) return { kind: "ref", ref: deployed.ref, source: "ref" };
  if ("file" in deployed) return { kind: "file", ...deployed.file };
  if ("url" in deployed) return { kind: "url", ...deployed.url };
  return { kind: "github-environment", name: deployed["github-environment"] };
}

/** Where a finding stands: the config, else the file that named the commit, else the running workflow, else the first root file. */
export function placeOf(
  request: ComparisonRequest,
  config: ConfigModel,
  readFrom: Location | null,
  files: FileTree,
  environment: Readonly<Record<string, string | undefined>>,
): Location {
  if (config.path !== null && request.keys !== null) return config.locate(request.keys);
  if (readFrom) return readFrom;
  const workflow = /^[^/@]+\/[^/@]+\/(\.github\/workflows\/[^@]+)@/.exec(environment["GITHUB_WORKFLOW_REF"] ?? "")?.[1];
  const tracked = files.entries.filter((entry) => entry.tracked && entry.kind !== "submodule");
  const first = tracked.find((entry) => !entry.path.includes("/")) ?? tracked[0] ?? files.entries[0];
  const path = workflow !== undefined && files.has(workflow) ? workflow : (first?.path ?? config.path ?? ".");
  return { path, start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
}

/** An environment of predeploy.yml and the branch that it is deployed from. */
export interface BranchRequest {
  environment: string;
  branch: string;
}

/** The branches that no comparison asks for: one that is compared and is not there says so itself. */
export function branchRequests(
  { config }: Pick<ConfigModel, "config">,
  options: Pick<RunOptions, "environment" | "deployed">,
): BranchRequest[] {
  return Object.entries(config.environments).flatMap(([environment, { branch, deployed, compare }]) =>
    branch === undefined ||
    deployed !== undefined ||
    options.deployed !== null ||
    compare.length > 0 ||
    (options.environment !== null && options.environment !== environment)
      ? []
      : [{ environment, branch }],
  );
}
