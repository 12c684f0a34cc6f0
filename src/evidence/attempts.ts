/** What one request came to: its data, or why there is none. */
export type Answer = { data: unknown } | Refusal;

export interface Refusal {
  /** HTTP status; null where nothing answered. */
  status: number | null;
  /** Lower-case header names. */
  headers: Readonly<Record<string, string | undefined>>;
}

/** Longest wait that a server may ask for, in milliseconds. */
const LONGEST_WAIT = 20_000;
const ATTEMPTS = 3;
/** Milliseconds without an answer after which it is not asked again. */
const LONGEST_SILENCE = 5_000;

export const isRefusal = (answer: Answer): answer is Refusal => !("data" in answer);

/**
 * Asks again where a server says that it is only busy: 429 and a 403 with `retry-after` or a used-up rate limit
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api), 5xx and no answer. Gives the last answer.
 * @param until milliseconds since the epoch after which nothing is waited for
 */
export async function patiently(ask: () => Promise<Answer>, until: number): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const started = Date.now();
    const answer = await ask();
    if (!isRefusal(answer) || attempt === ATTEMPTS) return answer;
    // Where nothing listens, or a wall stands before it, the next try would take as long.
    if (answer.status === null && Date.now() - started > LONGEST_SILENCE) return answer;
    const wait = waitOf(answer, attempt);
    if (wait === null || wait > LONGEST_WAIT || Date.now() + wait > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Whether it was refused for the number of requests, not for what was asked. */
export function isBusy({ status, headers }: Refusal): boolean {
  const limited = headers["retry-after"] !== undefined || headers["x-ratelimit-remaining"] === "0";
  return status === 429 || (status === 403 && limited);
}

/** Milliseconds to wait before asking again; null: asking again is of no use. */
function waitOf(refusal: Refusal, attempt: number): number | null {
  const { status, headers } = refusal;
  const asked = Number(headers["retry-after"] ?? Number.NaN);
  const limited = isBusy(refusal);
  if (limited && !Number.isNaN(asked)) return Math.max(0, asked) * 1_000;
  if (limited) {
    const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
    return Number.isNaN(reset) ? 1_000 * attempt : Math.max(0, reset * 1_000 - Date.now());
  }
  return status === null || status >= 500 ? 250 * attempt : null;
}

/** Why there is no answer, in a few words: `403`, `no answer`. */
export const statusWords = ({ status }: Refusal): string => (status === null ? "no answer" : String(status));
