import type { ReportContext } from "../reports/context.ts";
import { visible } from "../reports/escape.ts";
import type { RunResult } from "../types/finding.ts";
import { type Api, apiError } from "./api.ts";
import { sendCheckRun } from "./check-run.ts";
import { sendComment } from "./comment.ts";
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
  /** Why it cannot be used here at all, whatever the permissions. */
  refused: string | null;
  send(api: Api): Promise<void>;
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
  for (const { name, permission, refused, send } of channels) {
    const why = refused ?? request.closed;
    if (why !== null) {
      refusals.push({ name, why });
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
  const noRepository = event.repository === null ? "the run belongs to no repository" : null;
  const noPull = noRepository ?? (event.pullRequest === null ? "the run belongs to no pull request" : null);
  const channels: Channel[] = [];
  if (request.checkRun !== "")
    channels.push({
      name: "check run",
      permission: "checks: write",
      refused: noRepository ?? (event.headSha === null ? "the commit is not known" : null),
      send: (api) => sendCheckRun(api, result, context, request.checkRun, event),
    });
  // A push or a merge queue has no pull request; asking for a comment there is normal in a workflow of several events.
  const silent = event.name !== "pull_request" && event.name !== "pull_request_target" && event.pullRequest === null;
  if (request.comment !== "" && !silent)
    channels.push({
      name: "comment",
      permission: "pull-requests: write",
      refused: noPull,
      send: (api) => sendComment(api, result, context, request.comment, event),
    });
  if (request.suggestions && !silent)
    channels.push({
      name: "suggestions",
      permission: "pull-requests: write",
      refused: noPull,
      send: (api) => sendSuggestions(api, result, context, event),
    });
  return channels;
}

function reasonOf(error: unknown, permission: string, event: ActionEvent): string {
  const { status, message } = apiError(error);
  if (status === 401) return "401: the token is not valid";
  if (status === 403 || status === 404)
    return event.readOnly
      ? `${status}: the token of a fork or of Dependabot can only read`
      : `${status}: the token lacks \`${permission}\``;
  return status === null ? `GitHub did not answer: ${visible(message)}` : `${status}: ${visible(message)}`;
}
