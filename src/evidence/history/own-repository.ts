import { appendFileSync, rmSync } from "node:fs";
import type { Missing } from "../../types/missing.ts";
import { type GitPlace, runGit, whyGitFailed } from "../../workspace/git.ts";
import { tokenOf } from "./github.ts";
import { type Scratch, writeBareRepository } from "./scratch.ts";

const LONGEST_FETCH = 180_000;

/** A bare repository of ours, with the whole history of some commits and file contents on demand. */
export interface OwnRepository extends Scratch {
  /** Brings a ref or commit here; gives its commit. */
  fetch(ref: string): Promise<string | Missing>;
}

/** The address to fetch from: the repository of the run, or `origin` where it speaks HTTP. */
async function remoteAddress(user: GitPlace): Promise<string | null> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = user.environment;
  if (server && repository) return `${server}/${repository}`;
  const url = (await runGit(user, ["config", "--get", "remote.origin.url"])).stdout.toString("utf8").trim();
  // User info in the address would end in argv and in messages.
  return /^https?:\/\/[^@\s]+$/.test(url) ? url : null;
}

/**
 * Makes a repository of ours that fetches what it is asked for, without file contents (`blob:none`): a partial fetch into the user's
 * own clone would make every later offline step of theirs depend on the network. Opens sockets.
 */
export async function openOwnRepository(user: GitPlace, format: "sha1" | "sha256"): Promise<OwnRepository | Missing> {
  const address = await remoteAddress(user);
  if (address === null) {
    return {
      missing: "there is no address to fetch the history from",
      remedy: "Add a remote `origin` with an https address.",
    };
  }
  const folder = writeBareRepository(user.environment, format);
  const quoted = JSON.stringify(address);
  appendFileSync(
    `${folder}/config`,
    `[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = ${quoted}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n`,
  );
  const place: GitPlace = { directory: folder, environment: withToken(user.environment, address), network: true };
  return {
    place,
    shallow: new Set(),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
    async fetch(ref) {
      const sha = /^[0-9a-f]{40,64}$/.test(ref) ? ref : await remoteCommit(place, ref);
      if (sha === null)
        return { missing: `the remote has no branch or tag "${ref}"`, remedy: "Push it, or name a commit." };
      const args = ["fetch", "-q", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "origin", sha];
      const result = await runGit(place, args, "", { timeout: LONGEST_FETCH });
      if (result.code !== 0) {
        return {
          missing: `the remote does not give ${ref === sha ? sha.slice(0, 12) : ref}: ${whyGitFailed(result)}`,
          remedy: "Push the commit, and give the job a token with contents: read.",
        };
      }
      const peeled = await runGit(place, ["rev-parse", "-q", "--verify", `${sha}^{commit}`]);
      return peeled.stdout.toString("latin1").trim();
    },
  };
}

/** What a name means at the remote: a tag before a branch, as git resolves it. */
async function remoteCommit(place: GitPlace, ref: string): Promise<string | null> {
  const wanted = ref === "HEAD" || ref.startsWith("refs/") ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
  const result = await runGit(place, ["ls-remote", "-q", "origin", ...wanted]);
  const lines = result.stdout
    .toString("utf8")
    .split("\n")
    .map((line) => line.split("\t"));
  for (const name of wanted) {
    const found = lines.find(([, refName]) => refName === name);
    if (found) return found[0]!;
  }
  return null;
}

/**
 * The token as a header for this server alone, by environment variables: never in argv, never in a file. A token of GitHub's is for GitHub's
 * server: what a clone calls `origin` may be anybody's.
 */
function withToken(environment: GitPlace["environment"], address: string): GitPlace["environment"] {
  const token = tokenOf(environment);
  const server = environment["GITHUB_SERVER_URL"] || "https://github.com";
  if (token === null || ![address, server].every((one) => URL.canParse(one))) return environment;
  if (new URL(address).origin !== new URL(server).origin) return environment;
  const count = Number(environment["GIT_CONFIG_COUNT"] ?? 0) || 0;
  const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    ...environment,
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: `http.${new URL(address).origin}/.extraheader`,
    [`GIT_CONFIG_VALUE_${count}`]: `AUTHORIZATION: basic ${credentials}`,
  };
}
