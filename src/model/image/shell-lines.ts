/**
 * Simple commands of a shell text as words, quotes taken off, in order. Enough to know what a RUN writes and which
 * commands stand in it; a full grammar is in the shell source, for what has to be exact.
 */

/** One simple command. */
export interface ShellLine {
  words: string[];
  /** Offsets into the text. */
  start: number;
  end: number;
  /** How many parentheses are open around it. */
  depth: number;
}

const MAX_COMMANDS = 2000;
const RESERVED = new Set([
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "do",
  "done",
  "while",
  "until",
  "{",
  "}",
  "!",
  "time",
  "exec",
  "sudo",
  "command",
]);

/** Splits at `;`, `&`, `|`, line ends and parentheses outside quotes. Assignments before a command are dropped. Never throws. */
export function shellLines(text: string): ShellLine[] {
  const lines: ShellLine[] = [];
  let words: string[] = [];
  let word = "";
  let inWord = false;
  let quote = "";
  let start = -1;
  let depth = 0;
  const endWord = (): void => {
    if (inWord) words.push(word);
    word = "";
    inWord = false;
  };
  const endCommand = (end: number): void => {
    endWord();
    let from = 0;
    while (from < words.length && (RESERVED.has(words[from]!) || /^[A-Za-z_]\w*=/.test(words[from]!))) from++;
    const command = words.slice(from);
    words = [];
    if (command.length > 0 && lines.length < MAX_COMMANDS) lines.push({ words: command, start, end, depth });
    start = -1;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (character === "\\" && quote === '"' && at + 1 < text.length) {
        const next = text[++at]!;
        if (next !== "\n") word += next;
      } else word += character;
      continue;
    }
    if (start === -1 && !/[\s;|&()]/.test(character)) start = at;
    if (character === "'" || character === '"') {
      quote = character;
      inWord = true;
    } else if (character === "\\") {
      const next = text[++at];
      if (next === "\r") at++;
      else if (next !== undefined && next !== "\n") {
        word += next;
        inWord = true;
      }
    } else if (character === " " || character === "\t" || character === "\r") endWord();
    else if (character === "$" && text[at + 1] === "(") {
      // A substitution is part of its word; what it runs is not followed.
      const end = closing(text, at + 1);
      word += text.slice(at, end);
      inWord = true;
      at = end - 1;
    } else if (character === "\n" || character === ";" || character === "|" || character === "(" || character === ")") {
      endCommand(at);
      if (character === "(") depth++;
      if (character === ")" && depth > 0) depth--;
    } else if (character === "&") {
      if (/\d?>$/.test(word) || text[at + 1] === ">") word += character;
      else endCommand(at);
    } else if (character === "#" && !inWord) {
      while (at + 1 < text.length && text[at + 1] !== "\n") at++;
    } else {
      word += character;
      inWord = true;
    }
  }
  endCommand(text.length);
  return lines;
}

/** After the parenthesis that closes the one at `open`; the end of the text when none does. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at + 1;
  }
  return text.length;
}

/** The words of each simple command. */
export function shellCommands(text: string): string[][] {
  return shellLines(text).map(({ words }) => words);
}

/** A text as words, as compose splits `command:`; nothing but quotes and escapes counts. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\" && quote !== "'") word = (word ?? "") + (text[++at] ?? "");
    else if (quote !== "") {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + character;
  }
  if (word !== null) words.push(word);
  return words;
}
