import type { Answer } from "./attempts.ts";

/** How long and how much is waited for. */
export interface FetchLimits {
  milliseconds: number;
  bytes: number;
}

/** The text that an address answers; its `data` is null where it is longer than that, and its status where nothing answers. Opens a socket. */
export async function fetched(
  url: string | URL,
  request: Pick<RequestInit, "headers" | "redirect">,
  { milliseconds, bytes }: FetchLimits,
): Promise<Answer> {
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(milliseconds) });
    if (answer.ok) return { data: await readBounded(answer, bytes) };
    await answer.body?.cancel();
    return { status: answer.status, headers: Object.fromEntries(answer.headers) };
  } catch {
    return { status: null, headers: {} };
  }
}

async function readBounded(answer: Response, most: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > most) return null;
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString("utf8");
}
