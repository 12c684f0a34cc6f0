import type { Missing } from "../../types/missing.ts";
import type { Location } from "../../types/text.ts";
import { type GitPlace, runGit } from "../../workspace/git.ts";
import { isMissing } from "./compare.ts";
import { findReferences, refsNamedBy } from "./deployed-file.ts";
import { resolveRef } from "./refs.ts";

export interface DeployedCommit {
  /** As its source gave it. */
  ref: string;
  sha: string;
  notes: string[];
  readFrom: Location | null;
  /** Whether the commit is in the user's clone. */
  here: boolean;
}

/** A named ref that may be the commit. */
export async function deployedByRef(user: GitPlace, ref: string): Promise<DeployedCommit | Missing> {
  const resolved = await resolveRef(user, ref);
  if (isMissing(resolved)) return resolved;
  return { ref, sha: resolved.sha, notes: resolved.note === null ? [] : [resolved.note], readFrom: null, here: true };
}

/**
 * The commit that a file of the head's tree names.
 * @param tree the checked folder in the head's tree, `commit:` or `commit:folder/`
 */
export async function deployedByFile(
  user: GitPlace,
  tree: string,
  path: string,
  pattern: string,
): Promise<DeployedCommit | Missing> {
  const clean = path.replace(/^(?:\.?\/)+/, "");
  const blob = await runGit(user, ["cat-file", "blob", `${tree}${clean}`]);
  if (blob.code !== 0) {
    const remedy = "Commit the file, or name another source of what is deployed.";
    return { missing: `${clean}, which should name the deployed commit, is not in the head's tree`, remedy };
  }
  const found = findReferences(clean, blob.stdout.toString("utf8"), pattern);
  if (isMissing(found)) return found;
  const commits = new Map<string, DeployedCommit>();
  let failed: Missing | null = null;
  for (const { value, at } of found) {
    const one = await deployedByVersion(user, value);
    if (isMissing(one)) failed ??= one;
    else if (!commits.has(one.sha)) commits.set(one.sha, { ...one, readFrom: at });
  }
  if (commits.size > 1 || (commits.size === 1 && failed !== null)) {
    const names = found.map((one) => one.value.slice(0, 60)).join(", ");
    return {
      missing: `${clean} names several deployed versions (${names})`,
      remedy: "Narrow the pattern so that it matches one.",
    };
  }
  return [...commits.values()][0] ?? failed!;
}

/** A version text from outside: a tag, a commit, or an image tag that holds one. */
export async function deployedByVersion(user: GitPlace, value: string): Promise<DeployedCommit | Missing> {
  const shown = value.slice(0, 80);
  const names = refsNamedBy(value);
  if (names.length === 0) {
    const remedy = "Record the commit with the build: an image tag or label with its SHA.";
    return { missing: `"${shown}" names no revision`, remedy };
  }
  let first: Missing | null = null;
  for (const name of names) {
    const resolved = await resolveRef(user, name);
    if (!isMissing(resolved)) {
      return {
        ref: name,
        sha: resolved.sha,
        notes: resolved.note === null ? [] : [resolved.note],
        readFrom: null,
        here: true,
      };
    }
    first ??= resolved;
  }
  return first!;
}
