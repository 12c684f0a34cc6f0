import { lineStartsOf, positionAt } from "../text/positions.ts";
import type { DockerfileSyntax, Heredoc, Instruction, InstructionFlag, Word } from "../types/dockerfile.ts";
import type { Range } from "../types/text.ts";
import { isSpace, lexWord } from "./dockerfile-words.ts";

/**
 * Dockerfile parser after BuildKit's (frontend/dockerfile/parser). Own code: the libraries lose spaces in JSON commands,
 * take heredoc bodies for instructions and end an instruction at a blank line.
 */

/** bufio.MaxScanTokenSize: a longer line is refused by the builder. */
const MAX_LINE = 64 * 1024;

const KEYWORDS = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);
const WITH_HEREDOC = new Set(["ADD", "COPY", "RUN"]);
const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/;
const HEREDOC = /^(\d*)<<(-?)([^<]*)$/;

/** One physical line: [start, end) without its line end, and where the next line starts. */
interface Line {
  start: number;
  end: number;
  next: number;
}

/** Text put together from pieces of the file, each character with its offset there. */
interface Joined {
  text: string;
  /** Pieces in order: `at` in the joined text stands for `offset` in the file. */
  pieces: { at: number; offset: number }[];
  /** Offset after the last character. */
  end: number;
}

/** Parses a Dockerfile. Never throws; positions are those of `text`. */
export function parseDockerfile(text: string): DockerfileSyntax {
  const lineStarts = lineStartsOf(text);
  const lines = linesOf(text, lineStarts);
  const instructions: Instruction[] = [];
  const errors: { message: string; range: Range }[] = [];
  const rangeOf = (start: number, end: number): Range => ({
    start: positionAt(lineStarts, start),
    end: positionAt(lineStarts, end),
  });
  const refuse = (message: string, start: number, end: number): void => {
    errors.push({ message, range: rangeOf(start, end) });
  };

  let escapeToken: "\\" | "`" = "\\";
  let syntax: string | null = null;
  let directives = true;
  const seen = new Set<string>();
  let index = 0;

  const readDirective = (content: string, line: Line): void => {
    if (!directives) return;
    const match = DIRECTIVE.exec(content);
    const name = match?.[1]?.toLowerCase() ?? "";
    if (!match || !["syntax", "escape", "check"].includes(name)) {
      directives = false;
      return;
    }
    if (seen.has(name)) refuse(`only one ${name} parser directive can be used`, line.start, line.end);
    seen.add(name);
    const value = match[2]!.trimEnd();
    if (name === "syntax") syntax = value;
    if (name !== "escape") return;
    if (value === "\\" || value === "`") escapeToken = value;
    else refuse(`invalid escape token '${value}' does not match \` or \\`, line.start, line.end);
  };

  /** Takes a continuation character off the end; null when there is none. */
  const withoutContinuation = (content: string): string | null => {
    let end = content.length;
    while (end > 0 && (content[end - 1] === " " || content[end - 1] === "\t")) end--;
    if (end === 0 || content[end - 1] !== escapeToken) return null;
    return end >= 2 && content[end - 2] === escapeToken ? null : content.slice(0, end - 1);
  };

  while (index < lines.length) {
    const first = lines[index++]!;
    let content = text.slice(first.start, first.end);
    let offset = first.start;
    if (first.start === 0 && content.startsWith("\ufeff")) {
      content = content.slice(1);
      offset++;
    }
    if (content.length > MAX_LINE) refuse("line is longer than the builder reads (64 KiB)", first.start, first.end);
    const leading = leadingSpace(content);
    content = content.slice(leading);
    offset += leading;
    readDirective(content, first);
    if (content.startsWith("#")) content = "";
    let rest = withoutContinuation(content);
    if (rest === null && content === "") continue;
    const pieces: string[] = [rest ?? content];
    const joined: Joined = { text: "", pieces: [{ at: 0, offset }], end: offset + pieces[0]!.length };
    let length = pieces[0]!.length;
    while (rest !== null && index < lines.length) {
      const line = lines[index++]!;
      const raw = text.slice(line.start, line.end);
      const space = leadingSpace(raw);
      if (raw.length > MAX_LINE) refuse("line is longer than the builder reads (64 KiB)", line.start, line.end);
      if (raw[space] === "#" || space === raw.length) continue;
      rest = withoutContinuation(raw);
      const piece = rest ?? raw;
      joined.pieces.push({ at: length, offset: line.start });
      joined.end = line.start + piece.length;
      pieces.push(piece);
      length += piece.length;
    }
    joined.text = pieces.join("");
    const parsed = parseInstruction(joined, escapeToken, rangeOf, refuse, 0);
    if (!parsed) continue;
    const bearer = parsed.trigger ?? parsed;
    if (WITH_HEREDOC.has(bearer.keyword) && bearer.form !== "exec" && joined.text.includes("<<")) {
      const heredocs: Heredoc[] = [];
      for (const { name, expand, chomp } of heredocsOf(joined.text)) {
        const bodyStart = lines[index]?.start ?? text.length;
        let bodyEnd = text.length;
        let terminated = false;
        while (index < lines.length) {
          const line = lines[index++]!;
          const raw = text.slice(line.start, line.end);
          if ((chomp ? raw.replace(/^\t+/, "") : raw) === name) {
            terminated = true;
            bodyEnd = line.start;
            break;
          }
        }
        if (!terminated) refuse("unterminated heredoc", joined.pieces[0]!.offset, joined.end);
        const body = text.slice(bodyStart, bodyEnd);
        const range = rangeOf(bodyStart, bodyEnd);
        heredocs.push({ name, body: chomp ? body.replace(/^\t+/gm, "") : body, expand, range });
      }
      bearer.heredocs = heredocs;
    }
    instructions.push(parsed);
  }
  if (instructions.length === 0) refuse("file with no instructions", 0, 0);
  // Before the first FROM nothing but ARG may stand (frontend/dockerfile/instructions, Parse).
  const first = instructions.find((one) => one.keyword !== "ARG");
  const early = first ?? instructions[0];
  if (early && early.keyword !== "FROM" && errors.length === 0)
    errors.push({
      message: first ? "no build stage in current context" : "dockerfile contains no stages to build",
      range: early.range,
    });
  return { escape: escapeToken, syntax, instructions, errors };
}

function linesOf(text: string, lineStarts: readonly number[]): Line[] {
  const lines = lineStarts.map((start, at): Line => {
    const next = lineStarts[at + 1] ?? text.length;
    let end = next;
    while (end > start && (text[end - 1] === "\n" || text[end - 1] === "\r")) end--;
    return { start, end, next };
  });
  if (lines.at(-1)?.start === text.length) lines.pop();
  return lines;
}

/** White space where the builder looks at bytes rather than at characters. */
function isByteSpace(character: string): boolean {
  return /[\t-\r ]/.test(character);
}

function leadingSpace(text: string): number {
  let at = 0;
  while (at < text.length && isSpace(text[at]!)) at++;
  return at;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Instruction> & { trigger: Draft | null };
type MakeRange = (start: number, end: number) => Range;
type Refuse = (message: string, start: number, end: number) => void;

/** A stretch of the joined text. */
interface Span {
  start: number;
  end: number;
}

function parseInstruction(
  joined: Joined,
  escapeToken: string,
  makeRange: MakeRange,
  refuse: Refuse,
  from: number,
): Draft | null {
  const { text } = joined;
  const offsetAt = offsetsOf(joined);
  // A range ends where its last character ends, not where the next line's first would stand.
  const rangeOf = (span: Span): Range =>
    makeRange(offsetAt(span.start), span.end > span.start ? offsetAt(span.end - 1) + 1 : offsetAt(span.start));
  let start = from;
  while (start < text.length && isSpace(text[start]!)) start++;
  let end = text.length;
  while (end > start && isSpace(text[end - 1]!)) end--;
  if (start === end) return null;
  let keywordEnd = start;
  while (keywordEnd < end && !/[\t\v\f\r ]/.test(text[keywordEnd]!)) keywordEnd++;
  const keyword = text.slice(start, keywordEnd).toUpperCase();
  const flags = readFlags(text, keywordEnd, end);
  let at = flags.end;
  while (at < end && isSpace(text[at]!)) at++;
  const args: Span = { start: at, end };
  const instruction: Draft = {
    keyword,
    range: rangeOf({ start, end }),
    flags: flags.list.map(({ span, value }): InstructionFlag => {
      const equals = value.indexOf("=");
      return {
        name: value.slice(2, equals === -1 ? undefined : equals),
        value: equals === -1 ? null : value.slice(equals + 1),
        range: rangeOf(span),
      };
    }),
    form: "shell",
    words: [],
    heredocs: [],
    trigger: null,
  };
  if (!KEYWORDS.has(keyword)) {
    refuse(`unknown instruction: ${keyword.slice(0, 80)}`, offsetAt(start), offsetAt(start) + (keywordEnd - start));
    return instruction;
  }
  const wordOf = (span: Span): Word => ({ text: text.slice(span.start, span.end), range: rangeOf(span) });
  const whole = (): Word[] => (args.start < args.end ? [wordOf(args)] : []);
  const fail = (message: string): void => refuse(message, offsetAt(start), offsetAt(end - 1) + 1);
  const json = (span: Span): boolean => {
    const strings = jsonStrings(text, span);
    if (strings === "not strings") fail("when using JSON array syntax, arrays must be comprised of strings only");
    if (!Array.isArray(strings)) return false;
    instruction.form = "exec";
    instruction.words = [
      ...instruction.words,
      ...strings.map(({ value, span: part }): Word => ({ text: value, range: rangeOf(part) })),
    ];
    return true;
  };
  switch (keyword) {
    case "ADD":
    case "COPY":
    case "VOLUME":
      if (!json(args)) instruction.words = splitAtSpace(text, args).map(wordOf);
      if (keyword !== "VOLUME" && instruction.words.length < 2) fail(`${keyword} requires at least two arguments`);
      break;
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "SHELL":
      if (!json(args)) instruction.words = whole();
      if (keyword === "SHELL" && instruction.form !== "exec") fail("SHELL requires the arguments to be in JSON form");
      break;
    case "ENV":
    case "LABEL":
      instruction.words = readPairs(text, args, escapeToken, fail).map(({ span, value }) => ({
        text: value,
        range: rangeOf(span),
      }));
      break;
    case "ARG":
      instruction.words = splitWords(text, args, escapeToken).map(({ span, value }) => ({
        text: value,
        range: rangeOf(span),
      }));
      if (instruction.words.length === 0) fail("ARG requires at least one argument");
      break;
    case "FROM":
    case "EXPOSE":
      instruction.words = splitAtSpace(text, args).map(wordOf);
      if (keyword === "FROM") checkFrom(instruction.words, fail);
      break;
    case "HEALTHCHECK": {
      let typeEnd = args.start;
      while (typeEnd < args.end && !isByteSpace(text[typeEnd]!)) typeEnd++;
      let commandStart = typeEnd;
      while (commandStart < args.end && isByteSpace(text[commandStart]!)) commandStart++;
      if (typeEnd > args.start) instruction.words = [wordOf({ start: args.start, end: typeEnd })];
      const command = { start: commandStart, end: args.end };
      if (commandStart < args.end && !json(command)) instruction.words = [...instruction.words, wordOf(command)];
      break;
    }
    case "ONBUILD":
      if (args.start === args.end) fail("ONBUILD requires at least one argument");
      else instruction.trigger = parseInstruction(joined, escapeToken, makeRange, refuse, args.start);
      if (instruction.trigger && ["ONBUILD", "FROM", "MAINTAINER"].includes(instruction.trigger.keyword)) {
        fail(`${instruction.trigger.keyword} isn't allowed as an ONBUILD trigger`);
        instruction.trigger = null;
      }
      break;
    default:
      instruction.words = whole();
      if (instruction.words.length === 0) fail(`${keyword} requires exactly one argument`);
  }
  return instruction;
}

function offsetsOf({ pieces }: Joined): (at: number) => number {
  return (at) => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle]!.at <= at) low = middle;
      else high = middle - 1;
    }
    return pieces[low]!.offset + (at - pieces[low]!.at);
  };
}

function checkFrom(words: readonly Word[], fail: (message: string) => void): void {
  const named = words.length === 3 && words[1]!.text.toLowerCase() === "as";
  if (words.length !== 1 && !named) fail("FROM requires either one or three arguments");
  else if (named && !/^[a-z][a-z0-9-_.]*$/.test(words[2]!.text.toLowerCase()))
    fail(`invalid name for build stage: "${words[2]!.text}", name can't start with a number or contain symbols`);
}

/** Flags before the arguments: quotes and backslashes are taken off, `--` alone ends them. */
function readFlags(text: string, from: number, to: number): { list: { span: Span; value: string }[]; end: number } {
  const list: { span: Span; value: string }[] = [];
  let at = from;
  for (;;) {
    while (at < to && isByteSpace(text[at]!)) at++;
    if (!text.startsWith("--", at) || at + 1 >= to) return { list, end: at };
    const start = at;
    let value = "";
    let quote = "";
    for (; at < to; at++) {
      let character = text[at]!;
      if (quote === "" && isByteSpace(character)) break;
      if (quote === "" && (character === "'" || character === '"')) {
        quote = character;
        continue;
      }
      if (character === quote) {
        quote = "";
        continue;
      }
      if (character === "\\") {
        if (at + 1 >= to) continue;
        character = text[++at]!;
      }
      value += character;
    }
    if (value === "--") return { list, end: at };
    list.push({ span: { start, end: at }, value });
  }
}

function splitAtSpace(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = [];
  let at = start;
  while (at < end) {
    while (at < end && /[\t\v\f\r ]/.test(text[at]!)) at++;
    const from = at;
    while (at < end && !/[\t\v\f\r ]/.test(text[at]!)) at++;
    if (at > from) spans.push({ start: from, end: at });
  }
  return spans;
}

/** Words with quotes and escapes kept, split at white space outside quotes; an escape character at the very end is dropped. */
function splitWords(text: string, { start, end }: Span, escapeToken: string): { span: Span; value: string }[] {
  const words: { span: Span; value: string }[] = [];
  let at = start;
  while (at < end) {
    while (at < end && isSpace(text[at]!)) at++;
    const from = at;
    let value = "";
    let quote = "";
    for (; at < end; at++) {
      const character = text[at]!;
      if (quote === "" && isSpace(character)) break;
      if (character === escapeToken && quote !== "'") {
        if (at + 1 >= end) continue;
        value += character + text[++at]!;
        continue;
      }
      if (quote === "" && (character === "'" || character === '"')) quote = character;
      else if (character === quote) quote = "";
      value += character;
    }
    if (value !== "") words.push({ span: { start: from, end: at }, value });
  }
  return words;
}

/** `KEY=value …`, or the old form `KEY value with spaces`, as `KEY=value` texts. */
function readPairs(
  text: string,
  args: Span,
  escapeToken: string,
  fail: (message: string) => void,
): { span: Span; value: string }[] {
  const words = splitWords(text, args, escapeToken);
  const first = words[0];
  if (!first) {
    fail("at least one argument is required");
    return [];
  }
  if (!first.value.includes("=")) {
    const match = /^([^\t\v\f\r ]*)[\t\v\f\r ]+([\s\S]*)$/.exec(text.slice(args.start, args.end));
    if (match) return [{ span: args, value: `${match[1]}=${match[2]}` }];
    fail("two arguments are required");
    return [];
  }
  return words.filter(({ value }) => {
    if (value.includes("=")) return true;
    fail(`can't find = in "${value}". Must be of the form: name=value`);
    return false;
  });
}

/** The strings of a JSON array with their places; null when the text is no JSON array. */
function jsonStrings(text: string, span: Span): { value: string; span: Span }[] | "not strings" | null {
  if (text[span.start] !== "[") return null;
  let values: unknown;
  try {
    values = JSON.parse(text.slice(span.start, span.end));
  } catch {
    return null;
  }
  if (!Array.isArray(values)) return null;
  if (!values.every((value): value is string => typeof value === "string")) return "not strings";
  const spans: Span[] = [];
  for (let at = span.start; at < span.end; at++) {
    if (text[at] !== '"') continue;
    const start = at++;
    for (; at < span.end && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    spans.push({ start, end: at + 1 });
  }
  return values.map((value, index) => ({ value, span: spans[index]! }));
}

/** The heredoc words of a line. A line whose quotes do not close has none. */
function heredocsOf(line: string): { name: string; expand: boolean; chomp: boolean }[] {
  const lex = (text: string, raw: { rawQuotes: boolean; rawEscapes?: boolean }): string[] =>
    lexWord(text, () => undefined, { escape: "\\", skipUnset: true, ...raw }).words;
  const found: { name: string; expand: boolean; chomp: boolean }[] = [];
  for (const word of lex(line, { rawQuotes: true, rawEscapes: true })) {
    const match = HEREDOC.exec(word);
    if (!match?.[3]) continue;
    const plain = lex(match[3], { rawQuotes: false });
    const quoted = lex(match[3], { rawQuotes: true });
    if (plain.length !== 1 || quoted.length !== 1) continue;
    const quotes = (text: string): number => text.replace(/[^'"]/g, "").length;
    found.push({ name: plain[0]!, expand: quotes(plain[0]!) === quotes(quoted[0]!), chomp: match[2] === "-" });
  }
  return found;
}

/** Whether an argument of COPY or ADD names a heredoc; its name, else null. */
export function heredocName(word: string): string | null {
  return HEREDOC.test(word) ? (heredocsOf(word)[0]?.name ?? null) : null;
}
