import type { Instruction, InstructionFlag, Word } from "../types/dockerfile.ts";
import type { Range } from "../types/text.ts";
import { isSpace } from "./dockerfile-words.ts";

const KEYWORDS = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);

/** Text put together from pieces of the file, each character with its offset there. */
export interface Joined {
  text: string;
  /** Pieces in order: `at` in the joined text stands for `offset` in the file. */
  pieces: { at: number; offset: number }[];
  /** Offset after the last character. */
  end: number;
}

/** White space where the builder looks at bytes rather than at characters. */
function isByteSpace(character: string): boolean {
  return /[\t-\r ]/.test(character);
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

/**
 * One instruction of a logical line; null where there is none. What it refuses goes to `refuse`.
 * @param from where it starts in the text: behind `ONBUILD` stands another one
 */
export function parseInstruction(
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
