import type { ActionEvent } from "../action/event.ts";
import { parseDiff } from "../action/hunks.ts";
import type { ChangeStart, FetchedBase } from "../evidence/history/base-tree.ts";
import type { ReportContext } from "../reports/context.ts";
import type { Missing } from "../types/missing.ts";
import type { BaseTree } from "../types/model.ts";
import type { Workspace } from "../types/workspace.ts";
import { readCheckedCommit } from "../workspace/checked-commit.ts";
import { type GitPlace, runGitSync } from "../workspace/git.ts";

/** A commit of the checkout, or the tree of one that GitHub was asked for. */
export type Base = string | FetchedBase;

/**
 * What `base: auto` compares with: a commit of the checkout or, where that has no history and GitHub may be asked, its tree by REST.
 * Null where the event changes nothing by itself and, with a notice, where the base cannot be had.
 */
export async function automaticBase(
  event: ActionEvent,
  place: GitPlace,
  online: boolean,
  notice: (text: string) => void,
): Promise<Base | null> {
  if (event.bases.length === 0) return null;
  const base = startHere(event, place) ?? (await startAtGithub(event, place, online));
  if (typeof base === "string" || !("missing" in base)) return base;
  notice(
    `Every finding is shown, not only new ones: the commit to compare with is not in this checkout, and ${base.missing}. ${base.remedy}`,
  );
  return null;
}

/** Where the change began: the first of the event's candidates that the checkout holds, or what the checkout has in common with it. */
function startHere(event: ActionEvent, place: GitPlace): string | null {
  const ask = (...args: string[]): string | null => {
    const { code, stdout } = runGitSync(place, args);
    return code === 0 ? stdout.toString("utf8").trim() : null;
  };
  const resolve = (ref: string) => ask("rev-parse", "-q", "--verify", "--end-of-options", `${ref}^{commit}`);
  for (const candidate of event.bases) {
    // The first parent is the base only of the merge commit that GitHub made for this pull request.
    if (candidate === "HEAD^1") {
      const base = resolve("HEAD^2") === event.headSha ? resolve(candidate) : null;
      if (base !== null) return base;
      continue;
    }
    const sha = resolve(candidate);
    // The branch that the change goes to may have moved on; that is none of the change's doing.
    if (sha !== null) return ask("merge-base", sha, "HEAD") ?? sha;
  }
  return null;
}

async function startAtGithub(event: ActionEvent, place: GitPlace, online: boolean): Promise<FetchedBase | Missing> {
  const remedy = "Use actions/checkout with fetch-depth: 2, or 0.";
  const start = startOf(event, place);
  if (start === null) return { missing: "there is no commit here", remedy };
  if (!online) return { missing: "`online` is false", remedy };
  const { fetchBase } = await import("../evidence/history/base-tree.ts");
  return fetchBase(place, start);
}

/** As `startHere`, by what the commit itself says of its parents, which a shallow clone hides; else for GitHub to find out. */
function startOf(event: ActionEvent, place: GitPlace): ChangeStart | null {
  const checked = readCheckedCommit(place, true);
  if (checked === null) return null;
  const [onto, merged] = checked.parents;
  for (const candidate of event.bases) {
    if (candidate === "HEAD^1") {
      if (checked.parents.length === 2 && merged === event.headSha) return { commit: onto!, head: null };
    } else return { commit: candidate, head: checked.parents.includes(candidate) ? null : checked.sha };
  }
  return null;
}

/** Which lines a pull request changes, by git; null where the event is none or there is nothing to compare with. */
export async function changedLines(
  { root }: Workspace,
  event: ActionEvent,
  environment: GitPlace["environment"],
  base: Base | null,
): Promise<ReportContext["changed"]> {
  if (root === null || event.pullRequest === null) return null;
  const start = typeof base === "string" || base === null ? startHere(event, { directory: root, environment }) : base;
  if (start === null) return null;
  const { diffSides } = await import("../workspace/git-tree.ts");
  const args = ["diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames"];
  const tree: BaseTree = typeof start === "string" ? { commit: start, tree: start, directory: root } : start;
  const sides = diffSides(tree, root, environment, "HEAD");
  const diff = runGitSync({ directory: tree.directory, environment }, [...args, ...sides, "--"]);
  if (diff.code !== 0) return null;
  const files = parseDiff(diff.stdout.toString("utf8"));
  return (path, line) => files.get(path)?.has(line) ?? false;
}
