/**
 * Go's `path/filepath.Match`, byte for byte: `*` and `?` stay within one segment, `[^a]` negates, `\` escapes.
 * Own code because no glob library refuses the patterns that Go refuses. Time is at most pattern length × name length per `*`.
 *
 * @returns whether `pattern` matches all of `name`; null where Go answers `ErrBadPattern`. As in Go, a pattern whose bad part
 * is never reached gives false, not null.
 */
export function goMatch(pattern: string, name: string): boolean | null {
  return matchBytes(toBytes(pattern), toBytes(name));
}

/** True for a character that makes Go's `filepath.Glob` treat a name as a pattern. */
export function hasGlob(text: string): boolean {
  return /[*?[\\]/.test(text);
}

/** UTF-8 bytes as a string of code units below 256, so that ASCII needs no copy. */
function toBytes(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

function matchBytes(pattern: string, name: string): boolean | null {
  let rest = 0;
  let at = 0;
  while (rest < pattern.length) {
    const chunkStart = rest;
    while (pattern[rest] === "*") rest++;
    const star = rest > chunkStart;
    const chunk = pattern.slice(rest, chunkEnd(pattern, rest));
    rest += chunk.length;
    if (star && chunk === "") return !name.includes("/", at);
    const last = rest === pattern.length;
    let end = matchChunk(chunk, name, at);
    if (end === BAD) return null;
    if (end >= 0 && (end === name.length || !last)) {
      at = end;
      continue;
    }
    let found = -1;
    if (star) {
      for (let skip = at; skip < name.length && name[skip] !== "/"; skip++) {
        end = matchChunk(chunk, name, skip + 1);
        if (end === BAD) return null;
        if (end >= 0 && (end === name.length || !last)) {
          found = end;
          break;
        }
      }
    }
    if (found === -1) return false;
    at = found;
  }
  return at === name.length;
}

/** Where the chunk that starts at `from` ends: before the next `*` outside brackets. */
function chunkEnd(pattern: string, from: number): number {
  let inRange = false;
  for (let i = from; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === "\\") i++;
    else if (c === "[") inRange = true;
    else if (c === "]") inRange = false;
    else if (c === "*" && !inRange) return i;
  }
  return pattern.length;
}

const BAD = -2;
const NO = -1;

/** The offset in `name` after a match of the star-free `chunk` at `from`, NO without one, BAD for a malformed chunk. */
function matchChunk(chunk: string, name: string, from: number): number {
  let at = from;
  let i = 0;
  let failed = false;
  while (i < chunk.length) {
    if (at >= name.length) failed = true;
    const c = chunk[i];
    if (c === "[") {
      let code = 0;
      if (!failed) {
        const rune = runeAt(name, at);
        code = rune.code;
        at += rune.size;
      }
      i++;
      const negated = chunk[i] === "^";
      if (negated) i++;
      let hit = false;
      for (let ranges = 0; !(chunk[i] === "]" && ranges > 0); ranges++) {
        const low = classRune(chunk, i);
        if (low === null) return BAD;
        let high = low;
        if (chunk[low.next] === "-") {
          const top = classRune(chunk, low.next + 1);
          if (top === null) return BAD;
          high = top;
        }
        i = high.next;
        if (low.code <= code && code <= high.code) hit = true;
      }
      i++;
      if (hit === negated) failed = true;
      continue;
    }
    if (c === "?") {
      if (!failed) {
        if (name[at] === "/") failed = true;
        at += runeAt(name, at).size;
      }
      i++;
      continue;
    }
    if (c === "\\" && ++i === chunk.length) return BAD;
    if (!failed) {
      if (chunk[i] !== name[at]) failed = true;
      at++;
    }
    i++;
  }
  return failed ? NO : at;
}

/** A possibly escaped character inside brackets; null where Go refuses it, also at the end of the chunk. */
function classRune(chunk: string, from: number): { code: number; next: number } | null {
  let i = from;
  if (i >= chunk.length || chunk[i] === "-" || chunk[i] === "]") return null;
  if (chunk[i] === "\\" && ++i >= chunk.length) return null;
  const { code, size } = runeAt(chunk, i);
  if ((code === 0xfffd && size === 1) || i + size >= chunk.length) return null;
  return { code, next: i + size };
}

/** Go's `utf8.DecodeRune` over a byte string: an invalid byte is U+FFFD of size 1. */
function runeAt(bytes: string, at: number): { code: number; size: number } {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { code: first, size: 1 };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > bytes.length) return { code: 0xfffd, size: 1 };
  let code = first & (0x7f >> size);
  for (let k = 1; k < size; k++) {
    const next = bytes.charCodeAt(at + k);
    if ((next & 0xc0) !== 0x80) return { code: 0xfffd, size: 1 };
    code = (code << 6) | (next & 0x3f);
  }
  const minimum = size === 4 ? 0x10000 : size === 3 ? 0x800 : 0x80;
  const valid = code >= minimum && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return valid ? { code, size } : { code: 0xfffd, size: 1 };
}
