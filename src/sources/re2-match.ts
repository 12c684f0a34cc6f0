import { type Assertion, type CodeSet, parseRe2, type Re2Node, type Re2Refusal } from "./re2-syntax.ts";

/**
 * Tests whether an RE2 expression matches anywhere in a text. Null: the work limit is used up and no answer is given.
 * Linear in the text: a lazily built automaton over code points, never backtracking.
 */
export type Re2Test = (text: string) => boolean | null;

/** Work that all expressions sharing it may use; a step is about a nanosecond to ten. */
export interface WorkLimit {
  steps: number;
}

const MAX_INSTRUCTIONS = 100_000;
const MAX_STATES = 2_000;

type Instruction =
  | { kind: "set"; set: CodeSet; next: number }
  | { kind: "split"; next: number; other: number }
  | { kind: "assert"; assert: Assertion; next: number }
  | { kind: "match" };

/** Compiles `text`, or says why RE2 refuses it. Never throws. */
export function compileRe2(text: string, limit: WorkLimit): Re2Test | Re2Refusal {
  const tree = parseRe2(text);
  if ("refused" in tree) return tree;
  const program = limit.steps > 0 ? emit(tree) : null;
  // memory counts too: an instruction takes as much as the work of some twenty steps
  limit.steps -= 20 * (program?.length ?? MAX_INSTRUCTIONS);
  return program === null ? () => null : createTest(program, limit);
}

/** The tree as instructions, built from the end; the last instruction is the start. Null where it grows too large. */
function emit(tree: Re2Node): Instruction[] | null {
  const program: Instruction[] = [{ kind: "match" }];
  const add = (instruction: Instruction) => program.push(instruction) - 1;
  const start = build(tree, 0);
  if (program.length > MAX_INSTRUCTIONS) return null;
  // the start stands last, even where the tree is empty
  add({ kind: "split", next: start, other: start });
  return program;

  /** Code for `node` that goes on at `next`; gives its entry. */
  function build(node: Re2Node, next: number): number {
    if (program.length > MAX_INSTRUCTIONS) return next;
    switch (node.kind) {
      case "set":
        return add({ kind: "set", set: node.set, next });
      case "assert":
        return add({ kind: "assert", assert: node.assert, next });
      case "cat":
        return node.items.reduceRight((after, item) => build(item, after), next);
      case "alt":
        return node.branches
          .map((branch) => build(branch, next))
          .reduce((other, entry) => add({ kind: "split", next: entry, other }));
      case "repeat": {
        let entry = next;
        if (node.max === -1) {
          const loop = add({ kind: "split", next, other: next });
          (program[loop] as { next: number }).next = build(node.node, loop);
          entry = loop;
        } else {
          for (let i = node.min; i < node.max && program.length <= MAX_INSTRUCTIONS; i++) {
            entry = add({ kind: "split", next: build(node.node, entry), other: next });
          }
        }
        for (let i = 0; i < node.min && program.length <= MAX_INSTRUCTIONS; i++) entry = build(node.node, entry);
        return entry;
      }
    }
  }
}

/** What stands before a position, or after it. */
type Edge = "none" | "word" | "other";

/** Instructions that wait for the character after a position, before assertions are looked at. */
interface State {
  pending: readonly number[];
  before: Edge;
  /** Next state by symbol; `true` where the match is certain. */
  next: (State | true | undefined)[];
  /** Whether the text may end here; undefined: not yet known. */
  end: boolean | undefined;
}

function createTest(program: readonly Instruction[], limit: WorkLimit): Re2Test {
  const start = program.length - 1;
  const sets = [...new Set(program.flatMap((instruction) => (instruction.kind === "set" ? [instruction.set] : [])))];
  const anchored = !startsAnywhere(program, start);
  const symbols = createSymbols(sets);
  const marks = new Int32Array(program.length);
  let mark = 0;
  let states = new Map<string, State>();
  let first = stateOf([start], "none");

  function stateOf(pending: number[], before: Edge): State {
    pending.sort((a, b) => a - b);
    const key = `${before},${pending.join()}`;
    let state = states.get(key);
    if (state === undefined) {
      state = { pending, before, next: [], end: undefined };
      states.set(key, state);
    }
    return state;
  }

  /** Set instructions reachable from `state` when `after` follows; null once the match is reached. */
  function closure(state: State, after: Edge): number[] | null {
    mark++;
    const stack = [...state.pending];
    const reached: number[] = [];
    while (stack.length > 0) {
      const at = stack.pop() as number;
      if (marks[at] === mark) continue;
      marks[at] = mark;
      limit.steps--;
      const instruction = program[at] as Instruction;
      if (instruction.kind === "match") return null;
      if (instruction.kind === "set") reached.push(at);
      else if (instruction.kind === "split") stack.push(instruction.other, instruction.next);
      else if (holds(instruction.assert, state.before, after)) stack.push(instruction.next);
    }
    return reached;
  }

  function step(state: State, symbol: number, code: number): State | true {
    const kind = isWord(code) ? "word" : "other";
    const reached = closure(state, kind);
    if (reached === null) return true;
    const pending = new Set<number>();
    for (const at of reached) {
      const instruction = program[at] as Instruction & { kind: "set" };
      if (symbols.contains(symbol, instruction.set)) pending.add(instruction.next);
    }
    limit.steps -= reached.length;
    if (!anchored) pending.add(start);
    return stateOf([...pending], kind);
  }

  return (text) => {
    if (states.size > MAX_STATES) {
      states = new Map();
      first = stateOf([start], "none");
    }
    let state = first;
    for (let i = 0; i < text.length; i++) {
      const code = text.codePointAt(i) as number;
      if (code > 0xffff) i++;
      const symbol = symbols.of(code);
      let next = state.next[symbol];
      if (next === undefined) {
        if (limit.steps <= 0) return null;
        next = step(state, symbol, code);
        state.next[symbol] = next;
      }
      if (next === true) return true;
      if (next.pending.length === 0) return false;
      state = next;
    }
    state.end ??= closure(state, "none") === null;
    return state.end;
  };
}

/** False where every way into the program passes an assertion of the text's beginning. */
function startsAnywhere(program: readonly Instruction[], start: number): boolean {
  const seen = new Set<number>();
  const stack = [start];
  while (stack.length > 0) {
    const at = stack.pop() as number;
    if (seen.has(at)) continue;
    seen.add(at);
    const instruction = program[at] as Instruction;
    if (instruction.kind === "match" || instruction.kind === "set") return true;
    if (instruction.kind === "split") stack.push(instruction.next, instruction.other);
    else if (instruction.assert !== "begin") stack.push(instruction.next);
  }
  return false;
}

function holds(assertion: Assertion, before: Edge, after: Edge): boolean {
  if (assertion === "begin") return before === "none";
  if (assertion === "end") return after === "none";
  return ((before === "word") !== (after === "word")) === (assertion === "boundary");
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}

interface Symbols {
  /** The number of the class of code points that no set, and no word boundary, tells apart from `code`. */
  of(code: number): number;
  contains(symbol: number, set: CodeSet): boolean;
}

function createSymbols(sets: readonly CodeSet[]): Symbols {
  const known = new Map<number, number>();
  const ascii = new Int32Array(128).fill(-1);
  const bySignature = new Map<string, number>();
  const members: ReadonlySet<CodeSet>[] = [];
  function classify(code: number): number {
    const holding = sets.filter((set) => has(set, code));
    const signature = `${isWord(code)},${sets.map((set) => (holding.includes(set) ? 1 : 0)).join("")}`;
    let symbol = bySignature.get(signature);
    if (symbol === undefined) {
      symbol = members.push(new Set(holding)) - 1;
      bySignature.set(signature, symbol);
    }
    return symbol;
  }
  return {
    of(code) {
      const quick = code < 128 ? (ascii[code] as number) : (known.get(code) ?? -1);
      if (quick !== -1) return quick;
      const symbol = classify(code);
      if (code < 128) ascii[code] = symbol;
      else known.set(code, symbol);
      return symbol;
    },
    contains: (symbol, set) => (members[symbol] as ReadonlySet<CodeSet>).has(set),
  };
}

function has(set: CodeSet, code: number): boolean {
  for (const [low, high] of set.ranges) if (low <= code && code <= high) return !set.negated;
  for (const one of set.classes) if (one.has(code) !== one.negated) return !set.negated;
  return set.negated;
}
