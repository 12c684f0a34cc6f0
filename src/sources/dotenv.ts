import { lineStartsOf } from "../text/positions.ts";
import type { DotenvEntry, DotenvError, DotenvFile } from "../types/dotenv.ts";

const quoteNames = { "'": "single", '"': "double", "`": "backquote" } as const;
const assignment = /[^\S\n]*(export[^\S\n]+)?([\w.-]+)(?:[^\S\n]*=|:[^\S\n])/y;

/**
 * A dotenv file, read as the `dotenv` package reads it (17: quotes, `export`, `NAME: value`, values over several lines, escapes in double quotes),
 * with one difference: `#` starts a comment only after white space, as in compose, python-dotenv and a shell, so that `A=b#c` is `b#c`.
 * Own reader because the packages give no positions. Never throws; linear in the text.
 */
export function parseDotenv(text: string): DotenvFile {
  const lineStarts = lineStartsOf(text);
  const entries: DotenvEntry[] = [];
  const errors: DotenvError[] = [];
  const nul = text.indexOf("\0");
  if (nul !== -1) return { entries, errors: [{ kind: "nul", name: null, start: nul, end: nul + 1 }], lineStarts };
  const closings = closingQuotes(text);
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const line = text.slice(at, lineEnd);
    const content = line.trim();
    if (content === "" || content.startsWith("#")) {
      at = lineEnd + 1;
      continue;
    }
    assignment.lastIndex = at;
    const match = assignment.exec(text);
    if (!match || match.index + match[0].length > lineEnd) {
      const start = at + line.length - line.trimStart().length;
      const name = /^(?:export\s+)?([A-Za-z_]\w*)$/.exec(content)?.[1] ?? null;
      errors.push({ kind: "no-assignment", name, start, end: start + content.length });
      at = lineEnd + 1;
      continue;
    }
    const name = match[2] ?? "";
    const nameStart = at + match[0].indexOf(name, match[1] ? match[0].indexOf(match[1]) + match[1].length : 0);
    const named = { name, start: nameStart, end: nameStart + name.length, exported: match[1] !== undefined };
    const value = valueAt(text, at + match[0].length, lineEnd, closings);
    entries.push({ ...named, ...value.parts });
    for (const kind of value.errors)
      errors.push({ kind, name, start: value.parts.valueStart, end: value.parts.valueEnd });
    at = value.next;
  }
  return { entries, errors, lineStarts };
}

type ValueParts = Pick<DotenvEntry, "value" | "valueStart" | "valueEnd" | "quotes">;

function valueAt(text: string, from: number, lineEnd: number, closings: Closings) {
  let start = from;
  while (start < lineEnd && /[^\S\n]/.test(text.charAt(start))) start++;
  const quote = text.charAt(start) as keyof typeof quoteNames;
  if (quote in quoteNames && start < lineEnd) {
    const close = closings(start);
    const end = close === null ? lineEnd : endOfLine(text, close);
    if (close !== null && /^\s*(?:#.*)?$/.test(text.slice(close + 1, end))) {
      const inner = text.slice(start + 1, close).replace(/\r\n?/g, "\n");
      const value = quote === '"' ? inner.replace(/\\n/g, "\n").replace(/\\r/g, "\r") : inner;
      const parts: ValueParts = { value, valueStart: start + 1, valueEnd: close, quotes: quoteNames[quote] };
      return { parts, next: end + 1, errors: [] as DotenvError["kind"][] };
    }
  }
  const raw = text.slice(start, lineEnd);
  const comment = /(?:^|[^\S\n])#/.exec(raw);
  const value = (comment ? raw.slice(0, comment.index) : raw).trimEnd();
  const errors: DotenvError["kind"][] = [];
  if (quote in quoteNames && value !== "" && !(value.length > 1 && value.endsWith(quote)))
    errors.push("unclosed-quote");
  // A key in one line is full of written line ends, and base64 ends in `=`.
  if (/\\n\s*(?:export\s+)?[A-Za-z_]\w*=/.test(value) && !value.includes("-----BEGIN")) errors.push("literal-newline");
  const parts: ValueParts = { value, valueStart: start, valueEnd: start + value.length, quotes: "none" };
  return { parts, next: lineEnd + 1, errors };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

type Closings = (start: number) => number | null;

/** Finds the quote that closes the one at `start`; remembers per kind that none follows, so that many open quotes stay cheap. */
function closingQuotes(text: string): Closings {
  const noneAfter: Record<string, number> = {};
  return (start) => {
    const quote = text.charAt(start);
    if (start >= (noneAfter[quote] ?? Number.POSITIVE_INFINITY)) return null;
    for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
      if (text.charAt(at - 1) !== "\\") return at;
    }
    noneAfter[quote] = start;
    return null;
  };
}
