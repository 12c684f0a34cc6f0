import type { RepoPath } from "../types/text.ts";
import type { Entry, Source, Workspace } from "../types/workspace.ts";
import { MAX_FILE_BYTES } from "./disk.ts";
import { runGitSync, splitNul } from "./git.ts";
import { makeFileTree } from "./tree.ts";

/** Files that say what is checked are small; what is larger is no such file. */
const MOST_BYTES = 1024 * 1024;

/**
 * A view of a workspace in which the paths that `isTaken` names are as they are in `commit`, and absent where it lacks them: for a
 * tree that may be a stranger's, whose own configuration must not decide what is checked. Where git cannot read the commit those
 * paths are absent altogether, and `notice` hears of it. `commit` is a full object name.
 */
export function trusting(
  workspace: Workspace,
  commit: string,
  isTaken: (path: RepoPath) => boolean,
  options: { environment: Readonly<Record<string, string | undefined>>; notice: (text: string) => void },
): Workspace {
  const taken = filesOf(workspace, commit, isTaken, options.environment);
  const place = { directory: workspace.root ?? "", environment: options.environment };
  if (taken === null)
    options.notice(
      `The configuration of this tree may be a stranger's and is not used, and commit ${commit.slice(0, 12)} is not here to take it from: check out with fetch-depth: 0.`,
    );
  const contents = taken ?? new Map<RepoPath, { entry: Entry; bytes: Buffer }>();
  const linkTarget = (path: RepoPath) => (isTaken(path) ? null : workspace.linkTarget(path));
  const entries = [
    ...workspace.files.entries.filter((entry) => !isTaken(entry.path)),
    ...[...contents.values()].map(({ entry }) => entry),
  ];
  return {
    ...workspace,
    files: makeFileTree(entries, linkTarget),
    linkTarget,
    read(path): Source | null {
      if (!isTaken(path)) return workspace.read(path);
      const found = contents.get(path);
      return found ? { bytes: () => found.bytes, text: () => found.bytes.toString("utf8") } : null;
    },
    trustedText(path) {
      if (taken === null) return "";
      const { code, stdout } = runGitSync(place, ["cat-file", "blob", `${commit}:./${path}`], "", {
        maxOutput: MAX_FILE_BYTES,
      });
      return code === 0 ? stdout.toString("utf8") : "";
    },
  };
}

function filesOf(
  workspace: Workspace,
  commit: string,
  isTaken: (path: RepoPath) => boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Map<RepoPath, { entry: Entry; bytes: Buffer }> | null {
  if (workspace.root === null || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const place = { directory: workspace.root, environment };
  // Paths are relative to the folder that git runs in.
  const listed = runGitSync(place, ["ls-tree", "-r", "-z", "-l", commit]);
  if (listed.code !== 0) return null;
  const found = new Map<RepoPath, { entry: Entry; bytes: Buffer }>();
  for (const line of splitNul(listed.stdout)) {
    const parts = /^100(\d{3}) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line);
    if (!parts || !isTaken(parts[4]!) || Number(parts[3]) > MOST_BYTES) continue;
    const [, mode, blob = "", , path = ""] = parts;
    const content = runGitSync(place, ["cat-file", "blob", blob]);
    if (content.code !== 0) return null;
    const kind = mode === "755" ? "executable" : "file";
    found.set(path, { entry: { path, kind, blob, tracked: true, ignored: false }, bytes: content.stdout });
  }
  return found;
}
