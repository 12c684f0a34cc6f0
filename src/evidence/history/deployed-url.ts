import type { Missing } from "../../types/model.ts";

const LONGEST_REQUEST = 10_000;
const MAX_ANSWER = 1024 * 1024;

/** The text at a JSON pointer of what an address answers. Opens a socket. */
export async function readVersionUrl(href: string, pointer: string): Promise<string | Missing> {
  const host = new URL(href).host;
  const remedy = "Let the address answer JSON that holds the commit it was built from.";
  try {
    const answer = await fetch(href, {
      signal: AbortSignal.timeout(LONGEST_REQUEST),
      headers: { accept: "application/json", "cache-control": "no-cache", "user-agent": "predeploy" },
    });
    if (!answer.ok) return { missing: `${host} answers ${answer.status} instead of its version`, remedy };
    const text = await readBounded(answer);
    if (text === null) return { missing: `${host} answers more than a version`, remedy };
    const value = atPointer(JSON.parse(text), pointer);
    if (typeof value !== "string" || value.trim() === "") {
      return { missing: `the answer of ${host} holds no text at "${pointer}"`, remedy };
    }
    return value.trim();
  } catch (error) {
    const why = error instanceof SyntaxError ? "does not answer JSON" : "cannot be reached";
    return { missing: `${host} ${why}`, remedy };
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
