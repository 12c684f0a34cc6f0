import { positionAt } from "../text/positions.ts";
import type { PlaceholderHit, PlaceholderToken } from "../types/placeholders.ts";
import { linesToRead } from "./placeholder-scan.ts";
import { placeholderTokens } from "./placeholder-tokens.ts";

/** A value with its place in the file, as a format's reader gives it. */
export interface PlacedValue {
  text: string;
  path: (string | number)[];
  document: number;
  evaluated: boolean;
  /** The `name` beside a `value`. */
  named?: string;
  /** In a part that says `enabled: false`. */
  off?: boolean;
  /** Maps an offset of `text` to an offset of the file. */
  toFile: (offset: number) => number;
}

const maxHits = 2_000;

/** Collects the placeholders of one file, value by value. */
export function makeCollector(lineStarts: readonly number[]) {
  const hits: PlaceholderHit[] = [];

  function push(
    value: PlacedValue,
    token: PlaceholderToken,
    base: number,
    inner: string | null,
    multiline: boolean,
  ): void {
    if (hits.length >= maxHits) return;
    const { start, end, ...rest } = token;
    hits.push({
      ...rest,
      at: {
        start: positionAt(lineStarts, value.toFile(base + start)),
        end: positionAt(lineStarts, value.toFile(base + end)),
      },
      path: value.path,
      document: value.document,
      inner,
      multiline,
      evaluated: value.evaluated,
      off: value.off === true,
    });
  }

  return {
    hits,
    /** One value; one of several lines is read as the lines of a file of its own. */
    take(value: PlacedValue): void {
      if (hits.length >= maxHits) return;
      const pem = pemTokens(value.text);
      if (pem) {
        for (const { token, base } of pem) push(value, token, base, null, false);
        return;
      }
      if (!value.text.includes("\n")) {
        for (const token of placeholderTokens(value.text))
          if (!isElement(token, value.text)) push(value, token, 0, value.named ?? null, false);
        return;
      }
      for (const line of lineValues(value.text))
        for (const token of placeholderTokens(line.text))
          if (!isElement(token, value.text)) push(value, token, line.start, line.key, true);
    },
    add: push,
  };
}

/** `<Items>` with its `</Items>`: the text is markup. */
function isElement({ shape, text }: PlaceholderToken, value: string): boolean {
  return shape === "angle" && value.includes(`</${text.slice(1)}`);
}

/** What a PEM block lacks: the reference that stands for its body, as the value that it is, or the block; null where it lacks nothing. */
function pemTokens(text: string): { token: PlaceholderToken; base: number }[] | null {
  const reference = REFERENCE.exec(text);
  if (reference) {
    const base = reference.index + reference[1]!.length;
    return placeholderTokens(reference[2]!).map((token) => ({ token, base }));
  }
  const token = cutOffPem(text);
  return token ? [{ token, base: 0 }] : null;
}

/** A PEM block whose body is a reference: whether something fills it in is for its consumer to say. */
const REFERENCE =
  /(-----BEGIN [A-Z0-9 ]{3,40}-----(?:\s|\\[nr])*)(\$\{[^{}\s]+\}|\$\(\w+\)|\$\w+|\{\{[^{}\n]+\}\})(?:\s|\\[nr])*-----END/;

/** A PEM block whose body is left out or stands for another: one placeholder, whatever its lines. */
export function cutOffPem(text: string): PlaceholderToken | null {
  // Cut off before its end, as `-----BEGIN PRIVATE KEY-----\nMII...`, it has no last line.
  const match =
    /-----BEGIN ([A-Z0-9 ]{3,40})-----([\s\S]{0,2000}?)-----END/.exec(text) ??
    /-----BEGIN ([A-Z0-9 ]{3,40})-----((?:\s|\\[nr])*[A-Za-z0-9+/]{0,16}(?:\.{3}|…))/.exec(text);
  if (!match) return null;
  const body = (match[2] ?? "").replace(/\\[nr]/g, "\n").trim();
  // A line of base64 is a real body, in which any short word may occur by chance.
  const real = /[A-Za-z0-9+/]{40,}/.test(body);
  const words = /your|placeholder|change|replace|here|<[^>]+>|\bx{4,}\b/i.test(body);
  const cut = /\.{3}|…/.test(body) || (!real && (words || body.replace(/\s/g, "").length < 24));
  if (!cut) return null;
  return {
    shape: "pem",
    text: `-----BEGIN ${match[1]}-----…`,
    confidence: "high",
    whole: true,
    name: null,
    fallback: null,
    start: match.index,
    end: match.index + match[0].length,
  };
}

export interface LineValue {
  key: string | null;
  text: string;
  /** Offset of `text`. */
  start: number;
}

const maxLine = 4_000;

/**
 * `key: value`, `key = value`, `key value` and bare items of a text, line by line, comments left out: what a reader without the format can
 * see. Lines that cannot hold a placeholder are passed over without a look.
 */
export function* lineValues(text: string): Generator<LineValue> {
  for (const at of linesToRead(text)) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, Math.min(end === -1 ? text.length : end, at + maxLine)).replace(/\r$/, "");
    const value = valueOfLine(line);
    if (value) yield { ...value, start: at + value.start };
  }
}

const assignment =
  /^(?:-\s+)?(?:export\s+|ENV\s+|ARG\s+|set\s+|SetEnv\s+)?["']?([\w$][\w.\-/ ]{0,79}?)["']?\s*(?::(?=\s|["'])|=)\s*/;

function valueOfLine(line: string): LineValue | null {
  const lead = line.length - line.trimStart().length;
  const content = line.trim();
  if (content === "" || /^(?:#(?!\{)|\/\/|;|--(?:\s|$)|\/\*|\*\s|<!--|REM\s|%\s)/.test(content)) return null;
  const comment = /\s(?:#\s|\/\/\s).*$/.exec(content);
  const plain = (comment ? content.slice(0, comment.index) : content).trimEnd();
  const match = assignment.exec(plain);
  const key = match?.[1] ?? null;
  let start = match ? match[0].length : (/^-\s+/.exec(plain)?.[0].length ?? 0);
  let stop = plain.length;
  while (stop > start && /[,;\s]/.test(plain.charAt(stop - 1))) stop--;
  const quote = plain.charAt(start);
  if ((quote === '"' || quote === "'") && stop - start > 1 && plain.charAt(stop - 1) === quote) {
    start++;
    stop--;
  }
  return { key, text: plain.slice(start, stop), start: lead + start };
}
