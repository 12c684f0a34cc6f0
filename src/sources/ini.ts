import { lineStartsOf } from "../text/positions.ts";
import type { IniFile, Procfile } from "../types/start-files.ts";

/**
 * An ini file as Python's configparser reads it: `[section]`, `key = value` or `key: value`, indented continuation lines,
 * comments from `#` or `;` at a line's start or ` ;` after a value. Own code: npm's ini parsers give no positions. Never throws.
 */
export function parseIni(text: string): IniFile {
  const lineStarts = lineStartsOf(text);
  const sections: IniFile["sections"] = [];
  for (const [index, start] of lineStarts.entries()) {
    const line = text.slice(start, lineStarts[index + 1] ?? text.length).replace(/\r?\n$/, "");
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    const last = sections.at(-1);
    const value = last?.values.at(-1);
    if (/^\s/.test(line) && value) {
      value.value += value.value === "" ? trimmed : `\n${trimmed}`;
      continue;
    }
    if (trimmed.startsWith("[") && trimmed.includes("]")) {
      sections.push({ name: trimmed.slice(1, trimmed.indexOf("]")).trim(), values: [] });
      continue;
    }
    const separator = line.search(/[=:]/);
    if (separator === -1 || !last) continue;
    const rest = line.slice(separator + 1);
    const from = start + separator + 1 + (rest.length - rest.trimStart().length);
    const comment = rest.search(/\s;/);
    const plain = (comment === -1 ? rest : rest.slice(0, comment)).trim();
    last.values.push({
      key: line.slice(0, separator).trim().toLowerCase(),
      value: plain,
      start: from,
      end: from + plain.length,
    });
  }
  return { sections, lineStarts };
}

/** A Procfile: `name: command` per line. Never throws. */
export function parseProcfile(text: string): Procfile {
  const lineStarts = lineStartsOf(text);
  const lines: Procfile["lines"] = [];
  for (const [index, start] of lineStarts.entries()) {
    const line = text.slice(start, lineStarts[index + 1] ?? text.length).replace(/\r?\n$/, "");
    const match = /^([A-Za-z0-9_-]+):[ \t]*(?=\S)/.exec(line);
    if (!match) continue;
    const command = line.slice(match[0].length).trimEnd();
    lines.push({
      name: match[1]!,
      command,
      start: start + match[0].length,
      end: start + match[0].length + command.length,
    });
  }
  return { lines, lineStarts };
}
