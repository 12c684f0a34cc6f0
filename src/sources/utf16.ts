/** Lists of requirements: pip and uv read them in UTF-16 as well, where a mark says so (pip's `auto_decode`). */
const REQUIREMENTS = /(?:^|\/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*|requirements\/[\w.-]+)\.(?:txt|in)$/i;

/** The mark that Windows programs write in front of UTF-16; null where there is none. */
export function utf16Mark(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  const mark = bytes.length > 1 ? bytes.readUInt16LE(0) : 0;
  return mark === 0xfeff ? "utf-16le" : mark === 0xfffe ? "utf-16be" : null;
}

/** The text of a file in UTF-16 that its readers take as well; null for every other file. */
export function utf16Text(path: string, bytes: Buffer): string | null {
  const mark = utf16Mark(bytes);
  return mark !== null && REQUIREMENTS.test(path) ? new TextDecoder(mark).decode(bytes) : null;
}
