import type { ContextAccess } from "../../types/expression.ts";

/** A part of an expression between top-level `||` operators. */
export interface Alternative {
  /** Offset in the file. */
  start: number;
  end: number;
  text: string;
}

/** Splits an expression at its top-level occurrences of an operator (`||` or `&&`); quotes, brackets and parentheses are kept whole. */
export function splitExpression(text: string, start: number, operator: "||" | "&&"): Alternative[] {
  const parts: Alternative[] = [];
  let from = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (one === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (one === "(" || one === "[") depth++;
    else if (one === ")" || one === "]") depth--;
    else if (depth === 0 && text.startsWith(operator, at)) {
      parts.push({ start: start + from, end: start + at, text: text.slice(from, at) });
      at++;
      from = at + 1;
    }
  }
  parts.push({ start: start + from, end: start + text.length, text: text.slice(from) });
  return parts;
}

/** Takes off parentheses that hold the whole text. */
export function unwrapped({ start, text }: Alternative): Alternative {
  const lead = text.length - text.trimStart().length;
  const inner = text.trim();
  if (!inner.startsWith("(") || !inner.endsWith(")"))
    return { start: start + lead, end: start + lead + inner.length, text: inner };
  let depth = 0;
  for (let at = 0; at < inner.length - 1; at++) {
    if (inner[at] === "(") depth++;
    else if (inner[at] === ")") depth--;
    if (depth === 0) return { start: start + lead, end: start + lead + inner.length, text: inner };
  }
  return unwrapped({ start: start + lead + 1, end: start + lead + inner.length - 1, text: inner.slice(1, -1) });
}

/** The parentheses and arguments around an offset of the file, from the outside in: `fromJSON(vars.X || '{}')` holds an alternative of its own. */
export function groupsAround({ start, text }: Alternative, offset: number): Alternative[] {
  const open: number[] = [];
  let quoted = false;
  const end = offset - start;
  for (let at = 0; at < end; at++) {
    const one = text[at]!;
    if (one === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (one === "(") open.push(at + 1);
    else if (one === ")") open.pop();
    else if (one === "," && open.length > 0) open[open.length - 1] = at + 1;
  }
  return open.map((from) => {
    let depth = 0;
    let within = false;
    let to = from;
    for (; to < text.length; to++) {
      const one = text[to]!;
      if (one === "'") within = !within;
      else if (within) continue;
      else if (one === "(") depth++;
      else if (depth === 0 && (one === ")" || one === ",")) break;
      else if (one === ")") depth--;
    }
    return { start: start + from, end: start + to, text: text.slice(from, to) };
  });
}

/** Whether a part gives a value that is certainly not empty: a literal, or the token that every run has. */
export function isCertain(text: string): boolean {
  const inner = text.trim();
  return (
    /^(?:'(?!')(?:[^']|'')+'|-?\d[\d.]*|true)$/i.test(inner) ||
    /^(?:github\.(?!event)[\w.]+|secrets\.github_token|runner\.\w+)$/i.test(inner) ||
    /^(?:format|join|tojson|hashfiles)\(/i.test(inner)
  );
}

/** Whether an access is only asked about: compared, negated, or handed to a test. */
export function isTested(access: ContextAccess, text: string, start: number): boolean {
  const compared = [access.next, access.previous].some(
    (operator) => operator !== null && ["==", "!=", "<", ">", "<=", ">="].includes(operator),
  );
  if (compared || access.previous === "!") return true;
  const before = text.slice(0, access.start - start);
  return /\b(?:contains|startswith|endswith)\([^()]*$/i.test(before);
}
