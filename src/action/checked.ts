import type { ActionEvent } from "./event.ts";

/** The commit that lies in the checkout, with its parents, which a shallow clone may lack. */
export interface CheckedCommit {
  sha: string;
  parents: string[];
}

/**
 * One sentence without full stop on which commit was checked and what it is to the event: the merged result or the branch alone, the
 * tip of the merge queue, what was pushed, released or deployed. It holds names of strangers; reporters escape it.
 */
export function describeChecked({ sha, parents }: CheckedCommit, event: ActionEvent): string {
  const { headSha } = event;
  const [onto, merged] = parents;
  if (event.pullRequest !== null && headSha !== null && merged === headSha && parents.length === 2) {
    return `${sha}, pull request ${event.pullRequest} as merged: head ${headSha}, base ${onto}`;
  }
  if (event.pullRequest !== null && event.name !== "workflow_run") {
    if (sha === headSha) return `${sha}, the head of pull request ${event.pullRequest}, not merged into its base`;
    const what =
      event.name === "pull_request_target" && sha === event.sha
        ? "the base"
        : "a commit that is neither the head nor the merge";
    return `${sha}, ${what} of pull request ${event.pullRequest}${headSha === null ? "" : `, whose head is ${headSha}`}`;
  }
  const subject = event.subject ?? (event.name === "" ? "the checkout" : `the event \`${event.name}\``);
  const wanted = event.name === "workflow_run" ? sha : (headSha ?? sha);
  return sha === wanted ? `${sha}, ${subject}` : `${sha}, which is not the commit of ${subject} (${wanted})`;
}

/**
 * Why the result is not one of the commit that the event tells of: `pull_request_target` and `workflow_run` run in the name of the base,
 * and unless told otherwise that is all they check out. Null where it is that commit, or may be.
 */
export function whyOnlyBase({ sha, parents }: CheckedCommit, event: ActionEvent): string | null {
  const { headSha, trustedSha } = event;
  if (trustedSha === null || headSha === null || sha !== event.sha || sha === headSha || parents.includes(headSha))
    return null;
  return `only ${sha} was checked, not ${headSha}: give actions/checkout that as its \`ref\``;
}
