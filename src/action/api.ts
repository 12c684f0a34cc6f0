import type { Endpoints } from "@octokit/types";

/** GitHub's REST API, as little of it as the channels need. */
export interface Api {
  /**
   * Answers a 2xx; rejects with an ApiError otherwise. `route` is "POST /repos/{owner}/{repo}/check-runs"; route and parameters are
   * held to GitHub's own description of its API by their types. What comes back is not trusted to keep to it.
   */
  request<R extends keyof Endpoints>(
    route: R,
    parameters: Endpoints[R]["parameters"],
  ): Promise<{ status: number; data: unknown }>;
}

/** What the API refused, or that it gave no answer that can be used (status null). */
export interface ApiError {
  status: number | null;
  message: string;
}

/** Any failure as an ApiError; the message is text of others and must be escaped where it is shown. */
export function apiError(error: unknown): ApiError {
  const { status, message } = (error ?? {}) as { status?: unknown; message?: unknown };
  return {
    status: typeof status === "number" && status >= 100 && status < 600 ? status : null,
    message: typeof message === "string" ? message.split("\n")[0]!.slice(0, 300) : "no answer",
  };
}

/** Pages of a list that are read at most: 100 entries each. */
const mostPages = 100;

type ListRoute = {
  [R in keyof Endpoints]: Endpoints[R]["parameters"] extends { page?: number; per_page?: number } ? R : never;
}[keyof Endpoints];

/** Every entry of a list over all its pages. Rejects where the answer is none: what was not seen may be there all the same. */
export async function pages<R extends ListRoute>(
  api: Api,
  route: R,
  parameters: Omit<Endpoints[R]["parameters"], "page" | "per_page">,
  most: number = mostPages,
): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (let page = 1; page <= most; page++) {
    const { data } = await api.request(route, { ...parameters, per_page: 100, page });
    if (!Array.isArray(data)) throw new Error("GitHub's answer is no list");
    all.push(...data.filter((entry) => typeof entry === "object" && entry !== null));
    if (data.length < 100) break;
  }
  return all;
}
