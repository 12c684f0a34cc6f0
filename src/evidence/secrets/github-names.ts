import type { Missing } from "../../types/missing.ts";
import type { InventoryName } from "../../types/secrets.ts";
import type { Location } from "../../types/text.ts";
import { isRefusal, type Refusal, statusWords } from "../attempts.ts";
import { type Github, openGithub } from "../history/github.ts";

type Environment = Readonly<Record<string, string | undefined>>;
export type Kind = "secret" | "variable";

/** The names of one kind, or why those of the repository could not be read. */
export interface GithubNames {
  names: InventoryName[];
  /** Why it is not all, in one sentence without full stop; null: it is. */
  partial: string | null;
  /** The repository's own list could not be read: what is not here may well exist. */
  hidden: Missing | null;
}

const MOST_PAGES = 50;
/** Environments that are asked about; more are a sign of one for each branch. */
const MOST_ENVIRONMENTS = 50;
/** GitHub gives at most 30 variables a page. */
const PER_PAGE: Readonly<Record<Kind, number>> = { secret: 100, variable: 30 };
const LISTS: Readonly<Record<Kind, string>> = { secret: "secrets", variable: "variables" };

/** Reads the names of GitHub's secrets and variables: https://docs.github.com/rest/actions/secrets. Values are never part of an answer. */
export interface GithubReader {
  /** @param environments deployment environments whose own lists are read beside those of repository and organisation; null: all that exist */
  read(kind: Kind, environments: readonly string[] | null, at: Location): Promise<GithubNames>;
}

/** Opens a reader for the repository that the run is about. Each list is asked for once. */
export async function openGithubReader(environment: Environment): Promise<GithubReader | Missing> {
  const github = await openGithub(environment);
  if ("missing" in github) return github;
  const lists = new Map<string, Promise<List>>();
  const list = (route: string, key: string, perPage: number, more: Record<string, string> = {}): Promise<List> => {
    const id = `${route} ${Object.values(more).join(" ")}`;
    const known = lists.get(id) ?? readPages(github, route, key, perPage, more);
    lists.set(id, known);
    return known;
  };
  return {
    async read(kind, environments, at) {
      const word = LISTS[kind];
      const own = await list(`/repos/{owner}/{repo}/actions/${word}`, word, PER_PAGE[kind]);
      const result: GithubNames = { names: [], partial: own.partial, hidden: null };
      if (own.refusal) result.hidden = refused(own.refusal, `the ${word} of ${github.owner}/${github.repo}`, kind);
      add(own.names, null);
      const shared = await list(`/repos/{owner}/{repo}/actions/organization-${word}`, word, PER_PAGE[kind]);
      add(shared.names, null);
      // A user has no organisation; for an organisation 404 hides what the token may not see.
      if (shared.refusal && !(shared.refusal.status === 404 && (await isUsers(github))))
        result.partial ??= sentence(shared.refusal, `the organisation's ${word}`, kind);
      result.partial ??= shared.partial;
      let wanted = environments;
      if (wanted === null) {
        const all = await list("/repos/{owner}/{repo}/environments", "environments", 100);
        wanted = all.names.slice(0, MOST_ENVIRONMENTS);
        if (all.refusal) result.partial ??= sentence(all.refusal, "the deployment environments", "environment");
        else if (all.names.length > wanted.length)
          result.partial ??= `${all.names.length} environments are too many to ask about`;
      }
      for (const name of wanted) {
        const scoped = await list(
          `/repos/{owner}/{repo}/environments/{environment_name}/${word}`,
          word,
          PER_PAGE[kind],
          {
            environment_name: name,
          },
        );
        add(scoped.names, name);
        result.partial ??= scoped.partial;
        // An environment that nobody has deployed to or set up has nothing in it.
        if (scoped.refusal && (scoped.refusal.status !== 404 || result.hidden))
          result.partial ??= sentence(scoped.refusal, `the ${word} of the environment ${name}`, kind);
      }
      return result;

      function add(names: readonly string[], scope: string | null): void {
        for (const name of names)
          result.names.push({
            name,
            kind,
            scope,
            empty: null,
            placeholder: null,
            unusable: null,
            versions: null,
            at,
          });
      }
    },
  };
}

interface List {
  names: string[];
  partial: string | null;
  refusal: Refusal | null;
}

/** All pages of one list of `{ total_count, [key]: [{ name }] }`. */
async function readPages(
  github: Github,
  route: string,
  key: string,
  perPage: number,
  more: Record<string, string>,
): Promise<List> {
  const list: List = { names: [], partial: null, refusal: null };
  for (let page = 1; ; page++) {
    const answer = await github.ask(route, { ...more, per_page: perPage, page });
    if (isRefusal(answer)) {
      if (page === 1) list.refusal = answer;
      else list.partial = `GitHub gave ${page - 1} pages of the ${key} and no more (${statusWords(answer)})`;
      return list;
    }
    const read = namesIn(answer.data, key);
    if (read === null) {
      if (page === 1) list.refusal = { status: 200, headers: {} };
      else list.partial = `page ${page} of the ${key} cannot be read`;
      return list;
    }
    list.names.push(...read.names);
    if (list.names.length >= read.total) return list;
    if (read.names.length === 0 || page === MOST_PAGES) {
      list.partial = `GitHub gave ${list.names.length} of ${read.total} ${key}`;
      return list;
    }
  }
}

function namesIn(data: unknown, key: string): { names: string[]; total: number } | null {
  if (typeof data !== "object" || data === null) return null;
  const { total_count: total, [key]: items } = data as Record<string, unknown>;
  if (!Array.isArray(items)) return null;
  const names = items.map((item: { name?: unknown } | null) => item?.name);
  if (!names.every((name): name is string => typeof name === "string")) return null;
  return { names, total: typeof total === "number" ? total : names.length };
}

async function isUsers(github: Github): Promise<boolean> {
  const answer = await github.ask("/repos/{owner}/{repo}", {});
  if (isRefusal(answer)) return false;
  const { owner } = (answer.data ?? {}) as { owner?: { type?: unknown } };
  return owner?.type === "User";
}

/** Why something was not shown, with the permission that GitHub itself asks for where it says so. */
function sentence(refusal: Refusal, what: string, kind: Kind | "environment"): string {
  const { status, headers } = refusal;
  if (status === 200) return `GitHub's answer about ${what} cannot be read`;
  if (status !== 403 && status !== 404 && status !== 401)
    return `GitHub could not be asked for ${what} (${statusWords(refusal)})`;
  const accepted = headers["x-accepted-github-permissions"];
  const usual = kind === "environment" ? "actions=read" : `${LISTS[kind]}=read`;
  const named = accepted !== undefined && /^[\w=,; -]{1,200}$/.test(accepted) ? accepted : usual;
  return `GitHub does not show ${what} (${status}; the token needs ${named})`;
}

const refused = (refusal: Refusal, what: string, kind: Kind): Missing => ({
  missing: sentence(refusal, what, kind),
  remedy:
    refusal.status === 401 || refusal.status === 403 || refusal.status === 404
      ? "A workflow's own GITHUB_TOKEN can never list them: give `github-token` a token with that permission, or use `present` (`predeploy secrets --emit-step`)."
      : "Run again later, or give a list as a file.",
});
