import { type Api, apiError } from "../action/api.ts";
import { type Answer, isBusy, isRefusal, patiently, type Refusal } from "../evidence/attempts.ts";

/** Milliseconds after which nothing is waited for: a channel is no reason to keep a job. */
const LONGEST_PATIENCE = 30_000;

/** A refusal that is not worth another try. */
const FINAL: Refusal = { status: 400, headers: {} };

/**
 * The same API, asked again where GitHub is only busy: a comment that one 502 keeps from being updated would stay green. What may have
 * been done in spite of the answer is not asked for twice.
 */
export function patient(api: Api): Api {
  const until = Date.now() + LONGEST_PATIENCE;
  return {
    async request(route, parameters) {
      let failure: unknown;
      const ask = async (): Promise<Answer> => {
        try {
          return { data: await api.request(route, parameters) };
        } catch (error) {
          failure = error;
          const { response } = error as { response?: { headers?: Refusal["headers"] } };
          const refusal = { status: apiError(error).status, headers: response?.headers ?? {} };
          return route.startsWith("POST ") && !isBusy(refusal) ? FINAL : refusal;
        }
      };
      const answer = await patiently(ask, until);
      if (isRefusal(answer)) throw failure;
      return answer.data as Awaited<ReturnType<Api["request"]>>;
    },
  };
}
