import { posix } from "node:path";
import { UsageError } from "../config/usage-error.ts";
import type { BaseTree } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import type { Entry, EntryKind, Source, Workspace } from "../types/workspace.ts";
import { CONTENT_MISSING, MAX_FILE_BYTES, TOO_LARGE } from "./disk.ts";
import { type GitPlace, type GitResult, runGitSync, splitNul, whyGitFailed } from "./git.ts";
import { makeFileTree } from "./tree.ts";
import { makeUnreadList } from "./unread.ts";

/** Bytes of older contents that are held in memory at most; what is beyond is unread. */
const MAX_HELD = 256 * 1024 * 1024;
const KINDS: Readonly<Record<string, EntryKind>> = {
  "100755": "executable",
  "120000": "symlink",
  "160000": "submodule",
};

/** The commit that `ref` names. Throws UsageError where none is here. */
export function commitAt(ref: string, present: Workspace, environment: GitPlace["environment"]): BaseTree {
  if (present.kind !== "git" || present.root === null)
    throw new UsageError(`--base ${ref}: the folder is no git repository.`);
  const place: GitPlace = { directory: present.root, environment };
  const commit = runGitSync(place, ["rev-parse", "-q", "--verify", "--end-of-options", `${ref}^{commit}`]);
  if (commit.code !== 0)
    throw new UsageError(
      `--base ${ref}: no such commit here. Fetch it first (actions/checkout: fetch-depth: 2 for a pull request, else 0).`,
    );
  const sha = commit.stdout.toString("latin1").trim();
  return { commit: sha, tree: sha, directory: present.root };
}

/** Old path → new path of what git takes for moved since a commit; empty where git cannot tell. */
export function renamesSince(
  base: BaseTree,
  { root }: Workspace,
  environment: GitPlace["environment"],
): Map<RepoPath, RepoPath> {
  const args = ["diff", "--name-status", "--diff-filter=R", "--no-ext-diff", "--no-textconv", "-z"];
  const found = new Map<RepoPath, RepoPath>();
  if (root === null) return found;
  const sides = diffSides(base, root, environment, "files");
  const moved = (threshold: string) =>
    runGitSync({ directory: base.directory, environment }, [...args, threshold, ...sides, "--"]);
  let diff = moved("-M");
  // What a partial clone has no content of can still be known by its name.
  if (diff.code !== 0) diff = moved("-M100%");
  const fields = diff.code === 0 ? splitNul(diff.stdout) : [];
  for (let at = 0; at + 2 < fields.length; at += 3) found.set(fields[at + 1]!, fields[at + 2]!);
  return found;
}

/**
 * What `git diff` is told to hold a base against the present of a folder: its HEAD, or the files that lie there. A base in a repository
 * of ours has none beside it, so there it is the tree of HEAD either way.
 */
export function diffSides(
  { tree, directory }: BaseTree,
  root: string,
  environment: GitPlace["environment"],
  until: "HEAD" | "files",
): string[] {
  if (directory === root) return ["--relative", tree, ...(until === "HEAD" ? ["HEAD"] : [])];
  const place: GitPlace = { directory: root, environment };
  const head = runGitSync(place, ["rev-parse", "-q", "--verify", "HEAD^{tree}"]).stdout.toString("latin1").trim();
  return [`--relative=${folderOf(place)}`, tree, head];
}

/** The folder below the top of its repository: `services/api/`, or "". */
export function folderOf(place: GitPlace): string {
  const { code, stdout } = runGitSync(place, ["rev-parse", "--show-prefix"]);
  return code === 0 ? stdout.toString("utf8").replace(/\n$/, "") : "";
}

/**
 * The same folder as it was in the tree of `base`. Contents that the present tree still holds are read from there; the others come
 * from git in one batch. Throws UsageError where git cannot list it.
 */
export function openTreeAt(base: BaseTree, present: Workspace, environment: GitPlace["environment"]): Workspace {
  const place: GitPlace = { directory: base.directory, environment };
  const listing = listTree(base, present, environment);
  if (listing.code !== 0) throw new UsageError(`--base ${base.commit}: ${whyGitFailed(listing)}.`);

  const entries: Entry[] = [];
  for (const record of splitNul(listing.stdout)) {
    // "<mode> <type> <object id>\t<path>"
    const tab = record.indexOf("\t");
    const [mode, , blob] = record.slice(0, tab).split(/ +/);
    entries.push({
      path: record.slice(tab + 1),
      kind: KINDS[mode!] ?? "file",
      blob: blob!,
      tracked: true,
      ignored: false,
    });
  }
  const files = makeFileTree(entries, (path) => linkTarget(path));
  const here = new Map<string, RepoPath>();
  for (const { blob, path, kind } of present.files.entries)
    if (blob !== null && kind !== "symlink") here.set(blob, path);
  const missing = [
    ...new Set(entries.filter((one) => one.kind !== "submodule" && !here.has(one.blob!)).map((one) => one.blob!)),
  ];
  const sizes = sizesOf(place, base.tree, missing);
  const held = readBlobs(
    place,
    missing.filter((blob) => (sizes.get(blob) ?? Number.NaN) <= MAX_FILE_BYTES),
    sizes,
  );

  const unread = makeUnreadList();
  const linkTarget = (path: RepoPath) => {
    const entry = files.get(path);
    return entry?.kind === "symlink" ? (held.get(entry.blob!)?.toString("utf8") ?? null) : null;
  };
  const whyNone = (entry: Entry | undefined): string => {
    if (entry === undefined || entry.kind === "symlink") return "symbolic link to what is no file of the tree";
    if (entry.kind === "submodule") return "submodule: its content is not here";
    return (sizes.get(entry.blob!) ?? 0) > MAX_FILE_BYTES ? TOO_LARGE : CONTENT_MISSING;
  };
  return {
    kind: "git",
    root: present.root,
    files,
    linkTarget,
    read(path): Source | null {
      let entry = files.get(path);
      for (let links = 0; entry?.kind === "symlink" && links < 16; links++) {
        const target = linkTarget(entry.path);
        entry = target === null ? undefined : files.get(posix.normalize(posix.join(posix.dirname(entry.path), target)));
      }
      const bytes = entry?.kind === "file" || entry?.kind === "executable" ? held.get(entry.blob!) : undefined;
      if (bytes) return { bytes: () => bytes, text: () => bytes.toString("utf8") };
      const same = entry && here.get(entry.blob!);
      const source = same === undefined ? null : present.read(same);
      if (!source) unread.note(path, whyNone(entry));
      return source;
    },
    noteUnread: unread.note,
    unread: unread.list,
  };
}

/** `git ls-tree` of the folder that the workspace is, named from there. */
function listTree(base: BaseTree, { root }: Workspace, environment: GitPlace["environment"]): GitResult {
  const place = { directory: base.directory, environment };
  const args = ["ls-tree", "-r", "-z"];
  const folder = root === null || base.directory === root ? "" : folderOf({ directory: root, environment });
  if (folder === "") return runGitSync(place, [...args, base.tree]);
  const found = runGitSync(place, ["rev-parse", "-q", "--verify", "--end-of-options", `${base.tree}:${folder}`]);
  // A folder that the base lacks holds nothing there.
  return found.code === 0
    ? runGitSync(place, [...args, found.stdout.toString("latin1").trim()])
    : { ...found, code: 0 };
}

/** Sizes by blob id; a blob that the repository does not hold has none. */
function sizesOf(place: GitPlace, sha: string, blobs: readonly string[]): Map<string, number> {
  const ask = (some: readonly string[]) =>
    runGitSync(place, ["cat-file", "--batch-check=%(objectname) %(objectsize)"], `${some.join("\n")}\n`);
  if (blobs.length === 0) return new Map();
  let answer = ask(blobs);
  if (answer.code !== 0) {
    // A partial clone: git ends at the first content that it would have to fetch.
    const listed = runGitSync(place, ["rev-list", "--objects", "--no-walk", "--missing=print", sha]);
    const absent = new Set([...listed.stdout.toString("latin1").matchAll(/^\?([0-9a-f]+)$/gm)].map(([, blob]) => blob));
    answer = ask(blobs.filter((blob) => !absent.has(blob)));
  }
  const sizes = new Map<string, number>();
  for (const [, blob = "", size] of answer.stdout.toString("latin1").matchAll(/^([0-9a-f]+) (\d+)$/gm))
    sizes.set(blob, Number(size));
  return sizes;
}

/** Contents by blob id, through one `git cat-file --batch`. */
function readBlobs(place: GitPlace, blobs: readonly string[], sizes: ReadonlyMap<string, number>): Map<string, Buffer> {
  const held = new Map<string, Buffer>();
  let total = 0;
  const wanted = blobs.filter((blob) => (total += sizes.get(blob) ?? 0) <= MAX_HELD);
  if (wanted.length === 0) return held;
  const { stdout } = runGitSync(place, ["cat-file", "--batch"], `${wanted.join("\n")}\n`, {
    maxOutput: MAX_HELD + wanted.length * 200,
  });
  let at = 0;
  for (const blob of wanted) {
    // "<object id> blob <size>\n<content>\n", or "<object id> missing\n"
    const end = stdout.indexOf(10, at);
    if (end === -1) break;
    const header = stdout.toString("latin1", at, end);
    at = end + 1;
    const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1] ?? Number.NaN);
    if (Number.isNaN(size)) continue;
    held.set(blob, stdout.subarray(at, at + size));
    at += size + 1;
  }
  return held;
}
