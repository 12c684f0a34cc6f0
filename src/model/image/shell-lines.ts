/**
 * Simple commands of a shell text as words, quotes taken off, in order. Enough to know what a RUN writes and which
 * commands stand in it; a full grammar is in the shell source, for what has to be exact.
 */

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
  "(",
  ")",
]);

/** Splits at `;`, `&`, `|`, line ends and parentheses outside quotes. Assignments before a command are dropped. Never throws. */
export function shellCommands(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word = "";
  let inWord = false;
  let quote = "";
  const endWord = (): void => {
    if (inWord) words.push(word);
    word = "";
    inWord = false;
  };
  const endCommand = (): void => {
    endWord();
    let from = 0;
    while (from < words.length && (RESERVED.has(words[from]!) || /^[A-Za-z_]\w*=/.test(words[from]!))) from++;
    const command = words.slice(from);
    words = [];
    if (command.length > 0 && commands.length < MAX_COMMANDS) commands.push(command);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (character === "\\" && quote === '"' && at + 1 < text.length) word += text[++at]!;
      else word += character;
      continue;
    }
    if (character === "'" || character === '"') {
      quote = character;
      inWord = true;
    } else if (character === "\\") {
      const next = text[++at];
      if (next !== undefined && next !== "\n" && next !== "\r") {
        word += next;
        inWord = true;
      }
    } else if (character === " " || character === "\t" || character === "\r") endWord();
    else if (character === "\n" || character === ";" || character === "|" || character === "(" || character === ")") {
      if (character === "(" && (word.endsWith("$") || word.endsWith("="))) {
        word += character;
        continue;
      }
      endCommand();
    } else if (character === "&") {
      if (/\d?>$/.test(word) || text[at + 1] === ">") word += character;
      else endCommand();
    } else if (character === "#" && !inWord) {
      while (at + 1 < text.length && text[at + 1] !== "\n") at++;
    } else {
      word += character;
      inWord = true;
    }
  }
  endCommand();
  return commands;
}
