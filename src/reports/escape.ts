/**
 * One escaper per place that a report is written to. Everything a report prints besides its own words came from a repository
 * that may be a stranger's, so it passes through exactly one of these on its way out.
 */

// Control, format (bidi, zero-width, tags), line and paragraph separators, lone surrogates, private use. The two joiners are
// ordinary letters of several scripts and of emoji and cannot reorder or hide text.
const unseen = (): RegExp => /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

// `##[command]` is parsed by the GitHub runner anywhere in a line (its older command syntax), `##vso[command]` by Azure Pipelines,
// `##teamcity[message]` by TeamCity.
const marker = /##(?=[a-z]{0,16}\[)/gi;

const named: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function shown(character: string): string {
  const short = named[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/**
 * One line of text with everything that cannot be seen, or that reorders what can, written as an escape (`\x1b`, `\u202e`, `\n`).
 * The result holds no control character, no line break and no lone surrogate.
 */
export function visible(text: string): string {
  // Most text is plain, and the classes of Unicode take long to make and a millisecond to compile.
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(unseen(), shown);
}

/**
 * One line for a terminal or a build log: nothing in it moves the cursor, and no `##[…]` marker that a build runner would parse.
 * A caller still has to begin each line with a character of its own, since `::name::` counts after leading blanks.
 */
export function terminal(text: string): string {
  return visible(text).replace(marker, "## ");
}

/** Text of several lines, each made for a terminal, of which none begins as a workflow command does: where names begin a line. */
export function commandless(text: string): string {
  return text.replace(/^([^\S\n]*:)(?=:)/gm, "$1 ");
}

/** The data of a workflow command (what follows `::name …::`). Line breaks survive as `%0A`. */
export function commandData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

/** The value of a property of a workflow command. */
export function commandProperty(text: string): string {
  return commandData(visible(text)).replace(/:/g, "%3A").replace(/,/g, "%2C");
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text or a quoted attribute value of HTML. The leading `::` and `##[` of a build log are broken too. */
export function html(text: string): string {
  return visible(text)
    .replace(/[&<>"']/g, (character) => entities[character] ?? "")
    .replace(marker, "#&#35;")
    .replace(/::/g, "&#58;&#58;");
}

/** Text or a quoted attribute value of XML 1.0; characters that XML cannot hold are written as escapes. */
export function xml(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, shown)
    .replace(/[&<>"']/g, (character) => entities[character] ?? "")
    .replace(marker, "&#35;#")
    .replace(/::/g, "&#58;:");
}

/** A code span of GitHub's Markdown, safe inside a table cell: no mention, link, emoji, markup or line break comes of it. */
export function markdownCode(text: string): string {
  const line = visible(text).replace(marker, "## ");
  if (line.trim() === "") return "` `";
  let longest = 0;
  for (const run of line.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  const padded = longest > 0 || line.startsWith(" ") || line.endsWith(" ") ? ` ${line} ` : line;
  // A table splits its row at every `|` that has no backslash, in code spans too. A backslash before it would then be read with
  // it, so the bar becomes a look-alike there.
  return fence + padded.replace(/\\\|/g, "\\¦").replace(/\|/g, "\\|") + fence;
}

// GitHub turns @name, #12, GH-12, :emoji:, http:// and www. into links or pictures after Markdown is rendered, where an entity or a
// backslash no longer helps; an empty comment splits the text node. Dollar signs are math unless inside a tag of their own.
const breakers: [RegExp, string][] = [
  [/@/g, "@<!-- -->"],
  [/:(?=:|\/\/|[\w+\\-]+:)/g, ":<!-- -->"],
  [/\bgh-(?=\d)/gi, "GH<!-- -->-"],
  [/\bwww\./gi, "www<!-- -->."],
  [/\$/g, "<span>$</span>"],
];

function markdownPlain(text: string): string {
  let out = visible(text).replace(/[\\`*_[\]<>&|~#!(){}=]/g, "\\$&");
  out = out.replace(/\\#/g, "\\#<!-- -->");
  for (const [pattern, replacement] of breakers) out = out.replace(pattern, () => replacement);
  return out.replace(/^(\s*)([-+]|\d{1,9}(?=[.)]))/, (_all, blank: string, mark: string) =>
    /\d/.test(mark) ? `${blank}${mark}<!-- -->` : `${blank}\\${mark}`,
  );
}

/**
 * Prose of GitHub's Markdown, safe inside a table cell and at the start of a line. What the text puts between backticks becomes a
 * code span; nothing else of it is markup.
 */
export function markdown(text: string): string {
  // Four blanks at the start of a line would make a block of code.
  const parts = text.trim().split("`");
  let out = "";
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? "";
    const quoted = index % 2 === 1 && index < parts.length - 1;
    if (quoted) out += part === "" ? "" : markdownCode(part);
    else out += (index % 2 === 1 ? "\\`" : "") + markdownPlain(part);
  }
  return out;
}

/** HTML for prose: what the text puts between backticks becomes `<code>`. */
export function htmlProse(text: string): string {
  const parts = text.split("`");
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return html(part);
      return index < parts.length - 1 ? `<code>${html(part)}</code>` : `\`${html(part)}`;
    })
    .join("");
}

/**
 * A value as JSON, indented by two blanks. Valid for every input; invisible characters and build-log markers inside strings are
 * written as `\uXXXX`, which reads back as the same text.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      [...Array(character.length).keys()]
        .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
        .join(""),
    )
    .replace(marker, "#\\u0023");
}

/** A repository path as a relative URI: every segment percent-encoded, `/` kept. */
export function uriPath(path: string): string {
  return path
    .replace(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(percentEncoded)
    .join("/");
}

function percentEncoded(segment: string): string {
  // "." and ".." would be resolved away by a reader of the URI.
  if (segment === "." || segment === "..") return segment.replace(/\./g, "%2E");
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The text cut to at most `limit` UTF-16 units, `…` included, never through a surrogate pair. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = Math.max(0, limit - 1);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return `${text.slice(0, end)}…`;
}
