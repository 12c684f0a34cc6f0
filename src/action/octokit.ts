import { getOctokit } from "@actions/github";
import type { Api } from "./api.ts";

/** Milliseconds that one request may take. */
const longestRequest = 20_000;

/** Opens the API by the library; this file is loaded only when a channel really calls GitHub, since loading it is slow. */
export function openApi(token: string, baseUrl: string): Api {
  const octokit = getOctokit(token, {
    baseUrl,
    userAgent: "predeploy",
    // The library warns on the console about deprecated routes; a log line of its own is not ours to print.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return {
    async request(route, parameters) {
      try {
        const { status, data } = await octokit.request(route, {
          ...parameters,
          request: { signal: AbortSignal.timeout(longestRequest) },
        });
        return { status, data };
      } catch (error) {
        // The library says 500 where nothing answered at all.
        const { response, message } = error as { response?: unknown; message?: string };
        throw response === undefined ? new Error(message) : error;
      }
    },
  };
}
