import type { ReportContext } from "../reports/context.ts";
import { visible } from "../reports/escape.ts";
import type { RunResult } from "../types/finding.ts";
import { type Api, apiError } from "./api.ts";
import { checkRunBodies, sendCheckRun } from "./check-run.ts";
import { commentBody, sendComment } from "./comment.ts";
import type { ActionEvent } from "./event.ts";
import { sendSuggestions } from "./suggestions.ts";

/** The channels that need a permission, as the inputs ask for them. */
export interface ChannelRequest {
  /** Name of the check run; "" for none. */
  checkRun: string;
  /** Name of the sticky comment; "" for none. */
  comment: string;
  suggestions: boolean;
  /** Why nothing can be sent at all: sockets are not allowed, no token; null where it can. */
  closed: string | null;
  /** Opens the API; called at most once, and only when a channel has something to send. */
  open(): Promise<Api>;
}

interface Channel {
  name: string;
  permission: string;
  /** Sends the result; or why it cannot be done here at all, whatever the permissions. */
  send: ((api: Api) => Promise<void>) | string;
}

/**
 * Sends the result to the channels that were asked for. What one of them is refused, or that it failed, never changes the verdict:
 * the answer is the one notice that says which, why, and where the findings are instead; null when all went well. Never rejects.
 */
export async function publish(
  request: ChannelRequest,
  result: RunResult,
  context: ReportContext,
  event: ActionEvent,
): Promise<string | null> {
  const channels = channelsOf(request, result, context, event);
  if (channels.length === 0) return null;
  const refusals: { name: string; why: string }[] = [];
  let api: Api | null = null;
  for (const { name, permission, send } of channels) {
    if (typeof send === "string" || request.closed !== null) {
      refusals.push({ name, why: typeof send === "string" ? send : (request.closed ?? "") });
      continue;
    }
    try {
      api ??= await request.open();
      await send(api);
    } catch (error) {
      refusals.push({ name, why: reasonOf(error, permission, event) });
    }
  }
  if (refusals.length === 0) return null;
  const list = refusals.map(({ name, why }) => `${name} (${why})`).join(", ");
  return `Not made: ${list}. ${context.rest ? `All findings are in ${context.rest}.` : ""} The verdict is the same.`;
}

function channelsOf(request: ChannelRequest, result: RunResult, context: ReportContext, event: ActionEvent): Channel[] {
  const { repository, headSha, pullRequest, runUrl } = event;
  const pull = repository === null || pullRequest === null ? null : { ...repository, number: pullRequest };
  const nowhere = repository === null ? "the run belongs to no repository" : null;
  const noPull = nowhere ?? "the run belongs to no pull request";
  const channels: Channel[] = [];
  if (request.checkRun !== "") {
    const commit = repository === null || headSha === null ? null : { ...repository, sha: headSha };
    channels.push({
      name: "check run",
      permission: "checks: write",
      send:
        commit === null
          ? (nowhere ?? "the commit is not known")
          : (api) => sendCheckRun(api, checkRunBodies(result, context, request.checkRun, commit, runUrl)),
    });
  }
  // A push or a merge queue has no pull request; asking for a comment there is normal in a workflow of several events.
  const silent = event.name !== "pull_request" && event.name !== "pull_request_target" && pullRequest === null;
  const permission = "pull-requests: write";
  if (request.comment !== "" && !silent) {
    const body = () => commentBody(result, context, request.comment, runUrl);
    const isClean = result.verdict === "pass" && result.findings.length === 0;
    channels.push({
      name: "comment",
      permission,
      send: pull === null ? noPull : (api) => sendComment(api, pull, request.comment, body(), isClean),
    });
  }
  if (request.suggestions && !silent)
    channels.push({
      name: "suggestions",
      permission,
      send: pull === null ? noPull : (api) => sendSuggestions(api, result, context, pull, headSha),
    });
  return channels;
}

/** GitHub answers 403 and 404 where a token may not, and 403 also for other reasons: a rate limit, a locked conversation. */
const lacking = /not accessible|not found|must have|permission|not authorized/i;

function reasonOf(error: unknown, permission: string, event: ActionEvent): string {
  const { status, message } = apiError(error);
  if (status === null) return `GitHub did not answer: ${visible(message)}`;
  if (status === 401) return "401: the token is not valid";
  if ((status === 403 || status === 404) && lacking.test(message))
    return event.readOnly
      ? `${status}: the token of a fork or of Dependabot can only read`
      : `${status}: the token lacks \`${permission}\``;
  return `${status}: ${visible(message)}`;
}
