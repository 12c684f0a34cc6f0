import { lineStartsOf, positionAt } from "../text/positions.ts";
import type { DockerfileSyntax, Heredoc, Instruction } from "../types/dockerfile.ts";
import type { Range } from "../types/text.ts";
import { type Joined, parseInstruction } from "./dockerfile-instruction.ts";
import { isSpace, lexWord } from "./dockerfile-words.ts";

/**
 * Dockerfile parser after BuildKit's (frontend/dockerfile/parser). Own code: the libraries lose spaces in JSON commands,
 * take heredoc bodies for instructions and end an instruction at a blank line.
 */

/** bufio.MaxScanTokenSize: a longer line is refused by the builder. */
const MAX_LINE = 64 * 1024;

const WITH_HEREDOC = new Set(["ADD", "COPY", "RUN"]);
const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/;
const HEREDOC = /^(\d*)<<(-?)([^<]*)$/;

/** One physical line: [start, end) without its line end, and where the next line starts. */
interface Line {
  start: number;
  end: number;
  next: number;
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

function leadingSpace(text: string): number {
  let at = 0;
  while (at < text.length && isSpace(text[at]!)) at++;
  return at;
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
