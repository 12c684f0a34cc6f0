import type { ReportContext } from "../reports/context.ts";
import { renderMarkdown, renderStop } from "../reports/markdown.ts";
import type { RunResult } from "../types/finding.ts";
import { type Api, apiError, pages } from "./api.ts";
import type { PullRequest } from "./event.ts";

/** GitHub refuses a comment above 65,536 characters; marker and link are counted in. */
const longestReport = 64_000;

/** The hidden line that a comment is found by. What the name has besides letters, digits, `.`, `_` and `-` becomes `-`. */
export function markerOf(name: string): string {
  return `<!-- predeploy:${name
    .replace(/[^\w.-]+/g, "-")
    .replace(/-{2,}/g, "-")
    .slice(0, 100)} -->`;
}

/** The comment: marker, report, where the rest is. */
export function commentBody(result: RunResult, context: ReportContext, name: string, runUrl: string | null): string {
  const link = runUrl === null ? "" : `\n[Summary and log of this run](${runUrl})\n`;
  return `${markerOf(name)}\n${renderMarkdown(result, context, longestReport)}${link}`;
}

/** The same in place of the report where a run ended without a verdict. */
export function stopBody(reason: string, name: string, runUrl: string | null): string {
  const link = runUrl === null ? "" : `\n[Log of this run](${runUrl})\n`;
  return `${markerOf(name)}\n${renderStop(reason)}${link}`;
}

/**
 * Keeps one comment on the pull request up to date: found by its marker and its author over all pages, never a second one. Where
 * there is none yet it is made, but not by a run that `onlyMends`: a clean one, and one that could not check. Rejects with the first refusal.
 */
export async function sendComment(
  api: Api,
  { owner, repo, number }: PullRequest,
  name: string,
  body: string,
  onlyMends: boolean,
): Promise<void> {
  const marker = markerOf(name);
  const pull = { owner, repo, issue_number: number };
  const marked = (await pages(api, "GET /repos/{owner}/{repo}/issues/{issue_number}/comments", pull)).filter(
    (comment) => typeof comment["body"] === "string" && comment["body"].startsWith(marker),
  );
  const isOurs = marked.length === 0 ? () => false : await authorTest(api);
  const own = marked.find((comment) => isOurs(comment["user"]));
  if (own === undefined) {
    if (onlyMends) return;
    await api.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...pull, body });
  } else if (own["body"] !== body && typeof own["id"] === "number") {
    await api.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      owner,
      repo,
      comment_id: own["id"],
      body,
    });
  }
}

/**
 * Whether a comment's author is this token. A token of an app (GITHUB_TOKEN is one) may not ask who it is, so any bot will do
 * there: a stranger can copy the marker, but cannot comment as a bot.
 */
async function authorTest(api: Api): Promise<(user: unknown) => boolean> {
  const loginOf = (user: unknown) => (user as { login?: unknown } | null)?.login;
  try {
    const { data } = await api.request("GET /user", {});
    const login = loginOf(data);
    if (typeof login === "string") return (user) => loginOf(user) === login;
  } catch (error) {
    const { status } = apiError(error);
    if (status !== 401 && status !== 403 && status !== 404) throw error;
  }
  return (user) => (user as { type?: unknown } | null)?.type === "Bot";
}
