import type { Missing } from "../../types/missing.ts";
import { type Answer, isBusy, isRefusal, patiently, type Refusal } from "../attempts.ts";
import type { LoadedCommit } from "./commits.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** As little of GitHub's REST API as the history needs. */
export interface Github {
  owner: string;
  repo: string;
  /** Asks again where GitHub is only busy. */
  ask(route: string, parameters: Record<string, unknown>): Promise<Answer>;
  /** The data of the answer; rejects with the Refusal where there is none. */
  get(route: string, parameters: Record<string, unknown>): Promise<unknown>;
}

const LONGEST_REQUEST = 20_000;
/** Milliseconds after opening until which a busy server is waited for. */
const LONGEST_PATIENCE = 60_000;
/** Deployments looked at, newest first. */
const MAX_DEPLOYMENTS = 100;
/** Pages of 100 commits each. */
const MAX_PAGES = 10;

/** The token that may be used, from the usual variables. */
export const tokenOf = (environment: Environment): string | null =>
  environment["INPUT_GITHUB-TOKEN"] || environment["GITHUB_TOKEN"] || environment["GH_TOKEN"] || null;

/** Opens the API of the repository that the run is about; the library is loaded only here, since loading it is slow. */
export async function openGithub(environment: Environment): Promise<Github | Missing> {
  const remedy = "Run in GitHub Actions with the github-token input, or set GITHUB_REPOSITORY and GITHUB_TOKEN.";
  const token = tokenOf(environment);
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(environment["GITHUB_REPOSITORY"] ?? "") ?? [];
  if (token === null) return { missing: "there is no token to ask GitHub with", remedy };
  if (owner === undefined || repo === undefined)
    return { missing: "it is not known which GitHub repository this is", remedy };
  const { getOctokit } = await import("@actions/github");
  const octokit = getOctokit(token, {
    baseUrl: environment["GITHUB_API_URL"] || "https://api.github.com",
    userAgent: "predeploy",
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const once = async (route: string, parameters: Record<string, unknown>): Promise<Answer> => {
    try {
      const request = { signal: AbortSignal.timeout(LONGEST_REQUEST) };
      return { data: (await octokit.request(`GET ${route}`, { owner, repo, ...parameters, request })).data };
    } catch (error) {
      const { status, response } = error as { status?: number; response?: { headers?: Refusal["headers"] } };
      // The library says 500 where nothing answered at all.
      return { status: response === undefined ? null : (status ?? null), headers: response?.headers ?? {} };
    }
  };
  const until = Date.now() + LONGEST_PATIENCE;
  const ask: Github["ask"] = (route, parameters) => patiently(() => once(route, parameters), until);
  return {
    owner,
    repo,
    ask,
    async get(route, parameters) {
      const answer = await ask(route, parameters);
      if (isRefusal(answer)) throw answer;
      return answer.data;
    },
  };
}

/** Why a request failed, as a sentence without full stop; `what` says what was asked for. */
export function restFailure(error: unknown, what: string, permission: string): Missing {
  const { status = null, headers = {} } = (error ?? {}) as Partial<Refusal>;
  const refusal = { status, headers };
  if ((status === 403 && !isBusy(refusal)) || status === 401) {
    return {
      missing: `GitHub refuses to show ${what} (${status})`,
      remedy: `Give the job \`permissions: ${permission}\`.`,
    };
  }
  if (status === 404) {
    return {
      missing: `GitHub knows no ${what} (404)`,
      remedy: `Check the name, and that the token may read it (\`permissions: ${permission}\`).`,
    };
  }
  const limit = isBusy(refusal) ? "its rate limit is used up, " : "";
  const how = status === null ? "no answer" : `${limit}status ${status}`;
  return {
    missing: `GitHub could not be asked for ${what} (${how})`,
    remedy: "Run again later, or name the commit yourself.",
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);

/** The commit of the newest deployment to an environment whose newest state is `success`. */
export async function deployedToEnvironment(
  github: Github,
  environment: string,
): Promise<{ sha: string; ref: string } | Missing> {
  const what = `deployments to "${environment}"`;
  try {
    const route = "/repos/{owner}/{repo}/deployments";
    const deployments = list(await github.get(route, { environment, per_page: MAX_DEPLOYMENTS }));
    for (const deployment of deployments) {
      const parameters = { deployment_id: deployment["id"], per_page: 1 };
      const [newest] = list(await github.get(`${route}/{deployment_id}/statuses`, parameters));
      const sha = textOf(deployment["sha"]);
      if (newest?.["state"] === "success" && /^[0-9a-f]{40,64}$/.test(sha))
        return { sha, ref: textOf(deployment["ref"]) };
    }
    const count = deployments.length;
    const none =
      count === 0
        ? `there are no ${what}`
        : count === 1
          ? `the only deployment to "${environment}" did not succeed`
          : `none of the ${count} newest ${what} succeeded`;
    return { missing: none, remedy: "Deploy once, or name what runs there by `ref`, `file` or `url`." };
  } catch (error) {
    return restFailure(error, what, "deployments: read");
  }
}

/** One direction of GitHub's comparison: what `head` holds and `base` lacks. */
export interface RestComparison {
  ahead: number;
  behind: number;
  baseTree: string;
  /** Oldest first; null where there are more than can be read. */
  commits: (LoadedCommit & { tree: string })[] | null;
}

/** Compares two commits by REST, page by page. Counts are exact whatever the number of commits. */
export async function compareByRest(github: Github, head: string, base: string): Promise<RestComparison | Missing> {
  try {
    let result: RestComparison | null = null;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const route = "/repos/{owner}/{repo}/compare/{basehead}";
      const data = record(await github.get(route, { basehead: `${base}...${head}`, per_page: 100, page }));
      const [ahead, behind] = [Number(data["ahead_by"]), Number(data["behind_by"])];
      if (!Number.isInteger(ahead) || !Number.isInteger(behind)) {
        return {
          missing: "GitHub's answer to the comparison cannot be read",
          remedy: "Fetch the whole history instead.",
        };
      }
      const start = record(record(record(data["merge_base_commit"])["commit"])["tree"]);
      result ??= { ahead, behind, baseTree: textOf(start["sha"]), commits: [] };
      const commits = list(data["commits"]).map(loadedCommit);
      result.commits!.push(...commits);
      if (commits.length < 100 || result.commits!.length >= ahead) break;
    }
    // Pages that overlap, or a push between two of them: the list is then not the one that was counted.
    const names = new Set(result?.commits?.map((commit) => commit.sha));
    if (result && (result.commits?.length !== result.ahead || names.size !== result.ahead)) result.commits = null;
    return result!;
  } catch (error) {
    return restFailure(error, "common history of the two commits", "contents: read");
  }
}

function loadedCommit(value: Record<string, unknown>): LoadedCommit & { tree: string } {
  const commit = record(value["commit"]);
  const body = textOf(commit["message"]);
  const date = Date.parse(textOf(record(commit["committer"])["date"]));
  return {
    sha: textOf(value["sha"]),
    parents: list(value["parents"]).map((parent) => textOf(parent["sha"])),
    time: Number.isNaN(date) ? 0 : Math.floor(date / 1000),
    subject: body
      .split(/\n[ \t]*\n/)[0]!
      .replace(/\s*\n\s*/g, " ")
      .trim(),
    body,
    tree: textOf(record(commit["tree"])["sha"]),
  };
}
