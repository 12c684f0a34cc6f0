import { Lexer } from "@actions/expressions";
import type { ContextAccess, Expression, ExpressionCall } from "../types/expression.ts";

type Token = ReturnType<Lexer["lex"]>["tokens"][number];

/** Longest expression that is read: GitHub's own limit is 21,000 characters. */
const maxLength = 21_000;

/**
 * Every `${{ }}` of a text, in order. `toFile` maps offsets of the text to offsets of the file. Never throws.
 * A `}}` inside a quoted string does not end the expression; one that never closes is left out.
 */
export function expressionsIn(text: string, toFile: (offset: number) => number = (offset) => offset): Expression[] {
  const found: Expression[] = [];
  for (let open = text.indexOf("${{"); open !== -1; ) {
    const close = closing(text, open + 3);
    if (close === null) {
      open = text.indexOf("${{", open + 3);
      continue;
    }
    found.push(parseExpression(text.slice(open + 3, close), (offset) => toFile(open + 3 + offset)));
    open = text.indexOf("${{", close + 2);
  }
  return found;
}

function closing(text: string, from: number): number | null {
  const last = Math.min(text.length, from + maxLength);
  let quoted = false;
  for (let at = from; at < last; at++) {
    const unit = text.charAt(at);
    if (unit === "'") quoted = !quoted;
    else if (!quoted && unit === "}" && text.charAt(at + 1) === "}") return at;
  }
  return null;
}

/** One expression without its `${{ }}`. A text that is none has `error` set and no accesses. */
export function parseExpression(text: string, toFile: (offset: number) => number = (offset) => offset): Expression {
  const expression: Expression = {
    text,
    accesses: [],
    calls: [],
    error: null,
    start: toFile(0),
    end: toFile(text.length),
  };
  if (text.length > maxLength) return { ...expression, error: "The expression is too long." };
  let tokens: Token[];
  try {
    // White space of every kind counts as one line, so that columns are offsets.
    tokens = new Lexer(text.replace(/\s/g, " ")).lex().tokens;
  } catch (error) {
    return { ...expression, error: error instanceof Error ? error.message : "The expression is not readable." };
  }
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token && isName(token) && tokens[at - 1]?.lexeme !== ".") {
      if (tokens[at + 1]?.lexeme === "(") expression.calls.push(callOf(token, tokens[at - 1], toFile));
      else at = accessAt(tokens, at, text.length, toFile, expression.accesses);
    }
    at++;
  }
  return expression;
}

function isName(token: Token): boolean {
  return /^[A-Za-z_][\w-]*$/.test(token.lexeme) && !/^(?:true|false|null|NaN|Infinity)$/.test(token.lexeme);
}

function callOf(token: Token, before: Token | undefined, toFile: (offset: number) => number): ExpressionCall {
  const start = token.range.start.column;
  return {
    name: token.lexeme.toLowerCase(),
    negated: before?.lexeme === "!",
    start: toFile(start),
    end: toFile(start + token.lexeme.length),
  };
}

const operators = new Set(["||", "&&", "==", "!=", "!", "<", ">", "<=", ">="]);

/** Reads the access that starts at a name; returns the index of its last token. Computed keys are read for their own accesses. */
function accessAt(
  tokens: readonly Token[],
  first: number,
  length: number,
  toFile: (offset: number) => number,
  found: ContextAccess[],
): number {
  const path: (string | null)[] = [];
  const inner: ContextAccess[] = [];
  let at = first;
  for (;;) {
    const next = tokens[at + 1];
    if (next?.lexeme === "." && tokens[at + 2] && tokens[at + 2]?.lexeme !== "") {
      path.push(tokens[at + 2]?.lexeme ?? "");
      at += 2;
    } else if (next?.lexeme === "[") {
      const close = closingBracket(tokens, at + 1);
      if (close === null) break;
      const key = close === at + 3 ? tokens[at + 2] : undefined;
      path.push(key && typeof key.value === "string" ? key.value : key?.lexeme === "*" ? "*" : null);
      for (let index = at + 2; index < close; index++) {
        const token = tokens[index];
        if (token && isName(token) && tokens[index - 1]?.lexeme !== "." && tokens[index + 1]?.lexeme !== "(")
          index = accessAt(tokens, index, length, toFile, inner);
      }
      at = close;
    } else break;
  }
  const start = tokens[first]?.range.start.column ?? 0;
  const last = tokens[at];
  const after = tokens[at + 1];
  const before = tokens[first - 1];
  found.push({
    context: (tokens[first]?.lexeme ?? "").toLowerCase(),
    path,
    next: after && operators.has(after.lexeme) ? after.lexeme : null,
    previous: before && operators.has(before.lexeme) ? before.lexeme : null,
    start: toFile(start),
    end: toFile(Math.min(length, last ? last.range.start.column + last.lexeme.length : length)),
  });
  found.push(...inner);
  return at;
}

function closingBracket(tokens: readonly Token[], open: number): number | null {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.lexeme === "[") depth++;
    else if (tokens[at]?.lexeme === "]" && --depth === 0) return at;
  }
  return null;
}
