import type { Missing } from "../../types/model.ts";
import { type Answer, isRefusal, patiently } from "../attempts.ts";

const LONGEST_REQUEST = 10_000;
/** Milliseconds after which nothing is waited for. */
const LONGEST_PATIENCE = 30_000;
const MAX_ANSWER = 1024 * 1024;

/** The text at a JSON pointer of what an address answers. Opens sockets: it is asked again where the server is only busy. */
export async function readVersionUrl(href: string, pointer: string): Promise<string | Missing> {
  const host = new URL(href).host;
  const remedy = "Let the address answer JSON that holds the commit it was built from.";
  const answer = await patiently(() => ask(href), Date.now() + LONGEST_PATIENCE);
  if (isRefusal(answer)) {
    const why = answer.status === null ? "cannot be reached" : `answers ${answer.status} instead of its version`;
    return { missing: `${host} ${why}`, remedy };
  }
  if (answer.data === null) return { missing: `${host} answers more than a version`, remedy };
  try {
    const value = atPointer(JSON.parse(String(answer.data)), pointer);
    if (typeof value === "string" && value.trim() !== "") return value.trim();
    return { missing: `the answer of ${host} holds no text at "${pointer}"`, remedy };
  } catch {
    return { missing: `${host} does not answer JSON`, remedy };
  }
}

/** The text of the answer; null where it is too long. */
async function ask(href: string): Promise<Answer> {
  try {
    const answer = await fetch(href, {
      signal: AbortSignal.timeout(LONGEST_REQUEST),
      headers: { accept: "application/json", "cache-control": "no-cache", "user-agent": "predeploy" },
    });
    if (answer.ok) return { data: await readBounded(answer) };
    return { status: answer.status, headers: Object.fromEntries(answer.headers) };
  } catch {
    return { status: null, headers: {} };
  }
}

async function readBounded(answer: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_ANSWER) return null;
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** RFC 6901; undefined where nothing stands. */
export function atPointer(value: unknown, pointer: string): unknown {
  const parts = pointer
    .replace(/^#/, "")
    .split("/")
    .slice(pointer.startsWith("/") || pointer.startsWith("#/") ? 1 : 0);
  let at = value;
  for (const part of pointer === "" || pointer === "#" ? [] : parts) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}
