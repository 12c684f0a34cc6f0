import type { Missing } from "../../types/missing.ts";
import { type Answer, isRefusal, patiently } from "../attempts.ts";
import { fetched } from "../fetched.ts";

const LONGEST_REQUEST = 10_000;
/** Milliseconds after which nothing is waited for. */
const LONGEST_PATIENCE = 30_000;
const LARGEST_ANSWER = 1024 * 1024;

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

const ask = (href: string): Promise<Answer> =>
  fetched(
    href,
    { headers: { accept: "application/json", "cache-control": "no-cache", "user-agent": "predeploy" } },
    { milliseconds: LONGEST_REQUEST, bytes: LARGEST_ANSWER },
  );

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
