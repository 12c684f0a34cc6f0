import { baseName } from "../../text/paths.ts";
import type { Missing } from "../../types/missing.ts";
import type { InventoryName, VersionState } from "../../types/secrets.ts";
import type { Location } from "../../types/text.ts";
import { type Answer, isRefusal, patiently, type Refusal, statusWords } from "../attempts.ts";
import { fetched } from "../fetched.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const LONGEST_REQUEST = 20_000;
const LONGEST_READING = 60_000;
const LARGEST_ANSWER = 32 * 1024 * 1024;
const MOST_PAGES = 50;
/** Versions asked about at once. */
const AT_ONCE = 6;
const MOST_VERSIONS = 500;
const STATES: Readonly<Record<string, VersionState>> = {
  ENABLED: "enabled",
  DISABLED: "disabled",
  DESTROYED: "destroyed",
};

/** The names of a project's secrets with the states of the versions that are asked for, or why there are none. */
export type StoreNames = { names: InventoryName[]; partial: string | null } | Missing;

/**
 * Lists a project's secrets and looks up the state of referenced versions, never a payload: `projects.secrets.list` and
 * `projects.secrets.versions.get` of https://cloud.google.com/secret-manager/docs/reference/rest. `latest` is the version with the
 * highest number, whatever its state. The address is gcloud's own override where one is set.
 * @param versions versions that the repository asks for, by secret
 */
export async function readSecretManager(
  project: string,
  versions: ReadonlyMap<string, ReadonlySet<string>>,
  environment: Environment,
  at: Location,
): Promise<StoreNames> {
  const token = environment["GOOGLE_OAUTH_ACCESS_TOKEN"] || environment["CLOUDSDK_AUTH_ACCESS_TOKEN"] || null;
  if (token === null)
    return {
      missing: `there is no token to ask Secret Manager of ${project} with`,
      remedy:
        "Set GOOGLE_OAUTH_ACCESS_TOKEN: `access_token` of google-github-actions/auth, or `gcloud auth print-access-token`.",
    };
  const base = (
    environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER"] || "https://secretmanager.googleapis.com/"
  ).replace(/\/*$/, "/v1/");
  const until = Date.now() + LONGEST_READING;
  const get = (path: string) => patiently(() => ask(new URL(path, base), token), until);
  const folder = `projects/${encodeURIComponent(project)}/secrets`;

  const names: string[] = [];
  let partial: string | null = null;
  let cursor = "";
  for (let page = 1; ; page++) {
    const answer = await get(
      `${folder}?pageSize=25000${cursor === "" ? "" : `&pageToken=${encodeURIComponent(cursor)}`}`,
    );
    const read = isRefusal(answer) ? null : secretsIn(answer.data);
    if (read === null) {
      if (page === 1) return refused(isRefusal(answer) ? answer : null, project);
      partial = `Secret Manager gave ${page - 1} pages of the secrets of ${project} and no more`;
      break;
    }
    names.push(...read.names);
    cursor = read.next;
    if (cursor === "") break;
    if (page === MOST_PAGES) {
      partial = `${project} has more secrets than can be listed`;
      break;
    }
  }

  const wanted = names.flatMap((name) => [...(versions.get(name) ?? [])].map((version) => ({ name, version })));
  const states = new Map<string, Map<string, VersionState> | null>();
  const queue = wanted.slice(0, MOST_VERSIONS);
  const work = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const path = `${folder}/${encodeURIComponent(one.name)}/versions/${encodeURIComponent(one.version)}`;
      const state = stateIn(await get(path));
      const known = states.get(one.name);
      if (state === null) states.set(one.name, null);
      else if (known !== null) states.set(one.name, (known ?? new Map()).set(one.version, state));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    names: names.map((name) => ({
      name,
      kind: "secret",
      scope: null,
      empty: null,
      placeholder: null,
      unusable: null,
      versions: states.get(name) ?? null,
      at,
    })),
    partial,
  };
}

/** The state of a version; null where it cannot be told. Whoever may list secrets and gets 404 for a version is told that there is none. */
function stateIn(answer: Answer): VersionState | null {
  if (isRefusal(answer)) return answer.status === 404 ? "absent" : null;
  const { state } = (typeof answer.data === "object" && answer.data !== null ? answer.data : {}) as { state?: unknown };
  return typeof state === "string" && Object.hasOwn(STATES, state) ? STATES[state]! : null;
}

function secretsIn(data: unknown): { names: string[]; next: string } | null {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
  const { secrets = [], nextPageToken: next = "" } = data as { secrets?: unknown; nextPageToken?: unknown };
  if (!Array.isArray(secrets) || typeof next !== "string") return null;
  const names = secrets.map((one: { name?: unknown } | null) =>
    typeof one?.name === "string" ? baseName(one.name) : null,
  );
  return names.includes(null) ? null : { names: names as string[], next };
}

async function ask(url: URL, token: string): Promise<Answer> {
  const headers = { accept: "application/json", authorization: `Bearer ${token}`, "user-agent": "predeploy" };
  const limits = { milliseconds: LONGEST_REQUEST, bytes: LARGEST_ANSWER };
  const answer = await fetched(url, { redirect: "error", headers }, limits);
  if (isRefusal(answer)) return answer;
  try {
    return { data: JSON.parse(String(answer.data)) };
  } catch {
    return { data: null };
  }
}

function refused(refusal: Refusal | null, project: string): Missing {
  const what = `the secrets of the project ${project}`;
  if (refusal === null)
    return {
      missing: `Secret Manager's answer about ${what} cannot be read`,
      remedy: "Run again later, or give the list as a file: `gcloud secrets list --format=json`.",
    };
  if (refusal.status === 401 || refusal.status === 403)
    return {
      missing: `Secret Manager does not show ${what} (${refusal.status}; the token needs secretmanager.secrets.list)`,
      remedy: "Give the account roles/secretmanager.viewer, or a fresh token.",
    };
  if (refusal.status === 404)
    return { missing: `Google knows no project ${project} (404)`, remedy: "Check the name in predeploy.yml." };
  return {
    missing: `Secret Manager could not be asked for ${what} (${statusWords(refusal)})`,
    remedy: "Run again later, or give the list as a file: `gcloud secrets list --format=json`.",
  };
}
