import { lineStartsOf } from "../text/positions.ts";
import type { KeyedFile, KeyedValue } from "../types/keyed.ts";

/** Deepest nesting of arrays and inline tables. */
const maxDepth = 100;

interface Reading {
  text: string;
  at: number;
  file: KeyedFile;
  /** Index of the next element of each array of tables. */
  tables: Map<string, number>;
}

/**
 * TOML 1.0 as a flat list of values with ranges. Own reader because the packages on npm give no positions of values.
 * Tolerant: a broken line is an error and reading goes on with the next one. Never throws; linear in the text.
 */
export function parseToml(text: string): KeyedFile {
  const file: KeyedFile = { values: [], errors: [], lineStarts: lineStartsOf(text) };
  const reading: Reading = { text, at: text.startsWith("\uFEFF") ? 1 : 0, file, tables: new Map() };
  let table: (string | number)[] = [];
  for (;;) {
    skipBlank(reading);
    if (reading.at >= text.length) return file;
    const start = reading.at;
    if (text.charAt(start) === "[") {
      const opened = header(reading);
      if (opened) table = opened;
      else fail(reading, "This table header is not valid.", start);
    } else if (!pair(reading, table, 0)) fail(reading, "This line is no `key = value`.", start);
    endLine(reading);
  }
}

function fail(reading: Reading, message: string, offset: number): void {
  if (reading.file.errors.length < 50)
    reading.file.errors.push({ message, offset: Math.min(offset, reading.text.length) });
  const end = reading.text.indexOf("\n", offset);
  reading.at = Math.max(reading.at, end === -1 ? reading.text.length : end);
}

/** White space, line ends and comments. */
function skipBlank(reading: Reading): void {
  const { text } = reading;
  for (;;) {
    const unit = text.charAt(reading.at);
    if (unit === " " || unit === "\t" || unit === "\r" || unit === "\n") reading.at++;
    else if (unit === "#") reading.at = lineEnd(text, reading.at);
    else return;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function skipSpace(reading: Reading): void {
  while (reading.text.charAt(reading.at) === " " || reading.text.charAt(reading.at) === "\t") reading.at++;
}

function endLine(reading: Reading): void {
  skipSpace(reading);
  const unit = reading.text.charAt(reading.at);
  if (unit === "" || unit === "\n" || unit === "\r" || unit === "#") reading.at = lineEnd(reading.text, reading.at);
  else fail(reading, "More text follows the value.", reading.at);
}

function header(reading: Reading): (string | number)[] | null {
  const { text } = reading;
  const array = text.startsWith("[[", reading.at);
  reading.at += array ? 2 : 1;
  const keys = dotted(reading);
  skipSpace(reading);
  if (!keys || !text.startsWith(array ? "]]" : "]", reading.at)) return null;
  reading.at += array ? 2 : 1;
  const names = keys.map((key) => key.text);
  const path: (string | number)[] = [];
  for (const [index, name] of names.entries()) {
    path.push(name);
    const id = JSON.stringify(path);
    const known = reading.tables.get(id);
    const last = index === names.length - 1;
    if (array && last) {
      reading.tables.set(id, (known ?? -1) + 1);
      path.push((known ?? -1) + 1);
    } else if (known !== undefined) path.push(known);
  }
  return path;
}

interface Key {
  text: string;
  start: number;
  end: number;
}

const bareKey = /[A-Za-z0-9_-]+/y;

function dotted(reading: Reading): Key[] | null {
  const keys: Key[] = [];
  for (;;) {
    skipSpace(reading);
    const start = reading.at;
    const unit = reading.text.charAt(start);
    if (unit === '"' || unit === "'") {
      const key = quoted(reading);
      if (!key) return null;
      keys.push({ text: key.text, start: key.start, end: key.end });
    } else {
      bareKey.lastIndex = start;
      const match = bareKey.exec(reading.text);
      if (!match) return null;
      reading.at += match[0].length;
      keys.push({ text: match[0], start, end: reading.at });
    }
    skipSpace(reading);
    if (reading.text.charAt(reading.at) !== ".") return keys;
    reading.at++;
  }
}

function pair(reading: Reading, table: readonly (string | number)[], depth: number): boolean {
  const keys = dotted(reading);
  if (!keys || reading.text.charAt(reading.at) !== "=") return false;
  reading.at++;
  skipSpace(reading);
  const range = { start: keys[0]?.start ?? 0, end: keys.at(-1)?.end ?? 0 };
  return value(reading, [...table, ...keys.map((key) => key.text)], range, depth);
}

function value(
  reading: Reading,
  path: (string | number)[],
  key: { start: number; end: number },
  depth: number,
): boolean {
  const { text, file } = reading;
  if (depth > maxDepth) return false;
  const unit = text.charAt(reading.at);
  const common = { path, keyStart: key.start, keyEnd: key.end };
  if (unit === '"' || unit === "'") {
    const found = quoted(reading);
    if (!found) return false;
    file.values.push({ ...common, text: found.text, string: true, start: found.start, end: found.end });
    return true;
  }
  if (unit === "[") return array(reading, path, depth);
  if (unit === "{") return inline(reading, path, depth);
  const match = /[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?/y;
  match.lastIndex = reading.at;
  const found = match.exec(text);
  if (!found) return false;
  const plain: KeyedValue = {
    ...common,
    text: found[0],
    string: false,
    start: reading.at,
    end: reading.at + found[0].length,
  };
  file.values.push(plain);
  reading.at = plain.end;
  return true;
}

function array(reading: Reading, path: readonly (string | number)[], depth: number): boolean {
  reading.at++;
  for (let index = 0; ; index++) {
    skipBlank(reading);
    if (reading.text.charAt(reading.at) === "]") break;
    if (!value(reading, [...path, index], { start: reading.at, end: reading.at }, depth + 1)) return false;
    skipBlank(reading);
    if (reading.text.charAt(reading.at) === ",") reading.at++;
    else if (reading.text.charAt(reading.at) !== "]") return false;
  }
  reading.at++;
  return true;
}

function inline(reading: Reading, path: readonly (string | number)[], depth: number): boolean {
  reading.at++;
  for (;;) {
    skipBlank(reading);
    if (reading.text.charAt(reading.at) === "}") break;
    if (!pair(reading, path, depth + 1)) return false;
    skipBlank(reading);
    if (reading.text.charAt(reading.at) === ",") reading.at++;
    else if (reading.text.charAt(reading.at) !== "}") return false;
  }
  reading.at++;
  return true;
}

/** A string of any of the four kinds; null when it never closes. */
function quoted(reading: Reading): Key | null {
  const { text } = reading;
  const unit = text.charAt(reading.at);
  const long = text.startsWith(unit.repeat(3), reading.at);
  const delimiter = long ? unit.repeat(3) : unit;
  const start = reading.at + delimiter.length;
  let at = start;
  for (;;) {
    if (at >= text.length || (!long && text.charAt(at) === "\n")) return null;
    if (unit === '"' && text.charAt(at) === "\\") at += 2;
    else if (text.startsWith(delimiter, at)) break;
    else at++;
  }
  // Up to two quotes may stand directly before the closing three.
  while (long && text.charAt(at + 3) === unit) at++;
  reading.at = at + delimiter.length;
  const written = text.slice(start, at).replace(long ? /^\r?\n/ : /^(?!)/, "");
  return { text: unit === '"' ? unescaped(written) : written, start, end: at };
}

const escapes: Record<string, string> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\x1b",
  '"': '"',
  "\\": "\\",
};

function unescaped(written: string): string {
  return written.replace(
    /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(\s*\n\s*)|([\s\S]))/g,
    (whole, short?: string, long?: string, line?: string, unit?: string) => {
      if (line !== undefined) return "";
      const code = short ?? long;
      if (code === undefined) return escapes[unit ?? ""] ?? whole;
      const point = Number.parseInt(code, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
