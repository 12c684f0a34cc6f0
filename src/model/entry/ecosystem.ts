import type { Location, RepoPath } from "../../types/text.ts";
import type { ProcessApp } from "./walk.ts";

const property = (name: string) => new RegExp(`\\b${name}["']?\\s*:\\s*(["'\`])([^"'\`\\\\]{1,300})\\1`);

/**
 * The apps of a pm2 ecosystem file. It is code, which is not run: only literal `script:` properties and their neighbours are read, and
 * whether they stand under a condition.
 */
export function appsInCode(path: RepoPath, lines: readonly string[]): ProcessApp[] {
  const apps: ProcessApp[] = [];
  const read = lines.slice(0, 2000).map((line) => line.slice(0, 2000));
  const isConditional = conditions(read);
  let block = "";
  let found: Pick<ProcessApp, "script" | "at" | "conditional"> | null = null;
  const finish = () => {
    const text = (name: string) => property(name).exec(block)?.[2] ?? null;
    if (found)
      apps.push({
        name: text("name"),
        cwd: text("cwd"),
        args: text("args"),
        interpreter: text("interpreter"),
        ...found,
      });
    found = null;
    block = "";
  };
  for (const [index, line] of read.entries()) {
    const code = line.replace(/^\s*(?:\/\/|\*|\/\*).*$/, "");
    for (const piece of code.split(/(?<=[{}])/)) {
      const match = property("script").exec(piece);
      block += piece;
      if (match) {
        const column = code.indexOf(match[0]) + match[0].length - match[2]!.length;
        const start = { line: index + 1, column };
        const at: Location = { path, start, end: { line: index + 1, column: column + match[2]!.length } };
        if (found) finish();
        found = { script: match[2]!, at, conditional: isConditional(index, code.indexOf(match[0])) };
      }
      if (piece.endsWith("}") && found) finish();
      else if (piece.endsWith("{") && !found) block = "";
    }
    block += "\n";
  }
  finish();
  return apps;
}

const TOKEN =
  /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|`(?:[^`\\]|\\[\s\S])*`?|[\w$]+|\.\.\.|\?\?=?|\?\.|&&=?|\|\|=?|=>|[=!]==?|[<>]=|[^\s]/g;

/** What stands around a token: the brackets that are open, outermost first. */
interface Bracket {
  /** It, or what holds it, is evaluated only on a condition. */
  conditional: boolean;
  /** Inside it, the operand that is being read is one side of `?:`, `&&`, `||`, `??`, or spread. */
  branch: boolean;
  /** `?` without its `:`. */
  questions: number;
  /** The word before it: `if (`. */
  word: string;
}

/**
 * Tells for a line and column, both from 0 and asked in the order of the text, whether what stands there is evaluated only on a
 * condition. By brackets and operators alone: the text is not parsed.
 */
function conditions(lines: readonly string[]): (line: number, column: number) => boolean {
  const text = lines.join("\n");
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1)! + line.length + 1);
  const changes: { offset: number; conditional: boolean }[] = [];
  const stack: Bracket[] = [{ conditional: false, branch: false, questions: 0, word: "" }];
  let word = "";
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.startsWith("/*")) continue;
    const top = stack.at(-1)!;
    if (/^[([{]$/.test(token)) {
      stack.push({ conditional: top.conditional || top.branch, branch: false, questions: 0, word });
    } else if (/^[)\]}]$/.test(token)) {
      if (stack.length > 1) stack.pop();
      const outer = stack.at(-1)!;
      // What follows `if (…)` is a branch until the statement ends.
      if (token === ")" && /^(?:if|while|for|switch)$/.test(top.word)) outer.branch = true;
      else if (token === "}" && outer.questions === 0) outer.branch = false;
    } else if (token === "?") {
      top.questions++;
      top.branch = true;
    } else if (token === ":") {
      if (top.questions > 0) top.questions--;
      else top.branch = false;
    } else if (/^(?:&&|\|\||\?\?|\.\.\.|else)/.test(token)) top.branch = true;
    else if (/^(?:[,;=]|export|const|let|var)$/.test(token)) {
      top.branch = false;
      top.questions = 0;
    }
    word = token;
    const now = stack.at(-1)!;
    const conditional = now.conditional || now.branch;
    if (conditional !== (changes.at(-1)?.conditional ?? false)) changes.push({ offset: index, conditional });
  }
  // Asked in the order of the text.
  let next = 0;
  return (line, column) => {
    const offset = starts[line]! + column;
    while (next < changes.length && changes[next]!.offset <= offset) next++;
    return changes[next - 1]?.conditional ?? false;
  };
}
