/** What started the run, as far as the channels and the choice of the base care. */
export interface ActionEvent {
  /** `pull_request`, `push`, …; "" outside Actions. */
  name: string;
  repository: { owner: string; repo: string } | null;
  /** The commit that was checked out by default: for a pull request the merge of both sides. */
  sha: string | null;
  /** The commit that a check run and a review belong to: for a pull request its head, not the merge. */
  headSha: string | null;
  /** Number of the pull request; null where the event has none. */
  pullRequest: number | null;
  /**
   * Commits to compare with for `base: auto`, best first; empty where the event changes nothing by itself.
   * `HEAD^1` stands only for a checkout whose second parent is `headSha`.
   */
  bases: string[];
  /** True where GitHub gives a token that can only read, whatever `permissions` says: forks and Dependabot. */
  readOnly: boolean;
  /**
   * The commit whose configuration counts where the tree under check may be a stranger's; null: the tree's own.
   * Under `pull_request_target` a fork could otherwise switch rules off in its own predeploy.yml.
   */
  trustedSha: string | null;
  /** What the commit is to the event, in words; null where a pull request says it. Holds names of strangers. */
  subject: string | null;
  /** Address of this run's page, for "all findings are there". */
  runUrl: string | null;
  /** Address that a path is appended to for links to the checked source. */
  sourceUrl: string | null;
}

/** One pull request of a repository. */
export interface PullRequest {
  owner: string;
  repo: string;
  number: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the event from `GITHUB_*` and the payload of `GITHUB_EVENT_PATH`. Never throws: a field that is not what GitHub documents
 * is as absent, since a payload of `workflow_run` or `repository_dispatch` holds text of others.
 */
export function readEvent(environment: Environment, payload: unknown): ActionEvent {
  const name = environment["GITHUB_EVENT_NAME"] ?? "";
  const sha = commit(environment["GITHUB_SHA"]);
  const repository = repositoryOf(environment["GITHUB_REPOSITORY"]);
  const pull = at(payload, "pull_request");
  const base = commit(at(pull, "base", "sha"));
  const head = commit(at(pull, "head", "sha"));
  const server = environment["GITHUB_SERVER_URL"] ?? "https://github.com";
  const home =
    repository && /^https?:\/\/[\w.:-]+$/.test(server) ? `${server}/${repository.owner}/${repository.repo}` : null;
  const run = environment["GITHUB_RUN_ID"] ?? "";
  const event: ActionEvent = {
    name,
    repository,
    sha,
    headSha: sha,
    pullRequest: null,
    bases: [],
    readOnly: restrictedFor.has(name) && isDependabot(environment, pull),
    trustedSha: null,
    subject: subjectOf(name, environment, payload),
    runUrl: home && /^\d+$/.test(run) ? `${home}/actions/runs/${run}` : null,
    sourceUrl: home && sha ? `${home}/blob/${sha}` : null,
  };
  switch (name) {
    case "pull_request":
    case "pull_request_review":
    case "pull_request_review_comment":
      return {
        ...event,
        headSha: head ?? sha,
        pullRequest: wholeNumber(at(pull, "number")) ?? wholeNumber(at(payload, "number")),
        bases: present(["HEAD^1", base]),
        readOnly: isFork(pull) || event.readOnly,
        sourceUrl: home && head ? `${home}/blob/${head}` : event.sourceUrl,
      };
    case "pull_request_target":
      // GITHUB_SHA is the base branch here; the workflow may have checked out the head on purpose.
      return {
        ...event,
        headSha: head,
        pullRequest: wholeNumber(at(pull, "number")) ?? wholeNumber(at(payload, "number")),
        bases: present([base ?? sha]),
        trustedSha: sha ?? base,
        sourceUrl: home && head ? `${home}/blob/${head}` : event.sourceUrl,
      };
    case "merge_group": {
      const group = at(payload, "merge_group");
      return {
        ...event,
        headSha: commit(at(group, "head_sha")) ?? sha,
        bases: present([commit(at(group, "base_sha"))]),
      };
    }
    case "deployment":
    case "deployment_status": {
      const deployed = commit(at(payload, "deployment", "sha")) ?? sha;
      return {
        ...event,
        sha: deployed,
        headSha: deployed,
        sourceUrl: home && deployed ? `${home}/blob/${deployed}` : null,
      };
    }
    case "workflow_run": {
      // The run's own checkout is the default branch; the pull requests of a fork are not listed.
      const pulls = at(payload, "workflow_run", "pull_requests");
      const only = Array.isArray(pulls) && pulls.length === 1 ? wholeNumber(at(pulls[0], "number")) : null;
      return {
        ...event,
        headSha: commit(at(payload, "workflow_run", "head_sha")) ?? sha,
        pullRequest: only,
        trustedSha: sha,
      };
    }
    default:
      return event;
  }
}

/** `the push to main`, `the release v1.2`, `the deployment to staging`. */
function subjectOf(name: string, environment: Environment, payload: unknown): string | null {
  const short = (value: unknown): string | null =>
    typeof value === "string" && value !== "" ? value.replace(/^refs\/(?:heads|tags)\//, "").slice(0, 200) : null;
  const ref = short(environment["GITHUB_REF"]);
  const on = ref === null ? "" : ` ${ref}`;
  switch (name) {
    case "push":
      return `the push to${on === "" ? " a branch or tag" : on}`;
    case "merge_group": {
      const onto = short(at(payload, "merge_group", "base_ref"));
      return `the merge queue's result${onto === null ? "" : ` for ${onto}`}`;
    }
    case "release":
      return `the release ${short(at(payload, "release", "tag_name")) ?? on.trim()}`;
    case "deployment":
    case "deployment_status":
      return `the deployment to ${short(at(payload, "deployment", "environment")) ?? "an environment"}`;
    case "workflow_dispatch":
    case "schedule":
      return `the run of \`${name}\` on${on === "" ? " a branch" : on}`;
    default:
      return null;
  }
}

function at(value: unknown, ...keys: string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

function commit(value: unknown): string | null {
  return typeof value === "string" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value) ? value : null;
}

function wholeNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}

function repositoryOf(value: string | undefined): ActionEvent["repository"] {
  const found = /^([\w.-]{1,100})\/([\w.-]{1,100})$/.exec(value ?? "");
  return found ? { owner: found[1]!, repo: found[2]! } : null;
}

function isFork(pull: unknown): boolean {
  const head = at(pull, "head", "repo", "full_name");
  // A deleted fork has no repository any more.
  if (at(pull, "head", "repo") === null) return true;
  const base = at(pull, "base", "repo", "full_name");
  return typeof head === "string" && typeof base === "string" && head !== base;
}

/** The events that give what Dependabot starts a token that only reads, and no secrets. */
const restrictedFor: ReadonlySet<string> = new Set([
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "push",
  "create",
  "deployment",
  "deployment_status",
]);

/** Who started the run decides: a person who pushes to Dependabot's branch has that person's rights. */
function isDependabot(environment: Environment, pull: unknown): boolean {
  return (environment["GITHUB_ACTOR"] ?? at(pull, "user", "login")) === "dependabot[bot]";
}

function present(values: (string | null)[]): string[] {
  return values.filter((value) => value !== null);
}
