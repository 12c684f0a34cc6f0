import type { PythonBreak } from "../types/python.ts";

/**
 * Finds what certainly does not compile: conflict markers, brackets and strings left open, indentation, an import inside a parenthesised
 * import, and syntax that an older Python refuses. Only forms that no Python accepts are told; a parser's error node is no proof.
 * The first break of each kind that is certain in every version ends the reading: what follows it is guesswork.
 */
export function findPythonBreaks(source: string): PythonBreak[] {
  const text = source.includes("\r") ? source.replace(/\r(?!\n)/g, "\n") : source;
  const reader = new BreakReader(text);
  reader.read();
  return reader.found.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Conflict markers at column 1, in their order. For any text whose lines may not begin so. */
export function findConflictMarker(text: string, from = 0): { line: number } | null {
  if (!text.includes("<<<<<<<")) return null;
  const begins = /^<{7}(?: .*)?$/gm;
  begins.lastIndex = from;
  const first = begins.exec(text);
  if (!first) return null;
  const middle = /^={7}$/m.exec(text.slice(first.index).replaceAll("\r", ""));
  if (!middle || !/^>{7}(?: .*)?$/m.test(text.slice(first.index + middle.index))) return null;
  return { line: text.slice(0, first.index).split("\n").length };
}

interface Indent {
  /** Columns with tabs to multiples of eight, and with tabs of one: Python wants both to agree. */
  wide: number;
  narrow: number;
}

const compound = /(?:if|elif|else|for|while|with|try|except|finally|def|class|async|match|case)(?!\w)/y;
const neverInside =
  /(?:def|class|return|while|with|try|except|finally|raise|pass|del|global|nonlocal|assert|break|continue|elif|import|from[ \t]+[\w.]+[ \t]+import)(?![\w=])/y;
const parenthesisedImport = /from[ \t]+[\w.]+[ \t]+import[ \t]*$/;
const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

class BreakReader {
  text: string;
  found: PythonBreak[] = [];
  at = 0;
  ended = false;
  open: { character: string; at: number; imports: boolean }[] = [];
  indents: Indent[] = [{ wide: 0, narrow: 0 }];
  expectsBlock = -1;

  constructor(text: string) {
    this.text = text;
  }

  add(at: number, what: string, since: PythonBreak["since"] = null): void {
    const before = this.text.slice(0, at);
    const line = before.split("\n").length;
    const column = at - (before.lastIndexOf("\n") + 1) + 1;
    if (since === null) this.ended = true;
    if (this.found.length < 50) this.found.push({ line, column, what, since });
  }

  read(): void {
    const { text } = this;
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
    while (this.at < text.length && !this.ended) this.logicalLine();
    if (this.ended) return;
    const left = this.open.at(-1);
    if (left) this.add(left.at, `\`${left.character}\` is never closed`);
    else if (this.expectsBlock !== -1) this.add(this.expectsBlock, "an indented block is missing after this line");
  }

  logicalLine(): void {
    const { text } = this;
    const lineStart = this.at;
    const indent: Indent = { wide: 0, narrow: 0 };
    for (; ; this.at++) {
      const code = text.charCodeAt(this.at);
      if (code === 32) indent.wide++;
      else if (code === 9) indent.wide = (indent.wide | 7) + 1;
      else if (code === 12) {
        indent.wide = 0;
        indent.narrow = 0;
        continue;
      } else break;
      indent.narrow++;
    }
    const code = text.charCodeAt(this.at);
    if (Number.isNaN(code)) return;
    if (code === 35 || code === 10 || code === 13) {
      this.skipLine();
      return;
    }
    if (text.startsWith("<<<<<<<", lineStart) || text.startsWith(">>>>>>>", lineStart)) {
      if (text.startsWith("<<<<<<<", lineStart) && findConflictMarker(text, lineStart))
        this.add(lineStart, "a conflict marker of a merge");
      else this.ended = true;
      return;
    }
    const start = this.at;
    this.judgeIndent(indent, start);
    if (this.ended) return;
    compound.lastIndex = start;
    const header = compound.exec(text)?.[0] ?? "";
    this.versions(start);
    this.body(start, header);
  }

  skipLine(): void {
    const next = this.text.indexOf("\n", this.at);
    this.at = next === -1 ? this.text.length : next + 1;
  }

  judgeIndent(indent: Indent, start: number): void {
    const top = this.indents.at(-1)!;
    const expected = this.expectsBlock;
    this.expectsBlock = -1;
    const tabs = "tabs and spaces are mixed in a way that Python refuses";
    if (indent.wide === top.wide) {
      if (indent.narrow !== top.narrow) this.add(start, tabs);
      else if (expected !== -1) this.add(start, "an indented block is expected here");
    } else if (indent.wide > top.wide) {
      if (indent.narrow <= top.narrow) this.add(start, tabs);
      else if (expected === -1) this.add(start, "unexpected indentation");
      else this.indents.push(indent);
    } else {
      if (expected !== -1) {
        this.add(start, "an indented block is expected here");
        return;
      }
      while (this.indents.at(-1)!.wide > indent.wide) this.indents.pop();
      const level = this.indents.at(-1)!;
      if (level.wide !== indent.wide) this.add(start, "this indentation matches no outer level");
      else if (level.narrow !== indent.narrow) this.add(start, tabs);
    }
  }

  /** Reads to the end of the logical line. */
  body(start: number, header: string): void {
    const { text } = this;
    let colon = -1;
    let lambda = 0;
    while (this.at < text.length && !this.ended) {
      const character = text[this.at]!;
      switch (character) {
        case "#":
          this.skipToLineEnd();
          break;
        case "\\":
          this.at += text[this.at + 1] === "\r" ? 3 : 2;
          colon = colon === -1 ? -1 : colon;
          break;
        case '"':
        case "'":
          this.string();
          if (colon !== -1) colon = -2;
          break;
        case "(":
        case "[":
        case "{":
          this.open.push({
            character,
            at: this.at,
            imports: character === "(" && this.at - start < 300 && parenthesisedImport.test(text.slice(start, this.at)),
          });
          this.at++;
          if (colon !== -1) colon = -2;
          break;
        case ")":
        case "]":
        case "}":
          this.close(character);
          break;
        case "\n":
          this.at++;
          if (this.open.length > 0) {
            this.insideBracket();
            break;
          }
          if (header !== "" && colon >= 0) this.expectsBlock = start;
          return;
        case ":":
          // The colon of a header is the first outside brackets that belongs to no lambda.
          if (this.open.length === 0) {
            if (lambda > 0) lambda--;
            else if (text[this.at + 1] === "=") this.at++;
            else if (colon === -1) colon = this.at;
            else colon = -2;
          }
          this.at++;
          break;
        case " ":
        case "\t":
        case "\r":
          this.at++;
          break;
        default:
          if (this.open.length === 0 && character === "l" && /^lambda\b/.test(text.slice(this.at, this.at + 7)))
            lambda++;
          if (colon !== -1) colon = -2;
          // At least one: white space that Python does not know (a vertical tab) comes here too.
          do this.at++;
          while (this.at < text.length && !/[\s#\\"'()[\]{}:]/.test(text[this.at]!));
      }
    }
    if (header !== "" && colon >= 0 && this.at >= text.length && this.open.length === 0) this.expectsBlock = start;
  }

  skipToLineEnd(): void {
    const next = this.text.indexOf("\n", this.at);
    this.at = next === -1 ? this.text.length : next;
  }

  close(character: string): void {
    const top = this.open.pop();
    if (!top) this.add(this.at, `\`${character}\` closes nothing`);
    else if (closers[top.character] !== character)
      this.add(this.at, `\`${character}\` does not close \`${top.character}\``);
    this.at++;
  }

  /** A line begins inside brackets: some keywords cannot stand there. */
  insideBracket(): void {
    const { text } = this;
    let at = this.at;
    while (text[at] === " " || text[at] === "\t") at++;
    neverInside.lastIndex = at;
    const keyword = neverInside.exec(text)?.[0];
    const top = this.open.at(-1)!;
    if (keyword === undefined) {
      if (text.startsWith("<<<<<<<", this.at)) {
        if (findConflictMarker(text, this.at)) this.add(this.at, "a conflict marker of a merge");
        else this.ended = true;
      }
      return;
    }
    if (top.imports && /^(?:import|from)/.test(keyword))
      this.add(at, "an import statement inside a parenthesised import");
    else this.add(top.at, `\`${top.character}\` is never closed`);
  }

  string(): void {
    const { text } = this;
    const start = this.at;
    const quote = text[start]!;
    let prefix = start;
    while (prefix > 0 && /[a-zA-Z]/.test(text[prefix - 1]!) && start - prefix < 3) prefix--;
    const format = /[fFtT]/.test(text.slice(prefix, start)) && !/\w/.test(text[prefix - 1] ?? "");
    const raw = /[rR]/.test(text.slice(prefix, start));
    const triple = text.startsWith(quote.repeat(3), start);
    const mark = triple ? quote.repeat(3) : quote;
    this.at = start + mark.length;
    let depth = 0;
    while (this.at < text.length) {
      const character = text[this.at]!;
      if (character === "\\" && depth === 0) {
        // A backslash protects no brace of a format, but for the name in `\N{DASH}`.
        if (format && text[this.at + 1] === "{") this.at++;
        else if (format && !raw && text.startsWith("N{", this.at + 1)) this.at += 3;
        else this.at += 2;
        continue;
      }
      if (depth === 0 && text.startsWith(mark, this.at)) {
        this.at += mark.length;
        return;
      }
      if (format && character === "{") {
        if (depth === 0 && text[this.at + 1] === "{") {
          this.at += 2;
          continue;
        }
        depth++;
      } else if (format && character === "}" && depth > 0) depth--;
      else if (depth > 0 && (character === '"' || character === "'")) {
        if (!this.nested(character, mark, start)) return;
        continue;
      } else if (character === "\n" && !triple) {
        // A replacement field over several lines is allowed since 3.12: nothing is said of such a string.
        if (depth > 0) this.ended = true;
        else this.add(start, "this string is not closed");
        return;
      }
      this.at++;
    }
    if (depth > 0) this.ended = true;
    else this.add(start, "this string is never closed");
  }

  /** A string inside a replacement field. False where what follows cannot be told. */
  nested(quote: string, outer: string, start: number): boolean {
    const { text } = this;
    if (outer[0] === quote && (outer.length === 1 || text.startsWith(outer, this.at))) {
      this.add(start, "the same quotes inside an f-string", "3.12");
    }
    const window = text.slice(this.at, this.at + 5000);
    const mark = window.startsWith(quote.repeat(3)) ? quote.repeat(3) : quote;
    const end = window.indexOf(mark, mark.length);
    const line = window.indexOf("\n");
    if (end === -1 || (mark.length === 1 && line !== -1 && end > line)) {
      this.ended = true;
      return false;
    }
    this.at += end + mark.length;
    return true;
  }

  /** Statements that only newer versions know, by their first words. */
  versions(start: number): void {
    const lineEnd = this.text.indexOf("\n", start);
    const line = this.text.slice(start, Math.min(lineEnd === -1 ? this.text.length : lineEnd, start + 300));
    if (/^except\s*\*/.test(line)) this.add(start, "`except*`", "3.11");
    else if (/^except\s+[\w.]+\s*,\s*[\w.]+(?:\s*,\s*[\w.]+)*\s*:/.test(line))
      this.add(start, "`except A, B:` without parentheses", "3.14");
    else if (/^(?:async\s+def|def|class)\s+\w+\s*\[/.test(line)) this.add(start, "type parameters", "3.12");
    else if (/^type\s+\w+\s*(?:\[[^\]]*\]\s*)?=(?!=)/.test(line)) this.add(start, "a `type` statement", "3.12");
    else if (
      /^match\b[^=]*:\s*(?:#.*)?$/.test(line) &&
      /^\s*case\b/.test(this.text.slice(lineEnd + 1, lineEnd + 200))
    ) {
      this.add(start, "a `match` statement", "3.10");
    }
  }
}
