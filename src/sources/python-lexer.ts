import { shared } from "../text/shared.ts";

/** Kinds of tokens. */
export const T = { name: 1, number: 2, string: 3, operator: 4, newline: 5, indent: 6, dedent: 7, end: 8 } as const;

/** Thrown where text is no Python; caught per statement. */
export interface PythonSyntaxError {
  pythonSyntax: string;
  at: number;
}

export function isPythonSyntaxError(error: unknown): error is PythonSyntaxError {
  return typeof error === "object" && error !== null && "pythonSyntax" in error;
}

export interface LexerState {
  position: number;
  kind: number;
  start: number;
  end: number;
  value: string;
  lastEnd: number;
  depth: number;
  atLineStart: boolean;
  pending: number;
  indents: number[];
}

const word = new Uint8Array(128);
for (let code = 0; code < 128; code++) if (/\w/.test(String.fromCharCode(code))) word[code] = 1;

const numberToken =
  /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJlL]?/y;
const operators3 = new Set(["**=", "//=", ">>=", "<<=", "..."]);
const operators2 = new Set("** // >> << <= >= == != -> += -= *= /= %= &= |= ^= @= := <>".split(" "));

const secondOfOperator = new Uint8Array(128);
for (const character of "*/<>=.") secondOfOperator[character.charCodeAt(0)] = 1;

/** Tokens of Python, one ahead: `kind`, `value`, `start`, `end` describe the current one. */
export class PythonLexer {
  text: string;
  position: number;
  kind: number = T.end;
  start = 0;
  end = 0;
  value = "";
  /** End of the token before the current one. */
  lastEnd = 0;
  /** Open brackets: line ends do not count inside. */
  depth = 0;
  /** Depth at which `:`, `!` and `=` belong to a replacement field of a format string; -1 outside. */
  fieldDepth = -1;
  atLineStart = true;
  /** Dedents that are still to be given. */
  pending = 0;
  indents: number[] = [0];

  constructor(text: string) {
    this.text = text;
    this.position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  save(): LexerState {
    const { position, kind, start, end, value, lastEnd, depth, atLineStart, pending } = this;
    return { position, kind, start, end, value, lastEnd, depth, atLineStart, pending, indents: [...this.indents] };
  }

  restore(state: LexerState): void {
    Object.assign(this, state);
    this.indents = [...state.indents];
  }

  fail(what: string, at = this.start): never {
    const error: PythonSyntaxError = { pythonSyntax: what, at };
    throw error;
  }

  next(): void {
    this.lastEnd = this.end;
    if (this.pending > 0) {
      this.pending--;
      this.indents.pop();
      this.give(T.dedent, this.position, this.position, "");
      return;
    }
    if (this.atLineStart && this.depth === 0) {
      if (this.indentation()) return;
    }
    this.token();
  }

  give(kind: number, start: number, end: number, value: string): void {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.value = value;
  }

  /** Column of the next line that holds code; moves there. */
  measure(): number {
    const { text } = this;
    for (;;) {
      let column = 0;
      for (; ; this.position++) {
        const code = text.charCodeAt(this.position);
        if (code === 32) column++;
        else if (code === 9) column = (column | 7) + 1;
        else if (code === 12) column = 0;
        else break;
      }
      const code = text.charCodeAt(this.position);
      if (code === 10) this.position++;
      else if (code === 13 && text.charCodeAt(this.position + 1) === 10) this.position += 2;
      else if (code === 35) {
        const next = text.indexOf("\n", this.position);
        this.position = next === -1 ? text.length : next + 1;
      } else return column;
    }
  }

  /** True when it gave an indent or a dedent. */
  indentation(): boolean {
    const column = this.measure();
    this.atLineStart = false;
    const top = this.indents.at(-1)!;
    if (this.position >= this.text.length) {
      if (this.indents.length > 1) {
        this.pending = this.indents.length - 2;
        this.indents.pop();
        this.give(T.dedent, this.position, this.position, "");
        return true;
      }
      return false;
    }
    if (column > top) {
      this.indents.push(column);
      this.give(T.indent, this.position, this.position, "");
      return true;
    }
    if (column < top) {
      let count = 0;
      while (this.indents[this.indents.length - 1 - count]! > column) count++;
      // An indentation that matches no level counts as the outer one.
      this.pending = count - 1;
      this.indents.pop();
      this.give(T.dedent, this.position, this.position, "");
      return true;
    }
    return false;
  }

  token(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.position);
      if (code === 32 || code === 9 || code === 12) this.position++;
      else if (code === 13) {
        this.position++;
      } else if (code === 10) {
        this.position++;
        if (this.depth > 0) continue;
        this.atLineStart = true;
        this.give(T.newline, this.position - 1, this.position, "");
        return;
      } else if (code === 35) {
        const next = text.indexOf("\n", this.position);
        this.position = next === -1 ? text.length : next;
      } else if (code === 92) {
        const after = text.charCodeAt(this.position + 1);
        if (after === 10) this.position += 2;
        else if (after === 13 && text.charCodeAt(this.position + 2) === 10) this.position += 3;
        else this.fail("unexpected `\\`", this.position);
      } else if (Number.isNaN(code)) {
        if (
          this.depth === 0 &&
          this.kind !== T.newline &&
          this.kind !== T.dedent &&
          this.kind !== T.end &&
          this.kind !== T.indent
        ) {
          this.atLineStart = true;
          this.give(T.newline, this.position, this.position, "");
          return;
        }
        if (this.depth === 0 && this.indents.length > 1) {
          this.indents.pop();
          this.give(T.dedent, this.position, this.position, "");
          return;
        }
        this.give(T.end, text.length, text.length, "");
        return;
      } else break;
    }
    const start = this.position;
    const code = text.charCodeAt(start);
    if (code > 127 || (word[code] === 1 && (code < 48 || code > 57))) {
      let at = start + 1;
      let plain = code <= 127;
      for (;;) {
        const next = text.charCodeAt(at);
        if (next > 127) plain = false;
        else if (word[next] !== 1) break;
        at++;
      }
      const quote = text.charCodeAt(at);
      const name = shared(text.slice(start, at));
      if ((quote === 34 || quote === 39) && at - start <= 2 && /^[rRbBuUfFtT]+$/.test(name)) {
        this.stringToken(start, at, name.toLowerCase());
        return;
      }
      this.position = at;
      this.give(T.name, start, at, plain ? name : name.normalize("NFKC"));
      return;
    }
    if (code === 34 || code === 39) {
      this.stringToken(start, start, "");
      return;
    }
    const after = text.charCodeAt(start + 1);
    if ((code >= 48 && code <= 57) || (code === 46 && after >= 48 && after <= 57)) {
      numberToken.lastIndex = start;
      const match = numberToken.exec(text);
      this.position = start + (match?.[0].length ?? 1);
      this.give(T.number, start, this.position, "");
      return;
    }
    this.operatorToken(start);
  }

  operatorToken(start: number): void {
    const { text } = this;
    const inField = this.fieldDepth === this.depth;
    let value = text.charAt(start);
    const second = text.charCodeAt(start + 1);
    if (second < 128 && secondOfOperator[second] === 1) {
      const three = text.slice(start, start + 3);
      const two = text.slice(start, start + 2);
      if (operators3.has(three)) value = three;
      else if (operators2.has(two) && !(inField && two === ":=")) value = two;
    }
    switch (value) {
      case "(":
      case "[":
      case "{":
        this.depth++;
        break;
      case ")":
      case "]":
      case "}":
        if (this.depth > 0) this.depth--;
        break;
      case "?":
      case "$":
        this.fail(`unexpected \`${value}\``, start);
    }
    this.position = start + value.length;
    this.give(T.operator, start, this.position, value);
  }

  /** A plain string is read to its end; a format string only to its opening quotes. `value` is the prefix. */
  stringToken(start: number, quoteAt: number, prefix: string): void {
    const { text } = this;
    const quote = text[quoteAt]!;
    const triple = text.startsWith(quote.repeat(3), quoteAt);
    const body = quoteAt + (triple ? 3 : 1);
    if (prefix.includes("f") || prefix.includes("t")) {
      this.position = body;
      this.give(T.string, start, body, prefix);
      return;
    }
    const end = triple ? this.tripleEnd(body, quote.repeat(3)) : this.singleEnd(body, quote);
    if (end === -1) this.fail("a string is not closed", start);
    this.position = end;
    this.give(T.string, start, end, prefix);
  }

  tripleEnd(body: number, mark: string): number {
    const { text } = this;
    for (let close = text.indexOf(mark, body); close !== -1; close = text.indexOf(mark, close + 1)) {
      let slashes = 0;
      while (close - 1 - slashes >= body && text.charCodeAt(close - 1 - slashes) === 92) slashes++;
      if (slashes % 2 === 0) return close + 3;
    }
    return -1;
  }

  singleEnd(body: number, quote: string): number {
    const { text } = this;
    const mark = quote.charCodeAt(0);
    for (let at = body; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === mark) return at + 1;
      if (code === 92) at += text.charCodeAt(at + 1) === 13 ? 2 : 1;
      else if (code === 10) return -1;
    }
    return -1;
  }
}
