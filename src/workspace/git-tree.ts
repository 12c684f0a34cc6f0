import { posix } from "node:path";
import { UsageError } from "../config/usage-error.ts";
import type { RepoPath } from "../types/text.ts";
import type { Entry, EntryKind, Source, Workspace } from "../types/workspace.ts";
import { MAX_FILE_BYTES } from "./disk.ts";
import { type GitPlace, runGitSync, splitNul, whyGitFailed } from "./git.ts";
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
export function commitAt(ref: string, present: Workspace, environment: GitPlace["environment"]): string {
  if (present.kind !== "git" || present.root === null)
    throw new UsageError(`--base ${ref}: the folder is no git repository.`);
  const place: GitPlace = { directory: present.root, environment };
  const commit = runGitSync(place, ["rev-parse", "-q", "--verify", "--end-of-options", `${ref}^{commit}`]);
  if (commit.code !== 0)
    throw new UsageError(
      `--base ${ref}: no such commit here. Fetch it first (actions/checkout: fetch-depth: 2 for a pull request, else 0).`,
    );
  return commit.stdout.toString("utf8").trim();
}

/** Old path → new path of what git takes for moved since a commit; empty where git cannot tell. */
export function renamesSince(
  commit: string,
  { root }: Workspace,
  environment: GitPlace["environment"],
): Map<RepoPath, RepoPath> {
  const args = ["diff", "--name-status", "-M", "--diff-filter=R", "--no-ext-diff", "--no-textconv", "--relative", "-z"];
  const found = new Map<RepoPath, RepoPath>();
  if (root === null) return found;
  const diff = runGitSync({ directory: root, environment }, [...args, commit, "--"]);
  const fields = diff.code === 0 ? splitNul(diff.stdout) : [];
  for (let at = 0; at + 2 < fields.length; at += 3) found.set(fields[at + 1]!, fields[at + 2]!);
  return found;
}

/**
 * The same folder as it was at `commit`, a full object name. Contents that the present tree still holds are read from there; the
 * others come from git in one batch. Throws UsageError where git cannot list it.
 */
export function openTreeAt(sha: string, present: Workspace, environment: GitPlace["environment"]): Workspace {
  const place: GitPlace = { directory: present.root ?? "", environment };
  const listing = runGitSync(place, ["ls-tree", "-r", "-z", "-l", sha]);
  if (listing.code !== 0) throw new UsageError(`--base ${sha}: ${whyGitFailed(listing)}.`);

  const entries: Entry[] = [];
  const sizes = new Map<string, number>();
  for (const record of splitNul(listing.stdout)) {
    // "<mode> <type> <object id> <size>\t<path>"
    const tab = record.indexOf("\t");
    const [mode, , blob, size] = record.slice(0, tab).split(/ +/);
    entries.push({
      path: record.slice(tab + 1),
      kind: KINDS[mode!] ?? "file",
      blob: blob!,
      tracked: true,
      ignored: false,
    });
    sizes.set(blob!, Number(size));
  }
  const files = makeFileTree(entries);
  const here = new Map<string, RepoPath>();
  for (const { blob, path, kind } of present.files.entries)
    if (blob !== null && kind !== "symlink") here.set(blob, path);
  const missing = [
    ...new Set(entries.filter((one) => one.kind !== "submodule" && !here.has(one.blob!)).map((one) => one.blob!)),
  ];
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
      if (!source) unread.note(path, "its content at that commit is not here");
      return source;
    },
    noteUnread: unread.note,
    unread: unread.list,
  };
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
