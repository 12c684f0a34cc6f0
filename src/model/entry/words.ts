import type { Location } from "../../types/text.ts";

/** One word of a command after expansion. */
export interface Word {
  text: string;
  /** False when part of it comes from a variable or command whose value is not known; `text` then keeps that part as written. */
  known: boolean;
  at: Location;
}

/** One command of a shell text: its leading assignments and its words. */
export interface SimpleCommand {
  assignments: { name: string; value: Word }[];
  words: Word[];
  /** What joins it to the next command. */
  join: "&&" | "||" | ";" | "|" | "&" | null;
  /** Runs only on a condition: inside `if`, `case`, a loop, a function, or after a test. */
  conditional: boolean;
}

/** Value of a variable: a string, null where it is set to something unknown, undefined where it is not set. */
export type Lookup = (name: string) => string | null | undefined;

export interface SplitInput {
  text: string;
  /** Where a range of the text stands. */
  locate(start: number, end: number): Location;
  lookup: Lookup;
  /** `$@` and `$*`; null where they are not known. */
  parameters: readonly Word[] | null;
}

const operators = ["&&", "||", ";;", ";", "|&", "|", "&", "\n", "(", ")"];
const openers = new Set(["if", "while", "until", "for", "case", "select"]);
const closers = new Set(["fi", "done", "esac"]);
const between = new Set(["then", "else", "elif", "do", "!", "{", "}", "time"]);
const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=/;
const maxCommands = 2000;

/**
 * Splits one command string (shell-form CMD, `sh -c` text, a package script) into its commands.
 * Whole scripts are read by the shell grammar; this serves the strings that stand inside other formats, where no grammar ran.
 * Never throws; what is not understood (`$(…)`, arithmetic) becomes a word that is not known.
 */
export function splitCommands(input: SplitInput): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let tokens: Word[] = [];
  let raws: string[] = [];
  let depth = 0;
  let inHeader = false;
  let tested = false;

  const finish = (join: SimpleCommand["join"]) => {
    const words = tokens;
    const written = raws;
    tokens = [];
    raws = [];
    while (words.length > 0) {
      const raw = written[0] ?? "";
      if (openers.has(raw)) {
        depth++;
        inHeader = raw === "for" || raw === "case" || raw === "select";
      } else if (closers.has(raw)) depth = Math.max(0, depth - 1);
      else if (!between.has(raw)) break;
      else if (raw === "do") inHeader = false;
      words.shift();
      written.shift();
      if (inHeader) break;
    }
    if (inHeader) {
      inHeader = false;
      return;
    }
    const assignments: SimpleCommand["assignments"] = [];
    while (words.length > 0) {
      const match = assignment.exec(written[0] ?? "");
      if (!match) break;
      const word = words.shift()!;
      written.shift();
      assignments.push({
        name: match[1]!,
        value: { ...word, text: word.text.slice(word.text.indexOf("=") + 1) },
      });
    }
    if (words.length === 0 && assignments.length === 0) {
      const last = commands.at(-1);
      if (last && join === "&" && last.join === null) last.join = join;
      return;
    }
    if (commands.length >= maxCommands) return;
    commands.push({ assignments, words, join, conditional: depth > 0 || tested });
    const head = words[0]?.text;
    const isTest = head === "[" || head === "[[" || head === "test";
    tested = (join === "&&" || join === "||") && (tested || isTest);
  };

  const { text } = input;
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === " " || character === "\t" || character === "\r") {
      at++;
      continue;
    }
    if (character === "\\" && text[at + 1] === "\n") {
      at += 2;
      continue;
    }
    if (character === "#") {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end;
      continue;
    }
    const redirect = /^(?:\d*|&)(?:>>?\|?|<<?<?-?|<>|>&|<&)(?:&?\d+|&?-)?/.exec(text.slice(at, at + 12));
    if (redirect && /[<>]/.test(redirect[0]) && !/^[<>]\(/.test(text.slice(at, at + 2))) {
      at += redirect[0].length;
      if (!/[\d-]$/.test(redirect[0].replace(/^\d+/, ""))) {
        while (text[at] === " ") at++;
        at = readWord(input, at).end;
      }
      continue;
    }
    const operator = operators.find((candidate) => text.startsWith(candidate, at));
    if (operator !== undefined) {
      at += operator.length;
      const joins = operator === "&&" || operator === "||" || operator === "&" || operator === "|";
      finish(joins ? operator : operator === "|&" ? "|" : ";");
      continue;
    }
    const read = readWord(input, at);
    if (read.end === at) {
      at++;
      continue;
    }
    raws.push(text.slice(at, read.end));
    tokens.push(...read.words);
    for (let extra = 1; extra < read.words.length; extra++) raws.push("");
    if (read.words.length === 0) raws.pop();
    at = read.end;
  }
  finish(null);
  const last = commands.at(-1);
  if (last && last.join !== "&") last.join = null;
  return commands;
}

/** Splits as a JSON-free exec line does (compose, Procfile fields): quotes and backslashes, no operators, no expansion. */
export function splitWords(text: string, locate: (start: number, end: number) => Location): Word[] {
  const words: Word[] = [];
  const input: SplitInput = { text, locate, lookup: () => undefined, parameters: null };
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const read = readWord(input, at, true);
    words.push(...read.words);
    at = Math.max(read.end, at + 1);
  }
  return words;
}

/** Reads one word from `at`; several words come of `"$@"` and of unquoted variables whose value holds spaces. */
function readWord(input: SplitInput, from: number, literal = false): { words: Word[]; end: number } {
  const { text } = input;
  const done: string[] = [];
  let current = "";
  let started = false;
  let known = true;
  let parameters: readonly Word[] | null = null;
  let at = from;
  const expand = (quoted: boolean) => {
    const part = expansion(input, at);
    at = part.end;
    if (part.parameters) {
      parameters = part.parameters;
      return;
    }
    if (part.value === null) {
      known = false;
      started = true;
      current += text.slice(part.start, part.end);
    } else if (quoted) {
      started = true;
      current += part.value;
    } else {
      const pieces = part.value.split(/[ \t\n]+/);
      for (const [index, piece] of pieces.entries()) {
        if (index > 0 && (started || current !== "")) {
          done.push(current);
          current = "";
          started = false;
        }
        current += piece;
        if (piece !== "") started = true;
      }
    }
  };
  while (at < text.length) {
    const character = text[at]!;
    if (character === "'") {
      const end = text.indexOf("'", at + 1);
      current += text.slice(at + 1, end === -1 ? text.length : end);
      started = true;
      at = end === -1 ? text.length : end + 1;
    } else if (character === '"') {
      started = true;
      at++;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) {
          if (text[at + 1] !== "\n") current += text[at + 1];
          at += 2;
        } else if (!literal && (text[at] === "$" || text[at] === "`")) {
          expand(true);
          if (parameters) started = current !== "";
        } else current += text[at++];
      }
      at++;
    } else if (character === "\\") {
      if (text[at + 1] !== "\n") current += text[at + 1] ?? "";
      started = true;
      at += 2;
    } else if (!literal && (character === "$" || character === "`")) {
      expand(false);
    } else if (/[\s]/.test(character) || (!literal && /[;&|()<>]/.test(character))) break;
    else {
      current += character;
      started = true;
      at++;
    }
  }
  const end = Math.min(at, text.length);
  const location = input.locate(from, end);
  const words: Word[] = done.map((piece) => ({ text: piece, known, at: location }));
  if (started || current !== "") words.push({ text: current, known, at: location });
  if (parameters) words.push(...(parameters as readonly Word[]));
  return { words, end };
}

interface Expansion {
  start: number;
  end: number;
  /** Null: not known. */
  value: string | null;
  parameters?: readonly Word[];
}

function expansion(input: SplitInput, start: number): Expansion {
  const { text } = input;
  if (text[start] === "`") {
    const end = text.indexOf("`", start + 1);
    return { start, end: end === -1 ? text.length : end + 1, value: null };
  }
  const next = text[start + 1];
  if (next === "(") return { start, end: closing(text, start + 1, "(", ")"), value: null };
  if (next === "@" || next === "*") {
    const end = start + 2;
    return input.parameters ? { start, end, value: "", parameters: input.parameters } : { start, end, value: null };
  }
  if (next === "{") {
    const end = closing(text, start + 1, "{", "}");
    const body = text.slice(start + 2, end - 1);
    if (body === "@" || body === "*") {
      return input.parameters ? { start, end, value: "", parameters: input.parameters } : { start, end, value: null };
    }
    return { start, end, value: braced(input, body) };
  }
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(start + 1, start + 129))?.[0];
  if (name) return { start, end: start + 1 + name.length, value: input.lookup(name) ?? null };
  const digit = /^\d/.exec(next ?? "")?.[0];
  if (digit) {
    const word = digit === "0" ? undefined : input.parameters?.[Number(digit) - 1];
    return { start, end: start + 2, value: word?.known ? word.text : null };
  }
  return {
    start,
    end: start + (next && /[?#$!-]/.test(next) ? 2 : 1),
    value: next && /[?#$!-]/.test(next) ? null : "$",
  };
}

function braced(input: SplitInput, body: string): string | null {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+=?])([\s\S]*))?$/.exec(body);
  if (!match) return null;
  const [, name = "", operator, word = ""] = match;
  const value = input.lookup(name);
  const plain = replaced(input, word);
  if (operator === undefined) return value ?? null;
  const unset = value === undefined || (operator.startsWith(":") && value === "");
  if (operator.endsWith("-") || operator.endsWith("=")) return unset ? plain : value;
  if (operator.endsWith("+")) return unset ? "" : plain;
  return value ?? null;
}

/** The word that stands in for a variable, with its own variables filled in; null where one of them is not known. */
function replaced(input: SplitInput, word: string): string | null {
  const bare = word.replace(/^(["'])([\s\S]*)\1$/, "$2");
  if (!/[$`]/.test(word) || word.startsWith("'")) return bare;
  const [read] = readWord({ ...input, text: `"${bare}"` }, 0).words;
  return read?.known ? read.text : null;
}

function closing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at + 1;
  }
  return text.length;
}
