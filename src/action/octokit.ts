import type { Api } from "./api.ts";

/** Milliseconds that one request may take. */
const longestRequest = 20_000;

/** Opens the API by the library, which is loaded only now, when a channel really calls GitHub: loading it is slow. */
export async function openApi(token: string, baseUrl: string): Promise<Api> {
  const { getOctokit } = await import("@actions/github");
  const octokit = getOctokit(token, {
    baseUrl,
    userAgent: "predeploy",
    // The library warns on the console about deprecated routes; a log line of its own is not ours to print.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return {
    async request(route, parameters) {
      try {
        const request = { signal: AbortSignal.timeout(longestRequest) };
        const { status, data } = await octokit.request(route as string, { ...parameters, request });
        return { status, data };
      } catch (error) {
        // The library says 500 where nothing answered at all.
        const { response, message } = error as { response?: unknown; message?: string };
        throw response === undefined ? new Error(`GitHub did not answer: ${message}`) : error;
      }
    },
  };
}
