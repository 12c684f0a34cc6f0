/** A token of JavaScript or TypeScript, without comments. Offsets are UTF-16. */
export interface ScriptToken {
  kind: "word" | "string" | "mark";
  /** A string's text between its quotes; what `${…}` puts in stands as underscores, so that offsets hold. */
  text: string;
  start: number;
  end: number;
}

/** A script's tokens and, for each opening bracket, the index of the one that closes it. */
export interface ScriptTokens {
  tokens: readonly ScriptToken[];
  closing: ReadonlyMap<number, number>;
}

const MAX_TOKENS = 200_000;
/** Longer regular expressions are read as what they look like; without a bound many slashes on one line would cost its square. */
const MAX_REGEX = 500;

/** What a regular expression may follow; after a name, a number or a closing bracket a slash divides. */
const BEFORE_REGEX = /^(?:[([{,;=:!&|?+\-*%<>~^}]|return|typeof|case|in|of|await)$/;

/**
 * Tokens of a script. Never throws; linear in the text. Regular expressions are left out; a string that is not closed ends with its line.
 */
export function scriptTokens(text: string): ScriptTokens {
  const tokens: ScriptToken[] = [];
  const scanner = /\/\/[^\n]*|\/\*|["'`]|[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|=>|\?\.(?!\d)|\S/g;
  for (let match = scanner.exec(text); match && tokens.length < MAX_TOKENS; match = scanner.exec(text)) {
    const [part] = match;
    const start = match.index;
    if (part.startsWith("//")) continue;
    if (part === "/*") {
      const close = text.indexOf("*/", start + 2);
      scanner.lastIndex = close === -1 ? text.length : close + 2;
    } else if (part === "`") {
      const close = templateClose(text, start);
      const end = Math.min(close + 1, text.length);
      tokens.push({ kind: "string", text: withoutInsertions(text.slice(start + 1, close)), start, end });
      scanner.lastIndex = end;
    } else if (part === '"' || part === "'") {
      const rest = part === '"' ? /[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*/y : /[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*/y;
      rest.lastIndex = start + 1;
      const inner = start + 1 + (rest.exec(text)?.[0].length ?? 0);
      const end = text[inner] === part ? inner + 1 : inner;
      tokens.push({ kind: "string", text: text.slice(start + 1, inner), start, end });
      scanner.lastIndex = end;
    } else if (part === "/" && BEFORE_REGEX.test(tokens.at(-1)?.text ?? "(") && tokens.at(-1)?.kind !== "string") {
      const body = /\/(?:[^\\/[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;
      const literal = body.exec(text.slice(start, start + MAX_REGEX));
      if (literal) scanner.lastIndex = start + literal[0].length;
    } else {
      const kind = /^[\w$\u0080-\uffff]/.test(part) ? "word" : "mark";
      tokens.push({ kind, text: part === "?." ? "." : part, start, end: start + part.length });
    }
  }
  return { tokens, closing: closingOf(tokens) };
}

/** Offset of the backtick that closes a template; templates within its insertions are passed over. */
function templateClose(text: string, start: number): number {
  // One entry for each open template: the braces that are open in its insertion, or null in its text.
  const open: (number | null)[] = [null];
  const marks = /\\[\s\S]|`|\$\{|[{}]/g;
  marks.lastIndex = start + 1;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    const depth = open.at(-1)!;
    if (match[0] === "`") {
      if (depth !== null) open.push(null);
      else if (open.length === 1) return match.index;
      else open.pop();
    } else if (depth === null) {
      if (match[0] === "${") open[open.length - 1] = 0;
    } else if (match[0] === "{" || match[0] === "${") open[open.length - 1] = depth + 1;
    else if (match[0] === "}") open[open.length - 1] = depth === 0 ? null : depth - 1;
  }
  return text.length;
}

/** The text of a template with each `${…}` blotted out. */
function withoutInsertions(text: string): string {
  let result = "";
  let depth = 0;
  let from = 0;
  const marks = /\\[\s\S]|\$\{|[{}]/g;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    if (depth === 0 && match[0] === "${") {
      result += text.slice(from, match.index);
      from = match.index;
      depth = 1;
    } else if (depth > 0 && match[0].endsWith("{")) depth++;
    else if (depth > 0 && match[0] === "}" && --depth === 0) {
      result += "_".repeat(marks.lastIndex - from);
      from = marks.lastIndex;
    }
  }
  return result + (depth > 0 ? "_".repeat(text.length - from) : text.slice(from));
}

function closingOf(tokens: readonly ScriptToken[]): Map<number, number> {
  const closing = new Map<number, number>();
  const open: { index: number; close: string }[] = [];
  const pairs: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
  const left: Record<string, number> = { ")": 0, "]": 0, "}": 0 };
  tokens.forEach(({ kind, text }, index) => {
    if (kind !== "mark") return;
    const close = pairs[text];
    if (close !== undefined) {
      open.push({ index, close });
      left[close]!++;
    }
    // A bracket that nothing opened closes nothing; what stayed open within a pair ends with it.
    if ((left[text] ?? 0) === 0) return;
    for (let one = open.pop(); one; one = open.pop()) {
      left[one.close]!--;
      if (one.close !== text) continue;
      closing.set(one.index, index);
      break;
    }
  });
  return closing;
}

/** A value as far as its text gives it. */
export type ScriptValue =
  | { kind: "string"; text: string; start: number; end: number }
  | { kind: "word"; text: string }
  | { kind: "array"; items: ScriptValue[] }
  | { kind: "object"; entries: ReadonlyMap<string, ScriptValue> }
  /** Its parameters, and the tokens of its body: from, and up to without. */
  | { kind: "function"; parameters: string[]; from: number; to: number }
  | { kind: "chain"; links: ScriptLink[] }
  | { kind: "other" };

/** One member of a chain such as `knex.schema.table("users", …)`: its name, and what it is called with. */
export interface ScriptLink {
  name: string;
  /** Null: not called. */
  args: ScriptValue[] | null;
  /** Offsets from the name to the end of the call. */
  start: number;
  end: number;
}

const MAX_DEPTH = 40;

/**
 * The chains that hold a call, in a range of tokens, in their order. What functions among the arguments do is not part of it: their
 * bodies are ranges to read in turn.
 */
export function* chainsIn(script: ScriptTokens, from: number, to: number): Iterable<ScriptLink[]> {
  const { tokens } = script;
  for (let at = from; at < to; ) {
    const token = tokens[at]!;
    if (token.kind !== "word") {
      at++;
      continue;
    }
    const { links, next } = readChain(script, at, to, 0);
    if (links.some((link) => link.args !== null)) yield links;
    at = Math.max(next, at + 1);
  }
}

function readChain(
  script: ScriptTokens,
  from: number,
  to: number,
  depth: number,
): { links: ScriptLink[]; next: number } {
  const { tokens, closing } = script;
  const links: ScriptLink[] = [];
  let at = from;
  while (at < to && tokens[at]!.kind === "word") {
    const { text: name, start, end } = tokens[at]!;
    if (/^(?:await|return|new|typeof|void|yield)$/.test(name) && links.length === 0) {
      at++;
      continue;
    }
    const link: ScriptLink = { name, args: null, start, end };
    links.push(link);
    at++;
    if (tokens[at]?.text === "!" && tokens[at + 1]?.text === ".") at++;
    if (tokens[at]?.text === "(" && tokens[at]?.kind === "mark") {
      const close = closing.get(at) ?? to;
      link.args = listOf(script, at + 1, close, depth + 1);
      link.end = tokens[close]?.end ?? end;
      at = close + 1;
    }
    if (tokens[at]?.kind !== "mark" || tokens[at]?.text !== ".") break;
    at++;
  }
  return { links, next: at };
}

/** The values between commas. */
function listOf(script: ScriptTokens, from: number, to: number, depth: number): ScriptValue[] {
  const values: ScriptValue[] = [];
  for (let at = from; at < to; ) {
    const end = commaFrom(script, at, to);
    if (end > at) values.push(readValue(script, at, end, depth));
    at = end + 1;
  }
  return values;
}

function commaFrom({ tokens, closing }: ScriptTokens, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const { kind, text } = tokens[at]!;
    if (kind !== "mark") continue;
    if (text === ",") return at;
    at = closing.get(at) ?? at;
  }
  return to;
}

function readValue(script: ScriptTokens, from: number, to: number, depth: number): ScriptValue {
  const { tokens, closing } = script;
  const first = tokens[from];
  if (!first || depth > MAX_DEPTH) return { kind: "other" };
  const asFunction = functionOf(script, from, to);
  if (asFunction) return asFunction;
  if (first.kind === "string") {
    return to === from + 1 || tokens[from + 1]?.text === "as" ? { ...first, kind: "string" } : { kind: "other" };
  }
  if (first.kind === "mark") {
    const close = closing.get(from);
    if (close === undefined) return { kind: "other" };
    if (first.text === "(" && close === to - 1) return readValue(script, from + 1, close, depth + 1);
    if (first.text === "[") return { kind: "array", items: listOf(script, from + 1, close, depth + 1) };
    return first.text === "{" ? objectOf(script, from + 1, close, depth + 1) : { kind: "other" };
  }
  const { links, next } = readChain(script, from, to, depth);
  if (next < to && tokens[next]?.text !== "as") return { kind: "other" };
  if (links.length === 1 && links[0]!.args === null) return { kind: "word", text: links[0]!.name };
  return links.length === 0 ? { kind: "other" } : { kind: "chain", links };
}

function objectOf(script: ScriptTokens, from: number, to: number, depth: number): ScriptValue {
  const { tokens } = script;
  const entries = new Map<string, ScriptValue>();
  for (let at = from; at < to; ) {
    const end = commaFrom(script, at, to);
    const key = tokens[at];
    if (key && key.kind !== "mark" && end > at) {
      const isPair = tokens[at + 1]?.text === ":" && tokens[at + 1]?.kind === "mark";
      const value = isPair ? readValue(script, at + 2, end, depth) : { kind: "word" as const, text: key.text };
      entries.set(key.text, value);
    }
    at = end + 1;
  }
  return { kind: "object", entries };
}

/** An arrow function or a function expression. */
function functionOf({ tokens, closing }: ScriptTokens, from: number, to: number): ScriptValue | null {
  let at = tokens[from]?.text === "async" ? from + 1 : from;
  const isExpression = tokens[at]?.kind === "word" && tokens[at]?.text === "function";
  if (isExpression) {
    at++;
    if (tokens[at]?.text === "*") at++;
    if (tokens[at]?.kind === "word") at++;
  }
  const opens = tokens[at]?.kind === "mark" && tokens[at]?.text === "(";
  if (!opens && tokens[at]?.kind !== "word") return null;
  const close = opens ? closing.get(at) : at;
  if (close === undefined || close >= to) return null;
  const parameters = opens
    ? tokens
        .slice(at + 1, close)
        .filter((one, index, all) => one.kind === "word" && (index === 0 || all[index - 1]!.text === ","))
        .map((one) => one.text)
    : [tokens[at]!.text];
  for (let body = close + 1; body < to; body++) {
    const { kind, text } = tokens[body]!;
    if (kind !== "mark" && body === close + 1) return null;
    if (kind === "mark" && text === "=>") {
      const opened = tokens[body + 1]?.kind === "mark" && tokens[body + 1]?.text === "{" ? closing.get(body + 1) : null;
      return { kind: "function", parameters, from: opened ? body + 2 : body + 1, to: opened ?? to };
    }
    if (kind === "mark" && text === "{") {
      return isExpression ? { kind: "function", parameters, from: body + 1, to: closing.get(body) ?? to } : null;
    }
    // Only a return type may stand between the parameters and the arrow.
    if (body === close + 1 && text !== ":") return null;
  }
  return null;
}

/** Every chain of a range, with those inside of its arguments, be it directly or in the bodies of functions. */
export function walkChains(
  script: ScriptTokens,
  from: number,
  to: number,
  visit: (links: ScriptLink[]) => void,
  depth = 0,
): void {
  if (depth > MAX_DEPTH) return;
  const into = (value: ScriptValue): void => {
    if (value.kind === "function") walkChains(script, value.from, value.to, visit, depth + 1);
    else if (value.kind === "array") value.items.forEach(into);
    else if (value.kind === "object") [...value.entries.values()].forEach(into);
    else if (value.kind === "chain") take(value.links);
  };
  const take = (links: ScriptLink[]): void => {
    if (links.some((link) => link.args !== null)) visit(links);
    for (const { args } of links) args?.forEach(into);
  };
  for (const links of chainsIn(script, from, to)) take(links);
}
