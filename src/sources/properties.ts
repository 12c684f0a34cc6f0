import { lineStartsOf } from "../text/positions.ts";
import type { KeyedFile } from "../types/keyed.ts";

/** Java properties: `key=value`, `key: value`, `key value`, comments with `#` and `!`, lines continued by a backslash. Never throws; linear. */
export function parseProperties(text: string): KeyedFile {
  const lineStarts = lineStartsOf(text);
  const file: KeyedFile = { values: [], errors: [], lineStarts };
  for (let line = 0; line < lineStarts.length; line++) {
    const first = line;
    while (
      continued(contentOf(text, lineStarts, line)) &&
      line + 1 < lineStarts.length &&
      !isComment(contentOf(text, lineStarts, first))
    )
      line++;
    const start = lineStarts[first] ?? 0;
    const last = contentOf(text, lineStarts, line);
    const end = (lineStarts[line] ?? 0) + last.length;
    const whole = text.slice(start, end);
    const match = /^(\uFEFF?[^\S\n]*)((?:\\[\s\S]|[^\s=:\\])+)([^\S\n]*[=:]?[^\S\n]*)/.exec(whole);
    if (!match || isComment(whole)) continue;
    const keyStart = start + (match[1] ?? "").length;
    const valueStart = start + match[0].length;
    file.values.push({
      path: [unescaped(match[2] ?? "")],
      text: unescaped(text.slice(valueStart, end)),
      string: true,
      start: valueStart,
      end,
      keyStart,
      keyEnd: keyStart + (match[2] ?? "").length,
    });
  }
  return file;
}

/** ini files: sections, `key = value` or `key: value`, comments with `;` and `#` at the start of a line or after white space. Never throws; linear. */
export function parseIniValues(text: string): KeyedFile {
  const lineStarts = lineStartsOf(text);
  const file: KeyedFile = { values: [], errors: [], lineStarts };
  let section: string[] = [];
  for (let line = 0; line < lineStarts.length; line++) {
    const content = contentOf(text, lineStarts, line);
    const start = lineStarts[line] ?? 0;
    const header = /^\uFEFF?\s*\[([^\]]*)\]/.exec(content);
    if (header) {
      section = [(header[1] ?? "").trim()];
      continue;
    }
    if (/^\uFEFF?\s*(?:[;#]|$)/.test(content)) continue;
    const match = /^(\uFEFF?\s*)([^=:]*[^=:\s])(\s*[=:]\s*)/.exec(content);
    if (!match) {
      // A continuation of the value above (configparser), or a key without a value.
      if (!/^\s/.test(content) && file.errors.length < 50)
        file.errors.push({ message: "This line is no `key = value`.", offset: start });
      continue;
    }
    const keyStart = start + (match[1] ?? "").length;
    const from = match[0].length;
    const comment = /(?:^|\s)[;#]/.exec(content.slice(from));
    const written = (comment ? content.slice(from, from + comment.index) : content.slice(from)).trimEnd();
    const quoted = written.length > 1 && /^(["']).*\1$/.test(written) ? 1 : 0;
    file.values.push({
      path: [...section, match[2] ?? ""],
      text: written.slice(quoted, written.length - quoted),
      string: true,
      start: start + from + quoted,
      end: start + from + written.length - quoted,
      keyStart,
      keyEnd: keyStart + (match[2] ?? "").length,
    });
  }
  return file;
}

function contentOf(text: string, lineStarts: readonly number[], line: number): string {
  return text.slice(lineStarts[line] ?? 0, lineStarts[line + 1] ?? text.length).replace(/\r?\n$/, "");
}

function isComment(content: string): boolean {
  return /^\uFEFF?\s*[#!]/.test(content);
}

function continued(content: string): boolean {
  let backslashes = 0;
  while (content.charAt(content.length - 1 - backslashes) === "\\") backslashes++;
  return backslashes % 2 === 1;
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", f: "\f" };

function unescaped(written: string): string {
  return written.replace(/\\(?:\r?\n[^\S\n]*|u([\da-fA-F]{4})|([\s\S]))/g, (_, code?: string, unit?: string) => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16));
    return unit === undefined ? "" : (escapes[unit] ?? unit);
  });
}
