import type { ShellCommand, ShellJoin, ShellScript, ShellWord } from "../types/shell.ts";

/** One token of a script without expansions, escapes, redirects, assignments and compound commands. Anything else is not plain. */
const TOKEN =
  /[ \t]*(?:(#[^\n]*)|(&&|\|\|(?!\|)|\||\n)|("[^"$`\\!\n]*"|'[^'\n]*'|[\w./:@+,-][\w./:=@+,-]*)(?=[ \t\n]|$))/y;
/** Words that start something else than a command where they stand first. */
const KEYWORDS = new Set(
  "if then else elif fi for while until do done case esac in select function time coproc declare typeset export readonly local unset unsetenv".split(
    " ",
  ),
);
const MAX_LENGTH = 20_000;

/**
 * A script of plain commands, joined by `&&`, `||`, `|` and line ends, without the grammar, which costs more to load than a short run
 * takes. Null for anything else. The same answer as the grammar's for what it takes, held to that by test.
 */
export function parsePlainShell(
  text: string,
  toFile: (offset: number) => number,
  lineStarts: number[],
): ShellScript | null {
  if (text.length > MAX_LENGTH) return null;
  const commands: ShellCommand[] = [];
  let words: ShellWord[] = [];
  let join: ShellJoin = ";";
  let pipelines = 0;
  /** Number of the open pipeline; null after anything but `|`. */
  let pipeline: number | null = null;
  let end = 0;
  const finish = (next: ShellJoin): boolean => {
    const [first] = words;
    if (first === undefined) return join === ";" && next === ";";
    if (first.quotes === "none" && (KEYWORDS.has(first.text) || !/^[\w./][\w./-]*$/.test(first.text))) return false;
    const own = pipeline ?? pipelines++;
    const common = { name: first.text, words, assignments: [], redirects: [], join, background: false, negated: false };
    commands.push({ ...common, pipeline: own, within: [], start: first.start, end: toFile(end) });
    pipeline = next === "|" ? own : null;
    join = next;
    words = [];
    return true;
  };
  TOKEN.lastIndex = 0;
  const trimmed = text.trimEnd();
  while (TOKEN.lastIndex < trimmed.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(trimmed);
    if (!match) return null;
    const [all, comment, operator, word] = match;
    const start = from + all.length - (word ?? "").length;
    if (comment !== undefined) {
      if (words.length > 0 || join !== ";") return null;
    } else if (operator !== undefined) {
      if (!finish(operator === "\n" ? ";" : (operator as ShellJoin))) return null;
    } else if (word !== undefined) {
      end = start + word.length;
      const quotes = word.startsWith('"') ? "double" : word.startsWith("'") ? "single" : "none";
      const inner = quotes === "none" ? word : word.slice(1, -1);
      words.push({ text: inner, quotes, expansions: [], start: toFile(start), end: toFile(end) });
    }
  }
  if (!finish(";")) return null;
  return { commands, functions: [], errors: [], lineStarts };
}
