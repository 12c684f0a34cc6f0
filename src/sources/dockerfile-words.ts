/**
 * BuildKit's word lexer (frontend/dockerfile/shell/lex.go): quotes, escapes and `$variables` in the words of a Dockerfile.
 * Own code, because no library expands variables the way the builder does.
 */

/** What a variable holds: its value, `undefined` when it is not set, null when it is set to something that is not known. */
export type VariableLookup = (name: string) => string | undefined | null;

export interface LexOptions {
  escape: "\\" | "`";
  /** Keep quotes in the result. */
  rawQuotes?: boolean;
  /** Keep escape characters in the result. */
  rawEscapes?: boolean;
  /** Treat quotes as ordinary characters. */
  skipQuotes?: boolean;
  /** Leave references to variables that are not set as they are written. */
  skipUnset?: boolean;
}

export interface LexResult {
  /** The text after expansion; null when it depends on a value that is not known. */
  text: string | null;
  /** The text split at white space outside quotes, after expansion. */
  words: string[];
  /** What the builder refuses. */
  error: string | null;
  /** Variables that were asked for and are not set. */
  unset: string[];
}

/** A longer result counts as not known: repeated self-reference must not eat the memory. */
const MAX_LENGTH = 1 << 16;
const MAX_DEPTH = 50;

const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const isDigit = (character: string): boolean =>
  character <= "\x7f" ? /\d/.test(character) : /\p{Nd}/u.test(character);
const isOfName = (character: string): boolean =>
  character <= "\x7f" ? /\w/.test(character) : /[\p{L}\p{Nd}]/u.test(character);

/** White space as Go's unicode.IsSpace has it: with U+0085, without U+FEFF. */
export function isSpace(character: string): boolean {
  return SPACE.test(character);
}

class LexError extends Error {}

/** Expands one word or a whole line. Never throws. */
export function lexWord(source: string, lookup: VariableLookup, options: LexOptions): LexResult {
  const characters = Array.from(source);
  const words: string[] = [];
  const unset = new Set<string>();
  let at = 0;
  let unknown = false;
  let length = 0;

  const limited = (text: string): string => {
    length += text.length;
    if (length <= MAX_LENGTH) return text;
    unknown = true;
    return "";
  };

  /** Reads until `stop` (or the end of the text when null); words are collected at the outermost level only. */
  function readUntil(stop: string | null, raw: boolean, depth: number): string {
    if (depth > MAX_DEPTH) throw new LexError("nested too deeply");
    let result = "";
    let word = "";
    let inWord = false;
    const endWord = (): void => {
      if (word !== "" && stop === null) words.push(word);
      if (word !== "") inWord = false;
      word = "";
    };
    const addRaw = (text: string): void => {
      word += text;
      inWord = true;
    };
    const add = (character: string): void => {
      if (!isSpace(character)) addRaw(character);
      else if (inWord) endWord();
    };
    while (at < characters.length) {
      const character = characters[at]!;
      if (character === stop) {
        at++;
        return result;
      }
      if (character === "$") {
        const value = limited(readDollar(depth));
        result += value;
        for (const one of value) add(one);
      } else if (!options.skipQuotes && (character === "'" || character === '"')) {
        const value = character === "'" ? readSingle() : readDouble(raw, depth);
        result += value;
        addRaw(value);
      } else {
        at++;
        if (character !== options.escape) {
          add(character);
          result += character;
          continue;
        }
        if (raw) {
          addRaw(character);
          result += character;
        }
        const next = characters[at++];
        if (next === undefined) break;
        addRaw(next);
        result += next;
      }
    }
    if (stop !== null) throw new LexError(`unexpected end of statement while looking for matching ${stop}`);
    endWord();
    return result;
  }

  function readSingle(): string {
    at++;
    const end = characters.indexOf("'", at);
    if (end === -1) throw new LexError("unexpected end of statement while looking for matching single-quote");
    const text = characters.slice(at, end).join("");
    at = end + 1;
    return options.rawQuotes ? `'${text}'` : text;
  }

  function readDouble(raw: boolean, depth: number): string {
    let result = options.rawQuotes ? '"' : "";
    at++;
    while (at < characters.length) {
      const character = characters[at]!;
      if (character === '"') {
        at++;
        return options.rawQuotes ? `${result}"` : result;
      }
      if (character === "$") {
        result += limited(readDollar(depth));
        continue;
      }
      at++;
      if (character !== options.escape) {
        result += character;
        continue;
      }
      if (raw) result += character;
      const next = characters[at];
      if (next === undefined) continue;
      if (next === '"' || next === "$" || next === options.escape) {
        result += next;
        at++;
      } else result += character;
    }
    throw new LexError("unexpected end of statement while looking for matching double-quote");
  }

  function readName(): string {
    const first = characters[at];
    if (first === undefined) return "";
    let end = at;
    if (isDigit(first)) while (end < characters.length && isDigit(characters[end]!)) end++;
    else if ("@*#?-$!".includes(first)) end++;
    else while (end < characters.length && isOfName(characters[end]!)) end++;
    const name = characters.slice(at, end).join("");
    at = end;
    return name;
  }

  /** The value, or null when the variable is not set. An unknown value makes the whole result unknown. */
  function readVariable(name: string): string | null {
    const value = lookup(name);
    if (value === undefined) unset.add(name);
    if (value === null) unknown = true;
    return value === undefined ? null : (value ?? "");
  }

  function readDollar(depth: number): string {
    at++;
    if (characters[at] !== "{") {
      const name = readName();
      if (name === "") return "$";
      const value = readVariable(name);
      return value === null && options.skipUnset ? `$${name}` : (value ?? "");
    }
    at++;
    const first = characters[at];
    if (first === undefined) throw new LexError("syntax error: missing '}'");
    if ("{}:".includes(first)) throw new LexError("syntax error: bad substitution");
    const name = readName();
    let operator = characters[at++];
    if (operator === "}") {
      const value = readVariable(name);
      return value === null && options.skipUnset ? `\${${name}}` : (value ?? "");
    }
    if (operator === "/") return readReplacement(name, depth);
    const colon = operator === ":";
    if (colon) operator = characters[at++];
    if (operator === undefined) throw new LexError("syntax error: missing '}'");
    if (!"+-?#%".includes(operator) || (colon && "#%".includes(operator)))
      throw new LexError(`unsupported modifier (${colon ? ":" : ""}${operator}) in substitution`);
    const pattern = operator === "#" || operator === "%";
    const before = unknown;
    const word = readUntil("}", pattern, depth + 1);
    const wordUnknown = unknown && !before;
    const known = lookup(name);
    if (known === undefined && options.skipUnset) return `\${${name}${colon ? ":" : ""}${operator}${word}}`;
    const empty = known === undefined || (colon && known === "");
    if (known === null) {
      unknown = true;
      return "";
    }
    if (known === undefined && operator !== "-" && operator !== "+") unset.add(name);
    // The alternative's unknown values do not matter where the alternative is not taken.
    if (operator === "-") {
      if (!empty && wordUnknown) unknown = before;
      return empty ? word : known;
    }
    if (operator === "+") {
      if (empty && wordUnknown) unknown = before;
      return empty ? "" : word;
    }
    if (operator === "?") {
      if (empty)
        throw new LexError(
          `${name}: ${word || (known === undefined ? "is not allowed to be unset" : "is not allowed to be empty")}`,
        );
      if (wordUnknown) unknown = before;
      return known;
    }
    const greedy = word.startsWith(operator);
    const wildcard = parseWildcard(greedy ? word.slice(1) : word);
    const value = Array.from(known ?? "");
    if (operator === "#") {
      const end = matchLength(wildcard, value, 0, greedy);
      return value.slice(end ?? 0).join("");
    }
    wildcard.reverse();
    value.reverse();
    const end = matchLength(wildcard, value, 0, greedy);
    return value
      .slice(end ?? 0)
      .reverse()
      .join("");
  }

  function readReplacement(name: string, depth: number): string {
    const all = characters[at] === "/";
    if (all) at++;
    const pattern = readUntil("/", true, depth + 1);
    const replacement = readUntil("}", true, depth + 1);
    const known = readVariable(name);
    if (known === null && options.skipUnset) return `\${${name}/${pattern}/${replacement}}`;
    const wildcard = parseWildcard(pattern);
    const value = Array.from(known ?? "");
    let result = "";
    let from = 0;
    let replaced = false;
    for (let start = 0; start <= value.length; ) {
      const end: number | null = replaced && !all ? null : matchLength(wildcard, value, start, true);
      if (end === null) {
        start++;
        continue;
      }
      result += value.slice(from, start).join("") + replacement;
      replaced = true;
      from = end;
      if (end === start) {
        // An empty match: keep the character and go on, as Go's ReplaceAll does.
        if (start < value.length) result += value[start];
        from = Math.min(start + 1, value.length);
        start++;
      } else start = end;
      if (!all) break;
    }
    return limited(result + value.slice(from).join(""));
  }

  try {
    const text = readUntil(null, options.rawEscapes ?? false, 0);
    return { text: unknown ? null : text, words, error: null, unset: [...unset] };
  } catch (error) {
    if (!(error instanceof LexError)) throw error;
    return { text: null, words: [], error: error.message, unset: [...unset] };
  }
}

type WildcardToken = { literal: string } | "*" | "?";

function parseWildcard(pattern: string): WildcardToken[] {
  const tokens: WildcardToken[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === "*" || character === "?") {
      if (character !== "*" || tokens.at(-1) !== "*") tokens.push(character);
    } else if (character === "\\") {
      const next = characters[++at];
      if (next === undefined || !"*?\\}/".includes(next)) throw new LexError(`invalid escape '\\${next ?? ""}'`);
      tokens.push({ literal: next });
    } else tokens.push({ literal: character });
  }
  return tokens;
}

/** End of the shortest or longest match that begins at `start`, or null; time is pattern × text. */
function matchLength(
  pattern: readonly WildcardToken[],
  text: readonly string[],
  start: number,
  longest: boolean,
): number | null {
  // Positions of the pattern that are reached after the characters so far.
  let reached = new Set<number>([0]);
  let best: number | null = null;
  for (let at = start; ; at++) {
    const closed = new Set<number>();
    for (const position of reached) {
      let next = position;
      closed.add(next);
      while (pattern[next] === "*") closed.add(++next);
    }
    if (closed.has(pattern.length)) {
      best = at;
      if (!longest) return best;
    }
    const character = text[at];
    if (character === undefined || closed.size === 0) return best;
    reached = new Set();
    for (const position of closed) {
      const token = pattern[position];
      if (token === undefined) continue;
      if (token === "*") {
        if (character !== "\n") reached.add(position);
      } else if (token === "?" ? character !== "\n" : token.literal === character) reached.add(position + 1);
    }
  }
}
