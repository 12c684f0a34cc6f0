/** A line of a list of requirements: a comment, an option, a project with its version or place, a path or an address. */
const REQUIREMENT =
  /^\s*(?:#.*|-(?:[cefir]\b|-[a-z]).*|[A-Za-z0-9][\w.-]*(?:\s*\[[\w\s,.-]*\])?\s*(?:\(?(?:[=!~]=|[<>]).*|[@;#].*)?|(?:\w+\+)?\w+:\/\/\S.*|\.{0,2}\/\S.*|)\\?$/;
/** No list is as long. */
const MAX_BYTES = 1024 * 1024;

/** The mark that Windows programs write in front of UTF-16; null where there is none. */
export function utf16Mark(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  const mark = bytes.length > 1 ? bytes.readUInt16LE(0) : 0;
  return mark === 0xfeff ? "utf-16le" : mark === 0xfffe ? "utf-16be" : null;
}

/**
 * The text of a list of requirements in UTF-16, which pip and uv read where a mark says so (pip's `auto_decode`); null for all other content.
 * The content alone says what it is, for files of any name may share it.
 */
export function utf16Requirements(bytes: Buffer): string | null {
  const mark = utf16Mark(bytes);
  if (mark === null || bytes.length > MAX_BYTES) return null;
  const text = new TextDecoder(mark).decode(bytes);
  return /\w/.test(text) && text.split("\n").every((line) => REQUIREMENT.test(line.trimEnd())) ? text : null;
}
