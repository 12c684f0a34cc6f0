/**
 * The part of RE2 (Go's `regexp/syntax` with Perl flags) that an ignore pattern can reach: everything but flags and named groups.
 * Own code because JavaScript's regular expressions accept other texts, match differently and can take exponential time.
 */
export type Re2Node =
  | { kind: "set"; set: CodeSet }
  | { kind: "assert"; assert: Assertion }
  | { kind: "cat"; items: Re2Node[] }
  | { kind: "alt"; branches: Re2Node[] }
  /** `max` -1: unbounded. `counted` for `{n,m}`, whose counts Go limits. */
  | { kind: "repeat"; node: Re2Node; min: number; max: number; counted: boolean; depth: number };

export type Assertion = "begin" | "end" | "boundary" | "no-boundary";

/** A set of code points: inclusive ranges, and predicates for Unicode classes. */
export interface CodeSet {
  negated: boolean;
  ranges: [number, number][];
  classes: CodeClass[];
}

export interface CodeClass {
  negated: boolean;
  has(code: number): boolean;
}

/** Why RE2 refuses a text, in one clause. */
export interface Re2Refusal {
  refused: string;
}

/** Go refuses higher trees; the limit also bounds recursion here. */
const MAX_HEIGHT = 1000;
const MAX_REPEAT = 1000;

interface Frame {
  branches: Re2Node[];
  items: Re2Node[];
}

const refuse = (refused: string): Re2Refusal => ({ refused });

/** Parses `text`; never throws. Time is linear in the text. */
export function parseRe2(text: string): Re2Node | Re2Refusal {
  const codes = Array.from(text);
  let namedEnd = codes.length - 2;
  while (namedEnd >= 0 && !(codes[namedEnd] === ":" && codes[namedEnd + 1] === "]")) namedEnd--;
  const frames: Frame[] = [{ branches: [], items: [] }];
  let afterRepeat = false;
  let i = 0;
  while (i < codes.length) {
    const frame = frames[frames.length - 1] as Frame;
    const c = codes[i] as string;
    let isRepeat = false;
    if (c === "(") {
      if (codes[i + 1] === "?") return refuse("a group with flags");
      frames.push({ branches: [], items: [] });
      i++;
    } else if (c === ")") {
      if (frames.length === 1) return refuse("unexpected )");
      frames.pop();
      (frames[frames.length - 1] as Frame).items.push(closed(frame));
      i++;
    } else if (c === "|") {
      frame.branches.push({ kind: "cat", items: frame.items });
      frame.items = [];
      i++;
    } else if (c === "^" || c === "$") {
      frame.items.push({ kind: "assert", assert: c === "^" ? "begin" : "end" });
      i++;
    } else if (c === ".") {
      frame.items.push({ kind: "set", set: { negated: true, ranges: [[10, 10]], classes: [] } });
      i++;
    } else if (c === "[") {
      const parsed = parseClass(codes, i, namedEnd);
      if ("refused" in parsed) return parsed;
      frame.items.push({ kind: "set", set: parsed.set });
      i = parsed.next;
    } else if (c === "*" || c === "+" || c === "?" || c === "{") {
      const counts = c === "{" ? parseCounts(codes, i) : null;
      if (c === "{" && counts === null) {
        frame.items.push(literal(c));
        i++;
      } else {
        const { min, max, next } = counts ?? { min: c === "+" ? 1 : 0, max: c === "?" ? 1 : -1, next: i + 1 };
        if (min > MAX_REPEAT || max > MAX_REPEAT || (max >= 0 && min > max)) return refuse("invalid repeat count");
        const lazy = codes[next] === "?";
        if (afterRepeat) return refuse("invalid nested repetition operator");
        const node = frame.items.pop();
        if (node === undefined) return refuse("missing argument to repetition operator");
        const depth = (node.kind === "repeat" ? node.depth : 0) + 1;
        if (depth > MAX_HEIGHT) return refuse("expression nests too deeply");
        const repeat: Re2Node = { kind: "repeat", node, min, max, counted: counts !== null, depth };
        if (counts !== null && (min >= 2 || max >= 2) && !countsFit(repeat)) return refuse("invalid repeat count");
        frame.items.push(repeat);
        i = lazy ? next + 1 : next;
        isRepeat = true;
      }
    } else if (c === "\\") {
      const refusal = parseEscaped(codes, i, frame.items);
      if (typeof refusal !== "number") return refusal;
      i = refusal;
    } else {
      frame.items.push(literal(c));
      i++;
    }
    afterRepeat = isRepeat;
  }
  return frames.length > 1 ? refuse("missing closing )") : closed(frames[0] as Frame);
}

function closed(frame: Frame): Re2Node {
  const last: Re2Node = { kind: "cat", items: frame.items };
  return frame.branches.length === 0 ? last : { kind: "alt", branches: [...frame.branches, last] };
}

function literal(character: string): Re2Node {
  const code = character.codePointAt(0) as number;
  return { kind: "set", set: { negated: false, ranges: [[code, code]], classes: [] } };
}

/** Go's rule: the product of counts along one path of nested repetitions is at most 1000. */
function countsFit(repeat: Re2Node): boolean {
  let allowed = MAX_REPEAT;
  for (let node = repeat; node.kind === "repeat"; node = node.node) {
    if (!node.counted) continue;
    if (node.max === 0) return true;
    const count = node.max < 0 ? node.min : node.max;
    if (count > allowed) return false;
    if (count > 0) allowed = Math.floor(allowed / count);
  }
  return true;
}

/** `{n}`, `{n,}` or `{n,m}`; null where the brace is a literal. Numbers too big for a count come out above the limit. */
function parseCounts(codes: readonly string[], from: number): { min: number; max: number; next: number } | null {
  const low = parseCount(codes, from + 1);
  if (low === null) return null;
  let { next } = low;
  let max = low.value;
  if (codes[next] === ",") {
    next++;
    if (codes[next] === "}") max = -1;
    else {
      const high = parseCount(codes, next);
      if (high === null) return null;
      max = high.value;
      next = high.next;
    }
  }
  return codes[next] === "}" ? { min: low.value, max, next: next + 1 } : null;
}

/** Digits without a leading zero. */
function parseCount(codes: readonly string[], from: number): { value: number; next: number } | null {
  let next = from;
  while (isDigit(codes[next])) next++;
  if (next === from || (codes[from] === "0" && next > from + 1)) return null;
  return { value: next - from > 8 ? MAX_REPEAT + 1 : Number(codes.slice(from, next).join("")), next };
}

const isDigit = (c: string | undefined) => c !== undefined && c >= "0" && c <= "9";

/** A backslash outside brackets: pushes its node or nodes; gives the next index. */
function parseEscaped(codes: readonly string[], from: number, items: Re2Node[]): number | Re2Refusal {
  const c = codes[from + 1];
  const assertion = c === undefined ? undefined : ASSERTIONS.get(c);
  if (assertion !== undefined) {
    items.push({ kind: "assert", assert: assertion });
    return from + 2;
  }
  if (c === "Q") {
    let i = from + 2;
    for (; i < codes.length && !(codes[i] === "\\" && codes[i + 1] === "E"); i++)
      items.push(literal(codes[i] as string));
    return Math.min(codes.length, i + 2);
  }
  const set: CodeSet = { negated: false, ranges: [], classes: [] };
  const inClass = parseClassEscape(codes, from, set);
  if (inClass !== null) {
    if (typeof inClass === "number") items.push({ kind: "set", set });
    return inClass;
  }
  const single = parseEscape(codes, from);
  if ("refused" in single) return single;
  items.push({ kind: "set", set: { negated: false, ranges: [[single.code, single.code]], classes: [] } });
  return single.next;
}

const ASSERTIONS = new Map<string, Assertion>([
  ["A", "begin"],
  ["z", "end"],
  ["b", "boundary"],
  ["B", "no-boundary"],
]);

/** A bracket expression that starts at `from`; `namedEnd` is the index of the text's last `:]`, so that looking for it stays linear. */
function parseClass(
  codes: readonly string[],
  from: number,
  namedEnd: number,
): { set: CodeSet; next: number } | Re2Refusal {
  const set: CodeSet = { negated: codes[from + 1] === "^", ranges: [], classes: [] };
  let i = from + (set.negated ? 2 : 1);
  for (let first = true; first || codes[i] !== "]"; first = false) {
    if (i >= codes.length) return refuse("missing closing ]");
    if (codes[i] === "[" && codes[i + 1] === ":" && i + 2 <= namedEnd) {
      let end = i + 2;
      while (!(codes[end] === ":" && codes[end + 1] === "]")) end++;
      const name = codes.slice(i + 2, end).join("");
      const ranges = POSIX.get(name.startsWith("^") ? name.slice(1) : name);
      if (ranges === undefined) return refuse("invalid character class name");
      addClass(set, ranges, name.startsWith("^"));
      i = end + 2;
      continue;
    }
    const named = parseClassEscape(codes, i, set);
    if (typeof named === "number") {
      i = named;
      continue;
    }
    if (named !== null) return named;
    const low = parseClassCode(codes, i);
    if ("refused" in low) return low;
    i = low.next;
    let high = low.code;
    if (codes[i] === "-" && i + 1 < codes.length && codes[i + 1] !== "]") {
      const top = parseClassCode(codes, i + 1);
      if ("refused" in top) return top;
      if (top.code < low.code) return refuse("invalid character class range");
      high = top.code;
      i = top.next;
    }
    set.ranges.push([low.code, high]);
  }
  return { set, next: i + 1 };
}

function parseClassCode(codes: readonly string[], from: number): { code: number; next: number } | Re2Refusal {
  const c = codes[from];
  if (c === undefined) return refuse("missing closing ]");
  return c === "\\" ? parseEscape(codes, from) : { code: c.codePointAt(0) as number, next: from + 1 };
}

/** `\d`, `\pL` and their like, added to `set`; null where the backslash starts something else. */
function parseClassEscape(codes: readonly string[], from: number, set: CodeSet): number | Re2Refusal | null {
  const c = codes[from + 1];
  if (codes[from] !== "\\" || c === undefined) return null;
  const perl = PERL.get(c.toLowerCase());
  if (perl !== undefined && c.length === 1) {
    addClass(set, perl, c !== c.toLowerCase());
    return from + 2;
  }
  if (c !== "p" && c !== "P") return null;
  let next = from + 3;
  let name = codes[from + 2] ?? "";
  if (name === "{") {
    const end = codes.indexOf("}", from);
    if (end === -1) return refuse("invalid character class range");
    name = codes.slice(from + 3, end).join("");
    next = end + 1;
  }
  const inverted = name.startsWith("^");
  const has = unicodeClass(inverted ? name.slice(1) : name);
  if (has === null) return refuse("invalid character class range");
  set.classes.push({ negated: inverted !== (c === "P"), has });
  return next;
}

function addClass(set: CodeSet, ranges: readonly [number, number][], negated: boolean): void {
  if (negated) set.classes.push({ negated, has: (code) => ranges.some(([low, high]) => low <= code && code <= high) });
  else set.ranges.push(...ranges);
}

/** Membership in a Unicode category or script by the tables of the running engine; null for an unknown name. */
function unicodeClass(name: string): ((code: number) => boolean) | null {
  if (!/^[A-Za-z_ -]{1,40}$/.test(name)) return null;
  const titled = name.split(/[ _-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  if (titled.join("") === "Any") return () => true;
  if (titled.join("") === "Ascii") return (code) => code < 0x80;
  const names = [name, titled.join("_"), name.toUpperCase()];
  for (const property of names.flatMap((n) => [`gc=${n}`, `sc=${n}`])) {
    try {
      const expression = new RegExp(`^\\p{${property}}$`, "u");
      return (code) => expression.test(String.fromCodePoint(code));
    } catch {
      // not a name of this kind
    }
  }
  return null;
}

/** A backslash that stands for one code point. */
function parseEscape(codes: readonly string[], from: number): { code: number; next: number } | Re2Refusal {
  const c = codes[from + 1];
  if (c === undefined) return refuse("trailing backslash");
  const bad = refuse(`invalid escape sequence \\${c}`);
  const next = from + 2;
  if (c >= "0" && c <= "7") {
    if (c !== "0" && !isOctal(codes[next])) return bad;
    let end = next;
    while (end < from + 4 && isOctal(codes[end])) end++;
    return { code: Number.parseInt(codes.slice(from + 1, end).join(""), 8), next: end };
  }
  if (c === "x") {
    if (codes[next] === "{") {
      const end = codes.indexOf("}", next);
      const digits = end === -1 ? "" : codes.slice(next + 1, end).join("");
      const code = /^[0-9A-Fa-f]+$/.test(digits) ? Number.parseInt(digits, 16) : Number.POSITIVE_INFINITY;
      return code <= 0x10ffff ? { code, next: end + 1 } : bad;
    }
    const digits = codes.slice(next, next + 2).join("");
    return /^[0-9A-Fa-f]{2}$/.test(digits) ? { code: Number.parseInt(digits, 16), next: next + 2 } : bad;
  }
  const control = CONTROLS.get(c);
  if (control !== undefined) return { code: control, next };
  return c < "\x80" && !/[0-9A-Za-z]/.test(c) ? { code: c.charCodeAt(0), next } : bad;
}

const isOctal = (c: string | undefined) => c !== undefined && c >= "0" && c <= "7";

const CONTROLS = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);

const DIGIT: [number, number] = [0x30, 0x39];
const UPPER: [number, number] = [0x41, 0x5a];
const LOWER: [number, number] = [0x61, 0x7a];
const WORD: [number, number][] = [DIGIT, UPPER, [0x5f, 0x5f], LOWER];

const PERL = new Map<string, [number, number][]>([
  ["d", [DIGIT]],
  [
    "s",
    [
      [9, 10],
      [12, 13],
      [32, 32],
    ],
  ],
  ["w", WORD],
]);

const POSIX = new Map<string, [number, number][]>([
  ["alnum", [DIGIT, UPPER, LOWER]],
  ["alpha", [UPPER, LOWER]],
  ["ascii", [[0, 0x7f]]],
  [
    "blank",
    [
      [9, 9],
      [32, 32],
    ],
  ],
  [
    "cntrl",
    [
      [0, 0x1f],
      [0x7f, 0x7f],
    ],
  ],
  ["digit", [DIGIT]],
  ["graph", [[0x21, 0x7e]]],
  ["lower", [LOWER]],
  ["print", [[0x20, 0x7e]]],
  [
    "punct",
    [
      [0x21, 0x2f],
      [0x3a, 0x40],
      [0x5b, 0x60],
      [0x7b, 0x7e],
    ],
  ],
  [
    "space",
    [
      [9, 13],
      [32, 32],
    ],
  ],
  ["upper", [UPPER]],
  ["word", WORD],
  ["xdigit", [DIGIT, [0x41, 0x46], [0x61, 0x66]]],
]);
