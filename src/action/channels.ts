import type { ReportContext } from "../reports/context.ts";
import { visible } from "../reports/escape.ts";
import type { RunResult } from "../types/finding.ts";
import { type Api, apiError } from "./api.ts";
import { type CheckRunBodies, checkRunBodies, sendCheckRun, stopBodies } from "./check-run.ts";
import { commentBody, sendComment, stopBody } from "./comment.ts";
import type { ActionEvent, PullRequest } from "./event.ts";
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
  const { runUrl } = event;
  const isClean = result.verdict === "pass" && result.findings.length === 0;
  const channels = channelsOf(request, event, {
    checkRun: (name, commit) => checkRunBodies(result, context, name, commit, runUrl),
    comment: (name) => commentBody(result, context, name, runUrl),
    onlyMends: isClean,
    suggest: (api, pull) => sendSuggestions(api, result, context, pull, event.headSha),
  });
  const list = await send(request, channels, event);
  if (list === null) return null;
  return `Not made: ${list}. ${context.rest ? `All findings are in ${context.rest}.` : ""} The verdict is the same.`;
}

/**
 * Puts the reason why a run ended without a verdict where an earlier run may have said that all is well: in the comment that there is,
 * and in a check run. As `publish` otherwise.
 */
export async function publishStop(request: ChannelRequest, reason: string, event: ActionEvent): Promise<string | null> {
  const channels = channelsOf({ ...request, suggestions: false }, event, {
    checkRun: (name, commit) => stopBodies(reason, name, commit, event.runUrl),
    comment: (name) => stopBody(reason, name, event.runUrl),
    onlyMends: true,
    suggest: async () => {},
  });
  const list = await send(request, channels, event);
  return list === null ? null : `Not made: ${list}. What an earlier run said there does not count.`;
}

/** Sends to each channel; gives which were refused and why, or null. */
async function send(request: ChannelRequest, channels: readonly Channel[], event: ActionEvent): Promise<string | null> {
  const refusals: string[] = [];
  const open = channels.filter(({ send }) => typeof send !== "string");
  if (request.closed !== null && open.length > 0)
    refusals.push(`${open.map(({ name }) => name).join(", ")} (${request.closed})`);
  let api: Api | null = null;
  for (const { name, permission, send } of channels) {
    if (typeof send === "string") {
      refusals.push(`${name} (${send})`);
      continue;
    }
    if (request.closed !== null) continue;
    try {
      api ??= await request.open();
      await send(api);
    } catch (error) {
      refusals.push(`${name} (${reasonOf(error, permission, event)})`);
    }
  }
  return refusals.length === 0 ? null : refusals.join(", ");
}

/** What the channels are given to send. */
interface Content {
  checkRun(name: string, commit: { owner: string; repo: string; sha: string }): CheckRunBodies;
  comment(name: string): string;
  /** A comment that is not there is not made. */
  onlyMends: boolean;
  suggest(api: Api, pull: PullRequest): Promise<void>;
}

function channelsOf(request: ChannelRequest, event: ActionEvent, content: Content): Channel[] {
  const { repository, headSha, pullRequest } = event;
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
          : (api) => sendCheckRun(api, content.checkRun(request.checkRun, commit)),
    });
  }
  // A push or a merge queue has no pull request; asking for a comment there is normal in a workflow of several events.
  const silent = event.name !== "pull_request" && event.name !== "pull_request_target" && pullRequest === null;
  const permission = "pull-requests: write";
  if (request.comment !== "" && !silent) {
    const { comment } = request;
    channels.push({
      name: "comment",
      permission,
      send:
        pull === null ? noPull : (api) => sendComment(api, pull, comment, content.comment(comment), content.onlyMends),
    });
  }
  if (request.suggestions && !silent)
    channels.push({
      name: "suggestions",
      permission,
      send: pull === null ? noPull : (api) => content.suggest(api, pull),
    });
  return channels;
}

/** GitHub answers 403 and 404 where a token may not, and 403 also for other reasons: a rate limit, a locked conversation. */
const lacking = /not accessible|not found|must have|permission|not authorized/i;

function reasonOf(error: unknown, permission: string, event: ActionEvent): string {
  const { status, message } = apiError(error);
  if (status === null) return visible(message);
  if (status === 401) return "401: the token is not valid";
  if ((status === 403 || status === 404) && lacking.test(message))
    return event.readOnly
      ? `${status}: the token of a fork or of Dependabot can only read`
      : `${status}: the token lacks \`${permission}\``;
  return `${status}: ${visible(message)}`;
}
