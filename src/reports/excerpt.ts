import type { Location } from "../types/text.ts";
import { terminal } from "./escape.ts";

// Characters that a terminal draws over two columns: CJK, Hangul, full-width forms, emoji.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const narrow = /^[\x20-\x7e]*$/;
const combining = /[\p{M}\u200c\u200d]/u;

/** Columns that a text takes on a terminal; the text holds no control character. */
export function columnsOf(text: string): number {
  let columns = text.length;
  for (const character of text.match(/[^\x20-\x7e]/gu) ?? [])
    columns += (combining.test(character) ? 0 : wide.test(character) ? 2 : 1) - character.length;
  return columns;
}

export interface Excerpt {
  /** The line, escaped for a terminal, cut to a window around the range. */
  code: string;
  /** Columns before the range, and of the range: at least 1. */
  indent: number;
  length: number;
  /** Last line of the range when it goes on below. */
  until: number | null;
}

export interface ExcerptParts {
  before: string;
  inside: string;
  after: string;
  /** Last line of the range when it goes on below. */
  until: number | null;
}

/**
 * The first line of a location, cut to a window of about `room` characters around its range and made visible. `raw` is the line
 * without its end, of any length: only the window is looked at.
 */
export function excerptParts(raw: string, at: Location, room: number): ExcerptParts {
  const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
  const severalLines = at.end.line > at.start.line;
  const start = Math.max(0, Math.min(at.start.column - 1, line.length));
  const end = severalLines ? line.length : Math.max(start, Math.min(at.end.column - 1, line.length));
  const lead = start < room - 12 && start < room / 2 ? 0 : start - Math.min(16, Math.floor(room / 4));
  const windowStart = Math.max(0, lead);
  const windowEnd = windowStart + room;
  return {
    before: (windowStart > 0 ? "…" : "") + withoutPassword(shownPart(line, windowStart, start)),
    inside: shownPart(line, start, Math.min(end, windowEnd)),
    after: withoutPassword(shownPart(line, end, Math.max(end, windowEnd))) + (windowEnd < line.length ? "…" : ""),
    until: severalLines ? at.end.line : null,
  };
}

/** The excerpt for a terminal with `columns` columns of room. */
export function excerptOf(raw: string, at: Location, columns: number): Excerpt {
  // One column is kept for the mark that the line goes on.
  const room = Math.max(20, columns - 1);
  const { before, inside, after, until } = excerptParts(raw, at, room);
  const [code, isCut] = cut(before + inside + after, room);
  const indent = Math.min(columnsOf(before), room - 1);
  const length = Math.max(1, Math.min(columnsOf(inside), room - indent));
  return { code: code + (isCut ? "…" : ""), indent, length, until };
}

/** Text around a range without the password of an address in it: the range is what the finding is about, the rest may be real. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^\s/@:]{0,200}:)[^\s/@:${<]{1,200}(?=@)/g, "$1…");
}

function shownPart(line: string, start: number, end: number): string {
  return terminal(line.slice(start, end).replace(/\t/g, "    "));
}

function cut(text: string, columns: number): [string, boolean] {
  if (columnsOf(text) <= columns) return [text.trimEnd(), false];
  // What is narrow needs no counting.
  if (narrow.test(text.slice(0, columns + 1))) return [text.slice(0, columns), true];
  let out = "";
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) break;
    out += character;
  }
  return [out, true];
}

/** Words joined to lines of at most `columns`; a word that is longer is split. Never returns an empty list. */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(20, columns);
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.split(" ")) {
    let rest = word;
    let width = columnsOf(rest);
    if (line !== "" && used + 1 + width > room) {
      lines.push(line);
      line = "";
      used = 0;
    }
    while (width > room) {
      const [piece] = cut(rest, room);
      lines.push(piece);
      rest = rest.slice(piece.length);
      width -= columnsOf(piece);
    }
    line = line === "" ? rest : `${line} ${rest}`;
    used = columnsOf(line);
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}
