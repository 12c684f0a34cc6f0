import type { JavascriptImport } from "../types/javascript.ts";

/** What a bracket on the stack opened. */
const BLOCK = 0;
const FUNCTION = 1;
const CLASS = 2;
const PAREN = 3;
const CONTROL_PAREN = 4;
const CATCH_PAREN = 5;
const BRACKET = 6;
const TEMPLATE = 7;
const TRY = 8;
const CATCH = 9;
const OBJECT = 10;
const ARROW = 11;
const AMBIENT = 12;
const JSX = 13;
const JSX_CHILD = 14;
const JSX_ATTRIBUTE = 15;

/** Words that change how the text goes on; everything else is a plain name. */
const NAME = 0;
const OPERATOR = 1;
const CONTROL = 2;
const CATCH_WORD = 3;
const TRY_WORD = 4;
const CLASS_WORD = 5;
const IMPORT = 6;
const EXPORT = 7;
const REQUIRE = 8;
const STATIC = 9;
const DECLARE = 10;
const JOINS = 11;
const AWAIT = 12;
const AMBIENT_WORD = 13;
const THROW = 14;
const TYPEOF = 15;

const words = new Map<string, number>();
for (const [kind, list] of [
  [OPERATOR, "return case delete void new do else yield default extends finally"],
  [CONTROL, "if while for with switch"],
  [CATCH_WORD, "catch"],
  [TRY_WORD, "try"],
  [CLASS_WORD, "class"],
  [IMPORT, "import"],
  [EXPORT, "export"],
  [REQUIRE, "require"],
  [STATIC, "static"],
  [DECLARE, "declare"],
  [JOINS, "in instanceof of"],
  [AWAIT, "await"],
  [AMBIENT_WORD, "module global namespace"],
  [THROW, "throw"],
  [TYPEOF, "typeof"],
] as const) {
  for (const word of list.split(" ")) words.set(word, kind);
}
/** Longest and shortest word of the table, and their first letters: most names need no look-up. */
const firstLetters = new Uint8Array(128);
for (const word of words.keys()) firstLetters[word.charCodeAt(0)] = 1;

/** By UTF-16 code unit. 0: punctuation; 1: letters, `$`, `_` and all beyond ASCII; 2: digits; 3: white space. */
const classes = new Uint8Array(65_536).fill(1, 128);
for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] = 1;
classes[36] = classes[95] = 1;
for (let code = 48; code <= 57; code++) classes[code] = 2;
for (const code of [9, 10, 11, 12, 13, 32, 0xa0, 0x2028, 0x2029, 0xfeff]) classes[code] = 3;
const classOf = (code: number): number | undefined => classes[code];

interface Frame {
  kind: number;
  /** Imports found before it opened. */
  first: number;
  /** Whether a type after `) :` was being read outside, and where those parameters began. */
  colon: boolean;
  colonFirst: number;
  /** TRY, CATCH: index of the try. ARROW: open `?`. CLASS: 1 in a static member. JSX: index after `<`. PAREN in a type: 1 when it holds parameters. */
  value: number;
  /** JSX: whether it stands inside another element's children. */
  child: boolean;
}

/** Names after `<` that belong to a type, not to an element. */
const typeOperators = new Set([
  "keyof",
  "readonly",
  "typeof",
  "unique",
  "infer",
  "const",
  "in",
  "out",
  "asserts",
  "new",
  "abstract",
]);
const maxDepth = 2000;
/** Most enclosing tries that are remembered of one import. */
const maxTries = 8;
/** Most element names whose closing tags are looked up. */
const maxElements = 500;

/**
 * Finds the imports of JavaScript and TypeScript in one pass, JSX included, without building a tree: parsers cost twenty times as much,
 * and the import graph of a repository needs nothing else. Held to the TypeScript AST by test. `import("x")` in the place of a type is
 * left out. Never throws; time is linear in the text.
 */
export function scanJavascriptImports(text: string): JavascriptImport[] {
  const imports: JavascriptImport[] = [];
  if (!/\b(?:import|require|from)\b/.test(text)) return imports;
  const length = text.length;
  const stack: Frame[] = [];
  /** Enclosing tries of each import; whether each try's catch goes on. */
  const triesOf: number[][] = [];
  const caught: boolean[] = [];
  const laterClose = new Map<string, number>();
  /** Characters that attempts which came to nothing have read: bounds what hostile text can cost. */
  let wasted = 0;
  const budget = 2 * length + 100_000;
  let at = text.startsWith("#!") ? lineEnd(0) : 0;
  /** The last token ends an operand, so that `/` divides and `<` compares. */
  let operand = false;
  /** Code of the last token's last character; 0 at the start. */
  let last = 0;
  let lastKind = NAME;
  let newline = false;
  let pendingArrow = false;
  let pendingClass = -1;
  let pendingAmbient = false;
  let lastTry = -1;
  /** The parameters that were just closed, for a body that follows. */
  let parenFirst = 0;
  let parenKind = PAREN;
  let parenIsParameters = false;
  let colon = false;
  let colonFirst = 0;

  function lineEnd(from: number): number {
    const end = text.indexOf("\n", from);
    return end === -1 ? length : end;
  }

  /** Index of the next character that is neither white space nor comment. */
  function skip(from: number): number {
    let index = from;
    while (index < length) {
      const code = text.charCodeAt(index);
      if (classOf(code) === 3) index++;
      else if (code === 47 && text.charCodeAt(index + 1) === 47) index = lineEnd(index);
      else if (code === 47 && text.charCodeAt(index + 1) === 42) index = commentEnd(index);
      else break;
    }
    return index;
  }

  function commentEnd(from: number): number {
    const end = text.indexOf("*/", from + 2);
    return end === -1 ? length : end + 2;
  }

  function wordEnd(from: number): number {
    let index = from;
    while (index < length) {
      const kind = classes[text.charCodeAt(index)]!;
      if (kind === 0 || kind === 3) break;
      index++;
    }
    return index;
  }

  /** Index after a string's closing quote; an unclosed one ends at its line. */
  function stringEnd(from: number): number {
    const quote = text.charCodeAt(from);
    for (let index = from + 1; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code === 92) {
        index++;
        if (text.charCodeAt(index) === 13 && text.charCodeAt(index + 1) === 10) index++;
      } else if (code === quote) return index + 1;
      else if (code === 10) return index;
    }
    return length;
  }

  /** A string or plain template at `from`: its end, or -1. */
  function literalEnd(from: number): number {
    const code = text.charCodeAt(from);
    if (code === 39 || code === 34) return stringEnd(from);
    if (code !== 96) return -1;
    const end = text.indexOf("`", from + 1);
    return end === -1 || text.slice(from, end).includes("${") ? -1 : end + 1;
  }

  function push(kind: number, value = 0, child = false): void {
    if (stack.length >= maxDepth) return;
    stack.push({ kind, first: imports.length, colon, colonFirst, value, child });
    colon = false;
  }

  function restore(frame: Frame): void {
    colon = frame.colon;
    colonFirst = frame.colonFirst;
  }

  function popArrows(): void {
    while (stack.at(-1)?.kind === ARROW) stack.pop();
  }

  function markFunction(first: number): void {
    for (let index = first; index < imports.length; index++) imports[index]!.inFunction = true;
  }

  function record(
    kind: JavascriptImport["kind"],
    from: number,
    start: number,
    end: number,
    type: boolean,
    guarded = false,
  ): void {
    const tries: number[] = [];
    let inFunction = false;
    let ambient = false;
    for (let index = stack.length - 1; index >= 0; index--) {
      const frame = stack[index]!;
      if (frame.kind === TRY && !inFunction && tries.length < maxTries) tries.push(frame.value);
      else if (frame.kind === FUNCTION || frame.kind === ARROW || (frame.kind === CLASS && frame.value === 0))
        inFunction = true;
      else if (frame.kind === AMBIENT) ambient = true;
    }
    triesOf.push(tries);
    const raw = text.slice(start + 1, end - 1);
    imports.push({
      specifier: raw.includes("\\") ? raw.replace(/\\(.)/g, "$1") : raw,
      from,
      start,
      end,
      kind,
      type: type || ambient,
      inFunction: inFunction || pendingArrow,
      guarded,
    });
  }

  /** `import` at `from`, its word ended at `after`. True when a declaration was read. */
  function importDeclaration(from: number, after: number): boolean {
    if (wasted > budget) return false;
    const read = importClause(from, after);
    if (read < 0) return true;
    wasted += read - from;
    return false;
  }

  /** Index up to which it was no declaration; -1 when one was read. */
  function importClause(from: number, after: number): number {
    let index = skip(after);
    const first = text.charCodeAt(index);
    if (first === 34 || first === 39) {
      const end = stringEnd(index);
      record("import", from, index, end, false);
      at = end;
      return -1;
    }
    if (classOf(first) !== 1 && first !== 123 && first !== 42) return index;
    let type = false;
    let names = 0;
    let typed = 0;
    let inBraces = false;
    let expectName = true;
    let sawFrom = false;
    let other = false;
    for (let count = 0; index < length && count < 20_000; count++) {
      const code = text.charCodeAt(index);
      if (classOf(code) === 1) {
        const end = wordEnd(index);
        const word = end - index < 8 ? text.slice(index, end) : "";
        const next = skip(end);
        const nextCode = text.charCodeAt(next);
        sawFrom = false;
        if (inBraces) {
          if (expectName) {
            names++;
            if (word === "type" && nextCode !== 44 && nextCode !== 125 && !isAs(next)) typed++;
          }
          expectName = false;
        } else if (count === 0 && (word === "type" || word === "typeof") && nextCode !== 44 && nextCode !== 61) {
          if (word === "typeof" || !fromString(next)) type = true;
        } else if (word === "from" && (nextCode === 34 || nextCode === 39)) sawFrom = true;
        else other = true;
        index = next;
        continue;
      }
      if (code === 34 || code === 39) {
        const end = stringEnd(index);
        if (!inBraces) {
          if (!sawFrom) return index;
          record("import", from, index, end, type || (!other && names > 0 && typed === names));
          at = end;
          return -1;
        }
        if (expectName) names++;
        expectName = false;
        index = skip(end);
        continue;
      }
      if (code === 123) {
        inBraces = true;
        expectName = true;
      } else if (code === 125) inBraces = false;
      else if (code === 44) expectName = true;
      else if (code === 42) other = true;
      else if (code === 61 && !inBraces) return importEquals(from, skip(index + 1), type) ? -1 : index;
      else return index;
      index = skip(index + 1);
    }
    return index;
  }

  function isAs(index: number): boolean {
    // `type as x` imports the name `type`; `type as as x` a type named `as`.
    if (!text.startsWith("as", index) || wordEnd(index) !== index + 2) return false;
    const next = skip(index + 2);
    const word = text.slice(next, wordEnd(next));
    if (word === "") return false;
    if (word !== "as") return true;
    return classOf(text.charCodeAt(skip(next + 2))) !== 1;
  }

  /** `from "…"` at `index`, so that the word before is the default's name. */
  function fromString(index: number): boolean {
    if (!text.startsWith("from", index) || wordEnd(index) !== index + 4) return false;
    const code = text.charCodeAt(skip(index + 4));
    return code === 34 || code === 39;
  }

  function importEquals(from: number, index: number, type: boolean): boolean {
    if (!text.startsWith("require", index)) return false;
    const open = skip(index + 7);
    if (text.charCodeAt(open) !== 40) return false;
    const start = skip(open + 1);
    const end = literalEnd(start);
    if (end === -1) return false;
    record("import", from, start, end, type);
    at = skip(end) + 1;
    return true;
  }

  function exportDeclaration(from: number, after: number): boolean {
    if (wasted > budget) return false;
    const read = exportClause(from, after);
    if (read < 0) return true;
    wasted += read - from;
    return false;
  }

  /** Index up to which it was no re-export; -1 when one, or a list of names, was read. */
  function exportClause(from: number, after: number): number {
    let index = skip(after);
    let type = false;
    if (text.startsWith("type", index) && wordEnd(index) === index + 4) {
      const next = skip(index + 4);
      const code = text.charCodeAt(next);
      if (code !== 123 && code !== 42) return next;
      type = true;
      index = next;
    }
    const first = text.charCodeAt(index);
    let names = 0;
    let typed = 0;
    if (first === 42) {
      index = skip(index + 1);
      if (text.startsWith("as", index) && wordEnd(index) === index + 2) {
        index = skip(index + 2);
        const code = text.charCodeAt(index);
        index = skip(code === 34 || code === 39 ? stringEnd(index) : wordEnd(index));
      }
    } else if (first === 123) {
      index = skip(index + 1);
      let expectName = true;
      while (index < length && text.charCodeAt(index) !== 125) {
        const code = text.charCodeAt(index);
        if (classOf(code) === 1 || code === 34 || code === 39) {
          const end = classOf(code) === 1 ? wordEnd(index) : stringEnd(index);
          const next = skip(end);
          if (expectName) {
            names++;
            const nextCode = text.charCodeAt(next);
            if (text.slice(index, end) === "type" && nextCode !== 44 && nextCode !== 125 && !isAs(next)) typed++;
          }
          expectName = false;
          index = next;
        } else if (code === 44) {
          expectName = true;
          index = skip(index + 1);
        } else return index;
      }
      index = skip(index + 1);
    } else return index;
    if (!fromString(index)) {
      if (first !== 123) return index;
      at = index;
      return -1;
    }
    const start = skip(index + 4);
    const end = stringEnd(start);
    record("export", from, start, end, type || (names > 0 && typed === names));
    at = end;
    return -1;
  }

  /** `require("x")` or `import("x")`; the tokens themselves are read on by the main loop. */
  function call(kind: "require" | "dynamic", from: number, after: number): void {
    const open = skip(after);
    if (text.charCodeAt(open) !== 40) return;
    const start = skip(open + 1);
    const end = literalEnd(start);
    if (end === -1) return;
    const next = skip(end);
    const code = text.charCodeAt(next);
    if (code !== 41 && code !== 44) return;
    let guarded = false;
    if (kind === "dynamic" && code === 41) {
      if (lastKind === TYPEOF) return;
      const member = skip(next + 1);
      if (text.charCodeAt(member) === 91 && !newlineBetween(next, member)) return;
      if (text.charCodeAt(member) === 46) {
        const name = skip(member + 1);
        const word = text.slice(name, wordEnd(name));
        if (word !== "then" && word !== "catch" && word !== "finally") return;
        guarded = word === "catch";
      }
    }
    record(kind, from, start, end, false, guarded);
  }

  function newlineBetween(from: number, to: number): boolean {
    return text.slice(from, to).includes("\n");
  }

  function templateFrom(from: number): void {
    for (let index = from; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code === 92) index++;
      else if (code === 96) {
        at = index + 1;
        operand = true;
        last = 96;
        return;
      } else if (code === 36 && text.charCodeAt(index + 1) === 123) {
        at = index + 2;
        push(TEMPLATE);
        operand = false;
        last = 123;
        lastKind = NAME;
        return;
      }
    }
    at = length;
  }

  /** Index after a regular expression literal, or -1 when there is none. */
  function regexEnd(from: number): number {
    let inClass = false;
    let index = from + 1;
    for (; index < length && wasted < budget; index++) {
      const code = text.charCodeAt(index);
      if (code === 10) break;
      if (code === 92) index++;
      else if (code === 91) inClass = true;
      else if (code === 93) inClass = false;
      else if (code === 47 && !inClass) return wordEnd(index + 1);
    }
    wasted += index - from;
    return -1;
  }

  /** Whether `needle` occurs after `from`; remembers where the last one is. */
  function occursAfter(needle: string, from: number): boolean {
    let index = laterClose.get(needle);
    if (index === undefined) {
      if (laterClose.size > maxElements) return false;
      index = text.lastIndexOf(needle);
      laterClose.set(needle, index);
    }
    return index > from;
  }

  /** Whether `<` at `from`, where an operand is expected, opens an element. */
  function opensElement(from: number): boolean {
    const next = skip(from + 1);
    const code = text.charCodeAt(next);
    if (code === 62) return occursAfter("</", next);
    if (classOf(code) !== 1) return false;
    const end = tagNameEnd(next);
    const name = text.slice(next, end);
    if (typeOperators.has(name)) return false;
    const after = skip(end);
    const follows = text.charCodeAt(after);
    if (follows === 62) return occursAfter(`</${name}`, after);
    if (follows === 47) return text.charCodeAt(after + 1) === 62;
    if (follows === 123) return true;
    if (follows === 60) return occursAfter(`</${name}`, after) || occursAfter("/>", after);
    if (classOf(follows) !== 1 || after === end) return false;
    if (text.startsWith("extends", after) && wordEnd(after) === after + 7) {
      const then = text.charCodeAt(skip(after + 7));
      return then === 61 || then === 62 || then === 47;
    }
    return occursAfter("/>", after) || occursAfter(`</${name}`, after);
  }

  function tagNameEnd(from: number): number {
    let index = from;
    while (index < length) {
      const code = text.charCodeAt(index);
      const kind = classOf(code);
      if (kind === 1 || kind === 2 || code === 45 || code === 46 || code === 58) index++;
      else break;
    }
    return index;
  }

  /** Reads a tag from after its `<` or after an attribute's `}`. */
  function tag(from: number, opening: boolean): void {
    let index = from;
    if (opening) {
      index = tagNameEnd(skip(from));
      if (text.charCodeAt(index) === 60) index = angleEnd(index);
    }
    for (;;) {
      index = skip(index);
      if (index >= length) {
        at = length;
        return;
      }
      const code = text.charCodeAt(index);
      if (code === 34 || code === 39) {
        const end = text.indexOf(code === 34 ? '"' : "'", index + 1);
        index = end === -1 ? length : end + 1;
      } else if (code === 123) {
        push(JSX_ATTRIBUTE);
        enterExpression(index + 1);
        return;
      } else if (code === 62) {
        children(index + 1);
        return;
      } else if (code === 47 && text.charCodeAt(index + 1) === 62) {
        closeElement(index + 2);
        return;
      } else if (code === 60) {
        push(JSX, 0, false);
        stack.at(-1)!.value = 1;
        index = tagNameEnd(skip(index + 1));
      } else index++;
    }
  }

  /** Index after the `>` that closes type arguments at `from`. */
  function angleEnd(from: number): number {
    let depth = 0;
    for (let index = from; index < length && index < from + 2000; index++) {
      const code = text.charCodeAt(index);
      if (code === 60) depth++;
      else if (code === 62 && text.charCodeAt(index - 1) !== 61 && --depth === 0) return index + 1;
    }
    return from + 1;
  }

  function enterExpression(index: number): void {
    at = index;
    operand = false;
    last = 123;
    lastKind = NAME;
    newline = false;
  }

  function children(from: number): void {
    let index = from;
    while (index < length) {
      const code = text.charCodeAt(index);
      if (code === 123) {
        push(JSX_CHILD);
        enterExpression(index + 1);
        return;
      }
      if (code === 60) {
        const next = skip(index + 1);
        if (text.charCodeAt(next) === 47) {
          const end = text.indexOf(">", next);
          closeElement(end === -1 ? length : end + 1);
          return;
        }
        push(JSX, 0, true);
        tag(index + 1, true);
        return;
      }
      index++;
    }
    at = length;
  }

  /** The element on top ends; goes on in its parent. */
  function closeElement(index: number): void {
    const frame = stack.at(-1);
    if (frame?.kind === JSX) {
      stack.pop();
      restore(frame);
      if (frame.child) {
        children(index);
        return;
      }
      if (frame.value === 1) {
        tag(index, false);
        return;
      }
    }
    at = index;
    operand = true;
    last = 62;
    lastKind = NAME;
  }

  function openBrace(): void {
    const top = stack.at(-1);
    const inClass = top?.kind === CLASS;
    let kind = OBJECT;
    let value = 0;
    // Characters after which a type or an expression has yet to begin.
    const awaits =
      last === 58 ||
      last === 124 ||
      last === 38 ||
      last === 44 ||
      last === 40 ||
      last === 60 ||
      last === 61 ||
      last === 63;
    if (pendingArrow) {
      kind = FUNCTION;
      pendingArrow = false;
    } else if (lastKind === TRY_WORD) {
      kind = TRY;
      value = caught.push(false) - 1;
    } else if (lastKind === CATCH_WORD || (last === 41 && parenKind === CATCH_PAREN)) {
      kind = CATCH;
      value = lastTry;
      if (lastTry >= 0) caught[lastTry] = true;
    } else if (pendingAmbient) {
      kind = AMBIENT;
      pendingAmbient = false;
    } else if (pendingClass === stack.length && !awaits && lastKind !== OPERATOR) {
      kind = CLASS;
      pendingClass = -1;
    } else if (last === 41 && parenKind === PAREN) {
      kind = FUNCTION;
      markFunction(parenFirst);
    } else if (colon && !awaits) {
      kind = FUNCTION;
      markFunction(colonFirst);
      colon = false;
    } else if (last === 41 || operand || last === 0 || last === 59 || last === 123 || last === 125 || inClass)
      kind = BLOCK;
    else if (last === 62 && !awaits) kind = BLOCK;
    else if (lastKind === OPERATOR && /\b(?:do|else|finally)\s*$/.test(text.slice(Math.max(0, at - 12), at)))
      kind = BLOCK;
    push(kind, value);
    at++;
    operand = false;
    last = 123;
  }

  function closeBrace(): void {
    let frame = stack.pop();
    while (
      frame &&
      (frame.kind === ARROW ||
        frame.kind === PAREN ||
        frame.kind === BRACKET ||
        frame.kind === CONTROL_PAREN ||
        frame.kind === CATCH_PAREN)
    )
      frame = stack.pop();
    at++;
    last = 125;
    lastKind = NAME;
    if (!frame) {
      operand = false;
      return;
    }
    restore(frame);
    if (frame.kind === FUNCTION || frame.kind === BLOCK || frame.kind === CLASS) colon = false;
    if (frame.kind === TEMPLATE) templateFrom(at);
    else if (frame.kind === JSX_CHILD) children(at);
    else if (frame.kind === JSX_ATTRIBUTE) tag(at, false);
    else if (frame.kind === JSX) stack.push(frame);
    else {
      if (frame.kind === TRY) lastTry = frame.value;
      operand = frame.kind === OBJECT;
    }
  }

  while (at < length) {
    const code = text.charCodeAt(at);
    const kind = classes[code]!;
    if (kind === 3) {
      if (code === 10) newline = true;
      at++;
      continue;
    }
    if (code === 47) {
      const next = text.charCodeAt(at + 1);
      if (next === 47) {
        at = lineEnd(at);
        continue;
      }
      if (next === 42) {
        const end = commentEnd(at);
        if (newlineBetween(at, end)) newline = true;
        at = end;
        continue;
      }
    }
    if (pendingArrow && code !== 123) {
      push(ARROW);
      pendingArrow = false;
    }
    if (kind === 1) {
      const start = at;
      const end = wordEnd(at);
      at = end;
      const size = end - start;
      let word = NAME;
      if (last !== 46 && size > 1 && size < 11 && code < 128 && firstLetters[code] === 1) {
        word = words.get(text.slice(start, end)) ?? NAME;
      }
      const top = stack[stack.length - 1];
      if (newline && top !== undefined) {
        if (top.kind === ARROW && (operand || last === 125) && word !== JOINS) popArrows();
        else if (top.kind === CLASS && last !== 61) top.value = 0;
      }
      newline = false;
      if (word !== NAME) {
        // A keyword as a property name or method name is a plain name.
        const next = text.charCodeAt(at);
        if (next === 58 && word !== OPERATOR && word !== AMBIENT_WORD) word = NAME;
      }
      if (word === IMPORT) {
        if (importDeclaration(start, end)) {
          operand = true;
          last = 34;
          lastKind = NAME;
          continue;
        }
        call("dynamic", start, end);
        word = NAME;
      } else if (word === EXPORT) {
        if (exportDeclaration(start, end)) {
          operand = false;
          last = 59;
          lastKind = NAME;
          continue;
        }
        last = 59;
        lastKind = NAME;
        operand = false;
        continue;
      } else if (word === REQUIRE) {
        call("require", start, end);
        word = NAME;
      } else if (word === CLASS_WORD) {
        const next = text.charCodeAt(skip(end));
        if (classOf(next) === 1 || next === 123 || next === 60) pendingClass = stack.length;
        word = NAME;
      } else if (word === STATIC) {
        if (top?.kind === CLASS) top.value = 1;
        word = NAME;
      } else if (word === DECLARE) {
        const next = skip(end);
        const following = text.slice(next, wordEnd(next));
        if (words.get(following) === AMBIENT_WORD && following !== "namespace") pendingAmbient = true;
        word = NAME;
      } else if (word === AMBIENT_WORD) word = NAME;
      else if (word === THROW && top?.kind === CATCH && top.value >= 0) caught[top.value] = false;
      operand = word === NAME;
      last = text.charCodeAt(end - 1);
      if (word === AWAIT && lastKind === CONTROL) continue;
      lastKind = word;
      continue;
    }
    if (kind === 2) {
      at++;
      while (at < length) {
        const digit = text.charCodeAt(at);
        const digitClass = classOf(digit);
        if (digitClass === 1 || digitClass === 2 || (digit === 46 && text.charCodeAt(at + 1) !== 46)) at++;
        else break;
      }
      operand = true;
      last = 48;
      lastKind = NAME;
      newline = false;
      continue;
    }
    switch (code) {
      case 34:
      case 39:
        at = stringEnd(at);
        operand = true;
        last = code;
        break;
      case 96:
        newline = false;
        lastKind = NAME;
        templateFrom(at + 1);
        continue;
      case 47: {
        const end = operand ? -1 : regexEnd(at);
        if (end === -1) {
          at++;
          operand = false;
          last = 47;
        } else {
          at = end;
          operand = true;
          last = 96;
        }
        break;
      }
      case 60:
        if (!operand && last !== 46 && opensElement(at)) {
          push(JSX);
          newline = false;
          tag(at + 1, true);
          continue;
        }
        at++;
        operand = false;
        last = 60;
        break;
      case 40: {
        const head = lastKind === CONTROL ? CONTROL_PAREN : lastKind === CATCH_WORD ? CATCH_PAREN : PAREN;
        push(head, text.charCodeAt(skip(at + 1)) === 41 ? 1 : 0);
        at++;
        operand = false;
        last = 40;
        break;
      }
      case 41: {
        popArrows();
        const frame = stack.at(-1);
        if (frame && frame.kind >= PAREN && frame.kind <= CATCH_PAREN) {
          stack.pop();
          restore(frame);
          parenFirst = frame.first;
          parenKind = frame.kind;
          parenIsParameters = frame.value === 1;
          operand = frame.kind === PAREN;
        } else operand = true;
        at++;
        last = 41;
        break;
      }
      case 91:
        push(BRACKET);
        at++;
        operand = false;
        last = 91;
        break;
      case 93: {
        popArrows();
        const frame = stack.at(-1);
        if (frame?.kind === BRACKET) {
          stack.pop();
          restore(frame);
        }
        at++;
        operand = true;
        last = 93;
        break;
      }
      case 123:
        openBrace();
        break;
      case 125:
        popArrows();
        newline = false;
        closeBrace();
        continue;
      case 59:
        popArrows();
        at++;
        operand = false;
        last = 59;
        colon = false;
        pendingAmbient = false;
        if (pendingClass === stack.length) pendingClass = -1;
        if (stack.at(-1)?.kind === CLASS) stack.at(-1)!.value = 0;
        break;
      case 44:
        popArrows();
        at++;
        operand = false;
        last = 44;
        break;
      case 58: {
        const top = stack.at(-1);
        if (top?.kind === ARROW) {
          if (top.value > 0) top.value--;
          else popArrows();
        } else if (top?.kind === PAREN) top.value = 1;
        if (last === 41 && parenKind === PAREN) {
          colon = true;
          colonFirst = parenFirst;
        }
        at++;
        operand = false;
        last = 58;
        break;
      }
      case 63: {
        const next = text.charCodeAt(at + 1);
        if (next === 46 || next === 63) at += 2;
        else {
          const top = stack.at(-1);
          if (top?.kind === ARROW) top.value++;
          at++;
        }
        operand = false;
        last = next === 46 ? 46 : 63;
        break;
      }
      case 61:
        if (text.charCodeAt(at + 1) === 62) {
          at += 2;
          if (colon && last === 41 && parenIsParameters) {
            // A function type in the place of a return type.
            last = 61;
          } else {
            markFunction(colon ? colonFirst : last === 41 ? parenFirst : imports.length);
            colon = false;
            pendingArrow = true;
            last = 62;
          }
        } else {
          at++;
          last = 61;
          colon = false;
        }
        operand = false;
        break;
      case 43:
      case 45:
        if (text.charCodeAt(at + 1) === code) at += 2;
        else {
          at++;
          operand = false;
        }
        last = code;
        break;
      case 33:
        if (!operand || text.charCodeAt(at + 1) === 61) operand = false;
        at++;
        if (!operand) last = 33;
        break;
      case 46:
        if (text.startsWith("...", at)) {
          at += 3;
          last = 44;
        } else {
          at++;
          last = 46;
        }
        operand = false;
        break;
      default:
        at++;
        operand = false;
        last = code;
    }
    lastKind = NAME;
    newline = false;
  }

  for (const [index, found] of imports.entries()) {
    if (!found.guarded) found.guarded = triesOf[index]!.some((one) => caught[one]);
  }
  return imports;
}
