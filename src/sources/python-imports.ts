import type { PythonImport, PythonImportedName, PythonImportGuard, PythonImports } from "../types/python.ts";

/**
 * Finds every import of a Python file without building a tree: forty times faster than a grammar, so that the imports of a whole
 * repository cost less than reading it. Exact against CPython's `ast` (the test compares them), and tolerant of damage: it goes on at the
 * next keyword that cannot stand inside brackets, and ends a plain string at its line.
 */
export function scanPythonImports(source: string): PythonImports {
  // Universal newlines: a lone \r ends a line too. Same length, so offsets hold.
  const text = source.includes("\r") ? source.replace(/\r(?!\n)/g, "\n") : source;
  const scan: Scan = { text, blocks: [], found: [], closed: null };
  scanLines(scan);
  return { imports: finish(scan) };
}

interface Block {
  kind: "def" | "class" | "try" | "handler" | "type" | "runtime" | "suppress";
  /** Column of the header; -1 never occurs, inline bodies share the header's. */
  indent: number;
  name: string;
  parent: Block | null;
  handlers: Handler[];
  handler: Handler | null;
}

interface Handler {
  catches: PythonImportGuard["catches"] | null;
  raises: boolean;
  /** Column of the first statement of the body; -1 before it is met, -2 for a body in the line of its header. */
  bodyIndent: number;
}

interface Found {
  kind: PythonImport["kind"];
  offset: number;
  level: number;
  module: string;
  names: { name: string; alias: string | null; offset: number }[];
  block: Block | null;
}

interface Scan {
  text: string;
  blocks: Block[];
  found: Found[];
  /** The block that the current line closed at its own column: what `except`, `else` and `elif` belong to. */
  closed: Block | null;
}

/** One byte per UTF-16 code unit: no range check in the hot loop. */
const special = new Uint8Array(65536);
for (const character of "\"'#\\\n()[]{}:;") special[character.charCodeAt(0)] = 1;
const word = new Uint8Array(128);
for (let code = 0; code < 128; code++) if (/\w/.test(String.fromCharCode(code))) word[code] = 1;

const isWord = (code: number) => code > 127 || word[code] === 1;

const newline = 10;
const space = 32;
const tab = 9;
const formFeed = 12;
const hash = 35;
const backslash = 92;

/** Keywords that never begin a line inside brackets: meeting one there means that a bracket was left open. */
const resync =
  /(?:def|class|return|while|with|try|except|finally|raise|pass|del|global|nonlocal|assert|break|continue|elif|import|from[ \t]+[\w.]+[ \t]+import)(?![\w=])/y;
const statementWord = /[A-Za-z]+/y;
const blockWords = new Set(["def", "class", "try", "except", "if", "elif", "else", "with", "async", "finally"]);
const exits = /(?:raise\b|(?:sys\s*\.\s*exit|os\s*\.\s*_exit|exit|quit)\s*\()/y;

function wordAt(text: string, at: number): string {
  statementWord.lastIndex = at;
  const match = statementWord.exec(text);
  return match && !isWord(text.charCodeAt(at + match[0].length)) ? match[0] : "";
}

function scanLines(scan: Scan): void {
  const { text } = scan;
  const end = text.length;
  // Nothing can be found behind the last of these words; only open handlers are still to be read.
  const last = text.lastIndexOf("import");
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < end) {
    if (at > last && !scan.blocks.some((block) => block.kind === "try" || block.kind === "handler")) return;
    let indent = 0;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === space) indent++;
      else if (code === tab) indent = (indent | 7) + 1;
      else if (code === formFeed) indent = 0;
      else break;
    }
    const code = text.charCodeAt(at);
    if (code === newline || code === hash || code === 13) {
      const next = text.indexOf("\n", at);
      at = next === -1 ? end : next + 1;
      continue;
    }
    if (at >= end) break;
    at = scanLogicalLine(scan, at, indent);
  }
}

/** Reads one logical line from its first character; gives the offset after its end. */
function scanLogicalLine(scan: Scan, start: number, indent: number): number {
  const { text, blocks } = scan;
  const end = text.length;
  scan.closed = null;
  for (let top = blocks.length - 1; top >= 0 && blocks[top]!.indent >= indent; top--) {
    const block = blocks.pop()!;
    scan.closed = block.indent === indent ? block : null;
  }
  const enclosing = blocks.at(-1);
  let header = "";
  const first = text.charCodeAt(start);
  // Only these letters begin a word that matters: a c d e f i o q r s t w
  if (first >= 97 && first <= 119) header = wordAt(text, start);
  if (enclosing?.handler) noteExit(enclosing.handler, text, start, indent);
  let at = start;
  if (header === "import" || header === "from") at = readImport(scan, start, header);
  let awaitsHeader = blockWords.has(header);
  const simple = !awaitsHeader && header !== "for" && header !== "while" && header !== "match" && header !== "case";

  let depth = 0;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (special[code] === 0) {
      at++;
      continue;
    }
    switch (code) {
      case 34: // "
      case 39: // '
        at = skipString(text, at, code);
        break;
      case hash: {
        const next = text.indexOf("\n", at);
        at = next === -1 ? end : next;
        break;
      }
      case backslash:
        at += text.charCodeAt(at + 1) === 13 ? 3 : 2;
        break;
      case newline:
        at++;
        if (depth === 0) return at;
        if (resumesAt(text, at)) return at;
        break;
      case 40: // (
        depth++;
        if (text.charCodeAt(at - 1) === 101 || text.charCodeAt(at - 1) === 95) dynamicImport(scan, at);
        at++;
        break;
      case 91: // [
      case 123: // {
        depth++;
        at++;
        break;
      case 41: // )
      case 93: // ]
      case 125: // }
        if (depth > 0) depth--;
        at++;
        break;
      case 58: // :
      case 59: // ;
        at++;
        if (depth > 0) break;
        if (code === 58 && awaitsHeader) {
          awaitsHeader = false;
          openBlock(scan, header, start, at - 1, indent);
        }
        at = inlineStatement(scan, at, simple ? indent : -2);
        break;
    }
  }
  return end;
}

/** After `:` or `;`: an import that stands in the same line, and exits of a handler written in one line. */
function inlineStatement(scan: Scan, from: number, indent: number): number {
  const { text } = scan;
  let at = from;
  while (text.charCodeAt(at) === space || text.charCodeAt(at) === tab) at++;
  const code = text.charCodeAt(at);
  const handler = scan.blocks.at(-1)?.handler;
  if (handler && code !== newline && code !== hash && code !== 13) noteExit(handler, text, at, indent);
  if (code !== 105 && code !== 102) return at;
  const header = wordAt(text, at);
  return header === "import" || header === "from" ? readImport(scan, at, header) : at;
}

function noteExit(handler: Handler, text: string, at: number, indent: number): void {
  if (handler.bodyIndent === -1) handler.bodyIndent = indent;
  if (handler.raises || handler.bodyIndent !== indent) return;
  exits.lastIndex = at;
  if (exits.test(text)) handler.raises = true;
}

function resumesAt(text: string, lineStart: number): boolean {
  let at = lineStart;
  while (text.charCodeAt(at) === space || text.charCodeAt(at) === tab) at++;
  const code = text.charCodeAt(at);
  if (code < 97 || code > 119) return false;
  resync.lastIndex = at;
  return resync.test(text);
}

/** The offset after a string literal that starts with `quote` at `at`. A plain string left open ends at its line. */
function skipString(text: string, at: number, quote: number): number {
  if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
    const mark = quote === 34 ? '"""' : "'''";
    for (let close = text.indexOf(mark, at + 3); close !== -1; close = text.indexOf(mark, close + 1)) {
      let slashes = 0;
      while (text.charCodeAt(close - 1 - slashes) === backslash && close - 1 - slashes >= at + 3) slashes++;
      if (slashes % 2 === 0) return close + 3;
    }
    // Left open: go on after the opening quotes, so that what follows is not lost.
    return at + 3;
  }
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) return i + 1;
    if (code === backslash) i += text.charCodeAt(i + 1) === 13 ? 2 : 1;
    else if (code === newline) return i;
  }
  return text.length;
}

function openBlock(scan: Scan, header: string, start: number, colon: number, indent: number): void {
  const { text, blocks, closed } = scan;
  const block: Block = {
    kind: "runtime",
    indent,
    name: "",
    parent: blocks.at(-1) ?? null,
    handlers: [],
    handler: null,
  };
  let head = header;
  let from = start + header.length;
  if (head === "async") {
    const rest = /\s*(def|with|for)\b/y;
    rest.lastIndex = from;
    const match = rest.exec(text);
    head = match?.[1] ?? "";
    from = match ? rest.lastIndex : from;
  }
  switch (head) {
    case "def":
    case "class":
      block.kind = head;
      block.name = /^[\s\\]*([^\s(:[\\]+)/.exec(text.slice(from, Math.min(colon, from + 400)))?.[1] ?? "";
      break;
    case "try":
      block.kind = "try";
      break;
    case "except":
      if (closed?.kind !== "try" && closed?.kind !== "handler") return;
      block.kind = "handler";
      block.handlers = closed.handlers;
      block.handler = { catches: caughtBy(text.slice(from, colon)), raises: false, bodyIndent: -1 };
      block.handlers.push(block.handler);
      break;
    case "if":
    case "elif": {
      const condition = typeCondition(text.slice(from, colon));
      if (condition) block.kind = "type";
      // Remembers for `else` that this branch is the one that always runs.
      if (condition === false) block.name = "not";
      if (condition === null) return;
      if (condition === false) block.kind = "runtime";
      break;
    }
    case "else":
      if (closed?.kind !== "runtime" || closed.name !== "not") return;
      block.kind = "type";
      break;
    case "with": {
      const suppressed = /(?<!\w)suppress ?\(([^()]*)\)/.exec(plainHeader(text.slice(from, colon)))?.[1];
      if (!suppressed || !caughtBy(suppressed)) return;
      block.kind = "suppress";
      break;
    }
    default:
      return;
  }
  blocks.push(block);
}

/** Without comments and runs of white space, bounded. */
function plainHeader(header: string): string {
  const bounded = header.length > 2000 ? header.slice(0, 2000) : header;
  return bounded
    .replace(/#[^\n]*/g, "")
    .replace(/[\s\\]+/g, " ")
    .trim();
}

/** Which import failures an `except` header catches; null: none. */
function caughtBy(header: string): Handler["catches"] {
  const types = plainHeader(header)
    .replace(/^\*/, "")
    .replace(/ as \S+$/, "");
  if (types === "") return "bare";
  for (const name of ["ImportError", "ModuleNotFoundError", "Exception", "BaseException"] as const) {
    if (new RegExp(`(?<![\\w])${name}(?![\\w.])`).test(types)) return name;
  }
  return null;
}

/** True: the branch is for type checkers only. False: the branch is `not TYPE_CHECKING`. Null: an ordinary condition. */
function typeCondition(header: string): boolean | null {
  if (!header.includes("TYPE_CHECKING") && header.length > 20) return null;
  const condition = plainHeader(header)
    .replace(/^[ (]+/, "")
    .replace(/(?<![ )])[ )]+$/, "");
  if (condition === "False" || condition === "0") return true;
  if (!condition.includes("TYPE_CHECKING")) return null;
  const flag = /^[\s(]*(?:[\w.]+\.)?TYPE_CHECKING[\s)]*$/;
  if (/^not\b/.test(condition)) return flag.test(condition.slice(3)) ? false : null;
  if (/\bor\b/.test(condition)) return null;
  return condition.split(/\band\b/).some((part) => flag.test(part)) ? true : null;
}

function readImport(scan: Scan, start: number, header: "import" | "from"): number {
  const reader = new Reader(scan.text, start + header.length);
  const found: Found = {
    kind: header,
    offset: start,
    level: 0,
    module: "",
    names: [],
    block: scan.blocks.at(-1) ?? null,
  };
  if (header === "from") {
    reader.trivia();
    while (scan.text.charCodeAt(reader.at) === 46) {
      found.level++;
      reader.at++;
      reader.trivia();
    }
    if (!reader.follows("import")) found.module = reader.dotted();
    if (!reader.take("import")) return reader.at;
    reader.trivia();
    if (scan.text.charCodeAt(reader.at) === 40) {
      reader.at++;
      reader.inside = true;
    }
  }
  for (;;) {
    reader.trivia();
    const offset = reader.at;
    if (header === "from" && scan.text.charCodeAt(reader.at) === 42) {
      reader.at++;
      found.names.push({ name: "*", alias: null, offset });
      break;
    }
    if (reader.inside && resumesAt(scan.text, offset)) break;
    const name = header === "import" ? reader.dotted() : reader.name();
    if (name === "") break;
    const alias = reader.take("as") ? reader.name() : null;
    found.names.push({ name, alias, offset });
    reader.trivia();
    if (scan.text.charCodeAt(reader.at) !== 44) break;
    reader.at++;
  }
  reader.trivia();
  if (found.names.length > 0) scan.found.push(found);
  if (!reader.inside) return reader.at;
  if (scan.text.charCodeAt(reader.at) === 41) return reader.at + 1;
  // The list was left open: its last line ends the statement.
  const lineEnd = scan.text.lastIndexOf("\n", reader.at - 1);
  return lineEnd > start ? lineEnd : reader.at;
}

/** Reads names with what may stand between them: white space, continuations, and inside parentheses lines and comments. */
class Reader {
  text: string;
  at: number;
  inside = false;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  trivia(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === space || code === tab || code === formFeed) this.at++;
      else if (code === backslash) {
        if (text.charCodeAt(this.at + 1) === newline) this.at += 2;
        else if (text.charCodeAt(this.at + 1) === 13 && text.charCodeAt(this.at + 2) === newline) this.at += 3;
        else return;
      } else if (this.inside && (code === newline || code === 13)) this.at++;
      else if (this.inside && code === hash) {
        const next = text.indexOf("\n", this.at);
        this.at = next === -1 ? text.length : next;
      } else return;
    }
  }

  name(): string {
    this.trivia();
    const from = this.at;
    while (this.at < this.text.length && isWord(this.text.charCodeAt(this.at))) this.at++;
    const name = this.text.slice(from, this.at);
    return /[^\x00-\x7f]/.test(name) ? name.normalize("NFKC") : name;
  }

  dotted(): string {
    let name = this.name();
    for (;;) {
      const before = this.at;
      this.trivia();
      if (name === "" || this.text.charCodeAt(this.at) !== 46) {
        this.at = before;
        return name;
      }
      this.at++;
      name += `.${this.name()}`;
    }
  }

  follows(keyword: string): boolean {
    this.trivia();
    const end = this.at + keyword.length;
    return this.text.startsWith(keyword, this.at) && !(end < this.text.length && isWord(this.text.charCodeAt(end)));
  }

  take(keyword: string): boolean {
    if (!this.follows(keyword)) return false;
    this.at += keyword.length;
    return true;
  }
}

const dynamicLiteral = /\(\s*[rRuU]?(["'])([\w.]+)\1\s*(?=[,)])/y;

/** `import_module("…")` or `__import__("…")`, whose `(` stands at `at`. */
function dynamicImport(scan: Scan, at: number): void {
  const { text } = scan;
  const name = text.endsWith("import_module", at)
    ? "import_module"
    : text.endsWith("__import__", at)
      ? "__import__"
      : "";
  if (name === "" || isWord(text.charCodeAt(at - name.length - 1) || 0)) return;
  dynamicLiteral.lastIndex = at;
  const match = dynamicLiteral.exec(text);
  if (!match) return;
  const written = match[2] ?? "";
  const level = /^\.*/.exec(written)?.[0].length ?? 0;
  const offset = at + match[0].search(/[rRuU]?["']/);
  scan.found.push({
    kind: "dynamic",
    offset,
    level,
    module: written.slice(level),
    names: [],
    block: scan.blocks.at(-1) ?? null,
  });
}

/** Turns offsets into positions, in one pass over the lines, and blocks into scopes and guards. */
function finish(scan: Scan): PythonImport[] {
  const { text } = scan;
  let line = 1;
  let lineStart = 0;
  let next = text.indexOf("\n");
  const place = (offset: number) => {
    while (next !== -1 && next < offset) {
      line++;
      lineStart = next + 1;
      next = text.indexOf("\n", lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
  return scan.found.map((found) => {
    const at = place(found.offset);
    const names: PythonImportedName[] = found.names.map(({ name, alias, offset }) => ({
      name,
      alias,
      ...place(offset),
    }));
    return { kind: found.kind, ...at, level: found.level, module: found.module, names, ...surroundings(found.block) };
  });
}

function surroundings(block: Block | null): Pick<PythonImport, "scope" | "guard" | "typeOnly"> {
  let guard: PythonImportGuard | null = null;
  let typeOnly = false;
  const path: string[] = [];
  let inFunction = false;
  for (let at = block; at; at = at.parent) {
    if (at.kind === "type") typeOnly = true;
    if (at.kind === "def") inFunction = true;
    if (inFunction && (at.kind === "def" || at.kind === "class")) path.unshift(at.name);
    // What surrounds a definition does not surround its later run.
    if (inFunction) continue;
    if (at.kind === "suppress") guard = nearer(guard, { catches: "suppress", raises: false });
    if (at.kind === "handler" && at.handler?.catches) guard = nearer(guard, { catches: "handler", raises: false });
    if (at.kind === "try") {
      const handler = at.handlers.find((one) => one.catches !== null);
      if (handler?.catches) guard = nearer(guard, { catches: handler.catches, raises: handler.raises });
    }
  }
  return { scope: inFunction ? path.join(".") : null, guard, typeOnly };
}

/** The innermost guard stands, unless it raises and an outer one does not. */
function nearer(inner: PythonImportGuard | null, outer: PythonImportGuard): PythonImportGuard {
  return inner === null || (inner.raises && !outer.raises) ? outer : inner;
}
