import type { Missing } from "../../types/missing.ts";
import type { BaseTree } from "../../types/model.ts";
import { MAX_FILE_BYTES } from "../../workspace/disk.ts";
import type { GitPlace } from "../../workspace/git.ts";
import { ask, GitFailure, linesOf } from "./ask.ts";
import { isMissing } from "./compare.ts";
import { folderOf } from "./deployed-migrations.ts";
import { type Github, openGithub, restFailure } from "./github.ts";
import { openScratch, type Scratch } from "./scratch.ts";

/** Contents that are asked for at most: each is a request, and a workflow's token has a thousand of them an hour. */
const MOST_CONTENTS = 300;
const MOST_BYTES = 64 * 1024 * 1024;
/** Requests under way at once. */
const AT_ONCE = 8;
const PERMISSION = "contents: read";

/** The tree of a commit that the clone lacks, in a repository of ours. */
export interface FetchedBase extends BaseTree {
  /** Brings the contents that the clone lacks; or says why there are none. Opens sockets. */
  complete(): Promise<Missing | null>;
  remove(): void;
}

/** Where a change began: `commit` itself or, with `head`, the last commit that both have in common. */
export interface ChangeStart {
  commit: string;
  head: string | null;
}

/**
 * Asks GitHub for the tree that a change began with, where a checkout without history lacks it: two requests, and one for each
 * content of `complete`. What comes is held to its object names, so it is the tree that git would have given. Opens sockets.
 */
export async function fetchBase(user: GitPlace, start: ChangeStart): Promise<FetchedBase | Missing> {
  const github = await openGithub(user.environment);
  if (isMissing(github)) return { ...github, remedy: FETCH };
  let scratch: Scratch | null = null;
  try {
    const { commit, tree } = await treeNameOf(github, start);
    const entries = await entriesOf(github, tree);
    if (entries === null) return { missing: "GitHub does not list a tree of that size", remedy: FETCH };
    const own = await openScratch(user);
    scratch = own;
    const lines = entries.map(({ mode, sha, path }) => `${mode} ${sha} 0\t${path}\0`).join("");
    await ask(own.place, ["update-index", "-z", "--index-info"], lines);
    const [written] = linesOf(await ask(own.place, ["write-tree", "--missing-ok"]));
    const folder = await folderOf(user);
    if (written !== tree) throw new GitFailure("the tree that GitHub lists is not the one that it names");
    return {
      commit,
      tree,
      directory: own.place.directory,
      complete: () =>
        complete(
          github,
          own.place,
          entries.filter(({ path }) => path.startsWith(folder)),
        ),
      remove: own.remove,
    };
  } catch (error) {
    scratch?.remove();
    return whyNot(error, "the commit to compare with");
  }
}

const FETCH = "Use actions/checkout with fetch-depth: 2, or 0.";

const whyNot = (error: unknown, what: string): Missing => ({
  missing: error instanceof GitFailure ? error.message : restFailure(error, what, PERMISSION).missing,
  remedy: FETCH,
});

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** An object name; throws GitFailure for anything else. */
function nameIn(value: unknown): string {
  const { sha } = record(value);
  if (typeof sha !== "string" || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha))
    throw new GitFailure("GitHub's answer names no object");
  return sha;
}

async function treeNameOf(github: Github, { commit, head }: ChangeStart): Promise<{ commit: string; tree: string }> {
  if (head === null) {
    const found = await github.get("/repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: commit });
    return { commit, tree: nameIn(record(found)["tree"]) };
  }
  const parameters = { basehead: `${commit}...${head}`, per_page: 1 };
  const compared = await github.get("/repos/{owner}/{repo}/compare/{basehead}", parameters);
  const common = record(record(compared)["merge_base_commit"]);
  return { commit: nameIn(common), tree: nameIn(record(common["commit"])["tree"]) };
}

interface ListedEntry {
  mode: string;
  sha: string;
  path: string;
  size: number;
}

/** Every file of a tree; null where GitHub cuts the list short. */
async function entriesOf(github: Github, tree: string): Promise<ListedEntry[] | null> {
  const parameters = { tree_sha: tree, recursive: "1" };
  const { tree: listed, truncated } = record(
    await github.get("/repos/{owner}/{repo}/git/trees/{tree_sha}", parameters),
  );
  if (!Array.isArray(listed) || truncated === true) return null;
  return listed
    .map(record)
    .flatMap(({ type, mode, sha, path, size }) =>
      type === "tree"
        ? []
        : [{ mode: String(mode), sha: nameIn({ sha }), path: String(path), size: Number(size) || 0 }],
    );
}

/** Writes the contents that neither repository holds, all of them or none. */
async function complete(github: Github, place: GitPlace, entries: readonly ListedEntry[]): Promise<Missing | null> {
  const sizes = new Map<string, number>();
  // A submodule's commit is no content of this repository.
  for (const { mode, sha, size } of entries) if (mode !== "160000" && size <= MAX_FILE_BYTES) sizes.set(sha, size);
  try {
    const found = linesOf(await ask(place, ["cat-file", "--batch-check"], [...sizes.keys(), ""].join("\n")));
    const absent = found.filter((line) => line.endsWith(" missing")).map((line) => line.slice(0, -" missing".length));
    const total = absent.reduce((sum, sha) => sum + (sizes.get(sha) ?? 0), 0);
    if (absent.length > MOST_CONTENTS || total > MOST_BYTES)
      return { missing: `the change is too large to ask GitHub for (${absent.length} files)`, remedy: FETCH };
    let next = 0;
    const work = async (): Promise<void> => {
      for (let sha = absent[next++]; sha !== undefined; sha = absent[next++]) {
        const blob = record(await github.get("/repos/{owner}/{repo}/git/blobs/{file_sha}", { file_sha: sha }));
        const bytes = Buffer.from(String(blob["content"]), blob["encoding"] === "base64" ? "base64" : "utf8");
        const [written] = linesOf(await ask(place, ["hash-object", "-w", "--no-filters", "--stdin"], bytes));
        if (written !== sha) throw new GitFailure("a content that GitHub gives is not the one that was asked for");
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return null;
  } catch (error) {
    return whyNot(error, "the contents of the commit to compare with");
  }
}
