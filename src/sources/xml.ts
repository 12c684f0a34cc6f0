import { lineStartsOf } from "../text/positions.ts";
import type { KeyedFile } from "../types/keyed.ts";

/** Deepest nesting whose names are kept in the path. */
const maxDepth = 200;

/**
 * Attribute and text values of an XML file with their ranges. A scanner, not a validator: entities other than the five and numbers stay as written,
 * DTDs are skipped, nothing external is ever read. Never throws; linear in the text.
 */
export function parseXml(text: string): KeyedFile {
  const file: KeyedFile = { values: [], errors: [], lineStarts: lineStartsOf(text) };
  const open: { name: string; start: number; end: number }[] = [];
  let at = 0;
  const skipTo = (mark: string, from: number) => {
    const end = text.indexOf(mark, from);
    if (end === -1) file.errors.push({ message: `A ${mark} is missing.`, offset: Math.min(from, text.length) });
    return end === -1 ? text.length : end + mark.length;
  };
  while (at < text.length) {
    const tag = text.indexOf("<", at);
    textValue(file, text, open, at, tag === -1 ? text.length : tag, false);
    if (tag === -1) break;
    if (text.startsWith("<!--", tag)) at = skipTo("-->", tag + 4);
    else if (text.startsWith("<![CDATA[", tag)) {
      at = skipTo("]]>", tag + 9);
      textValue(file, text, open, tag + 9, Math.max(tag + 9, at - 3), true);
    } else if (text.startsWith("<?", tag)) at = skipTo("?>", tag + 2);
    else if (text.startsWith("<!", tag)) at = doctypeEnd(text, tag);
    else if (text.startsWith("</", tag)) {
      at = skipTo(">", tag + 2);
      open.pop();
    } else at = element(file, text, open, tag);
  }
  return file;
}

function doctypeEnd(text: string, from: number): number {
  const subset = /[[>]/g;
  subset.lastIndex = from;
  const first = subset.exec(text);
  if (!first) return text.length;
  const end = first[0] === ">" ? first.index : text.indexOf("]>", first.index) + 1;
  return end <= 0 ? text.length : end + 1;
}

type Open = { name: string; start: number; end: number }[];

function textValue(file: KeyedFile, text: string, open: Open, from: number, to: number, literal: boolean): void {
  const written = text.slice(from, to);
  const trimmed = written.trim();
  const holder = open.at(-1);
  if (trimmed === "" || !holder) return;
  const start = from + written.indexOf(trimmed);
  file.values.push({
    path: open.slice(-maxDepth).map((each) => each.name),
    text: literal ? trimmed : decoded(trimmed),
    string: true,
    start,
    end: start + trimmed.length,
    keyStart: holder.start,
    keyEnd: holder.end,
  });
}

function element(file: KeyedFile, text: string, open: Open, tag: number): number {
  const name = /[^\s/>=<"']+/y;
  name.lastIndex = tag + 1;
  const match = name.exec(text);
  if (!match) return tag + 1;
  const opened = { name: match[0], start: tag + 1, end: tag + 1 + match[0].length };
  const path = [...open.slice(-maxDepth).map((each) => each.name), opened.name];
  let at = opened.end;
  const attribute = /\s*(?:([^\s=/><"']+)\s*(?:=\s*("[^"]*"|'[^']*'))?|["'=])/y;
  for (;;) {
    attribute.lastIndex = at;
    const found = attribute.exec(text);
    if (!found || found[0] === "") break;
    const value = found[2];
    if (found[1] && value !== undefined) {
      const keyStart = at + found[0].indexOf(found[1]);
      const end = at + found[0].length - 1;
      file.values.push({
        path: [...path, `@${found[1]}`],
        text: decoded(value.slice(1, -1)),
        string: true,
        start: end - value.length + 2,
        end,
        keyStart,
        keyEnd: keyStart + found[1].length,
      });
    }
    at += found[0].length;
  }
  while (/\s/.test(text.charAt(at))) at++;
  if (text.startsWith("/>", at)) return at + 2;
  if (text.charAt(at) === "/") at++;
  open.push(opened);
  return text.charAt(at) === ">" ? at + 1 : at;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decoded(written: string): string {
  return written.replace(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,8}));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return entities[name] ?? whole;
      const point = decimal ? Number(decimal) : Number.parseInt(hex ?? "", 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
