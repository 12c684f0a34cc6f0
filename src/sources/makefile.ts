import { positionAt } from "../text/positions.ts";
import type { Makefile, MakeLine, MakeRule, MakeVariable } from "../types/makefile.ts";
import type { Position } from "../types/text.ts";

interface Reading {
  lines: readonly string[];
  makefile: Makefile;
  /** The rule whose recipe may go on; null after anything that ends one. */
  open: MakeRule | null;
  /** Conditionals that are open. */
  depth: number;
  /** `.RECIPEPREFIX` */
  prefix: string;
}

/** Lines that go on with the next, as one logical line. */
interface Logical {
  first: number;
  last: number;
}

const CONDITIONAL = /^\s*(ifn?eq|ifn?def|else|endif)(?=[\s#(]|$)/;
const DEFINE = /^\s*(?:(?:override|export|private)\s+)*define\s/;
const DIRECTIVE = /^\s*(?:-?include|sinclude|export|unexport|undefine|vpath|load|endef)(?=[\s#]|$)/;
const MODIFIERS = /^\s*((?:(?:export|override|private|unexport)\s+)*)/;

/**
 * Rules with their recipes, and variables, of the lines of a Makefile. Never throws. What other files it includes, what `eval` makes and which
 * branch of a conditional counts is not known: all branches are given.
 * Source: https://www.gnu.org/software/make/manual/make.html#Writing-Makefiles, and eval() in read.c for what ends a rule.
 */
export function parseMakefile(lines: readonly string[]): Makefile {
  const reading: Reading = { lines, makefile: { rules: [], variables: [] }, open: null, depth: 0, prefix: "\t" };
  for (let at = 0; at < lines.length; at++) {
    const hasPrefix = lines[at]!.startsWith(reading.prefix);
    if (DEFINE.test(lines[at]!) && !(hasPrefix && reading.open)) at = define(reading, at);
    else {
      const logical = { first: at, last: lastOf(lines, at) };
      if (hasPrefix) prefixed(reading, logical);
      else unprefixed(reading, logical);
      at = logical.last;
    }
  }
  const { rules } = reading.makefile;
  if (rules.some(({ targets }) => targets.includes(".ONESHELL"))) for (const rule of rules) inOneShell(rule);
  return reading.makefile;
}

/**
 * A text of make with `$$` as the `$` that it stands for, and references to variables (`$(A)`, `${A}`, `$@`) by what `lookup` says; left as
 * they are where it says nothing. Calls of functions are left too.
 */
export function expandReferences(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(
    /\$(?:\$|\(([\w.-]+)\)|\{([\w.-]+)\}|([@<^?*+%|]))/g,
    (whole, round?: string, curly?: string, automatic?: string) =>
      whole === "$$" ? "$" : (lookup(round ?? curly ?? automatic ?? "") ?? whole),
  );
}

/** The text of a recipe's line as its shell reads it: on one line. */
export function joinedLine({ text }: MakeLine): string {
  return text.replaceAll("\\\n", "");
}

/**
 * A recipe as one script, with references to variables as the shell writes them (`$(A)` as `${A}`) and `$$` as the `$` that it stands for.
 * @param lineStarts of the Makefile
 * @returns the script, and how its offsets become offsets of the Makefile
 */
export function recipeScript(
  recipe: readonly MakeLine[],
  lineStarts: readonly number[],
): { text: string; toFile: (offset: number) => number } {
  let text = "";
  /** From `at` on, the script stands at `offset` of the Makefile. */
  const pieces: { at: number; offset: number }[] = [{ at: 0, offset: 0 }];
  for (const { text: lines, starts } of recipe)
    for (const [index, line] of lines.split("\n").entries()) {
      const { line: number, column } = starts[index] ?? starts[0];
      const start = lineStarts[number - 1]! + column - 1;
      if (text !== "") text += "\n";
      pieces.push({ at: text.length, offset: start });
      let from = 0;
      for (const { 0: written, 1: name, index: at } of line.matchAll(/\$(?:\$|\(([A-Za-z_]\w*)\))/g)) {
        text += line.slice(from, at) + (name === undefined ? "$" : `\${${name}}`);
        from = at + written.length;
        pieces.push({ at: text.length, offset: start + from });
      }
      text += line.slice(from);
    }
  const ats = pieces.map(({ at }) => at);
  return {
    text,
    toFile(offset) {
      const piece = pieces[positionAt(ats, offset).line - 1]!;
      return piece.offset + offset - piece.at;
    },
  };
}

/** Whether an odd number of backslashes ends the line: each two of them stand for one. */
function goesOn(line: string): boolean {
  let count = 0;
  while (line[line.length - 1 - count] === "\\") count++;
  return count % 2 === 1;
}

function lastOf(lines: readonly string[], first: number): number {
  let last = first;
  while (last + 1 < lines.length && goesOn(lines[last]!)) last++;
  return last;
}

function positions({ lines }: Reading, { first, last }: Logical): { start: Position; end: Position } {
  return { start: { line: first + 1, column: 1 }, end: { line: last + 1, column: lines[last]!.length + 1 } };
}

/** A line with the recipe's prefix: outside a rule it is what it would be without. */
function prefixed(reading: Reading, logical: Logical): void {
  const { lines, makefile } = reading;
  if (reading.open === null) {
    const text = logicalText(lines, logical);
    const plain = text.slice(0, until(text, "#"));
    if (plain.trim() === "" || CONDITIONAL.test(plain) || DIRECTIVE.test(plain) || assignmentIn(plain)) {
      unprefixed(reading, logical);
      return;
    }
    const rule: MakeRule = { targets: [], prerequisites: [], recipe: [], ...positions(reading, logical) };
    addLine(reading, rule, logical);
    if (rule.recipe.length === 0) return;
    reading.open = rule;
    makefile.rules.push(rule);
  } else addLine(reading, reading.open, logical);
}

function addLine(reading: Reading, rule: MakeRule, logical: Logical): void {
  const [first = "", ...more] = reading.lines.slice(logical.first, logical.last + 1);
  const { prefix } = reading;
  const [front] = /^[\s@+-]*/.exec(first.slice(1))!;
  const rest = more.map((line) => (line.startsWith(prefix) ? line.slice(1) : line));
  const below = more.map(
    (line, index): Position => ({ line: logical.first + 2 + index, column: line.startsWith(prefix) ? 2 : 1 }),
  );
  const text = [first.slice(1 + front.length), ...rest].join("\n");
  if (text === "") return;
  const { end } = positions(reading, logical);
  const start = { line: logical.first + 1, column: 2 + front.length };
  rule.recipe.push({ text, optional: front.includes("-"), starts: [start, ...below], end });
}

/** A rule, an assignment or a directive. */
function unprefixed(reading: Reading, logical: Logical): void {
  const text = logicalText(reading.lines, logical);
  const at = until(text, ":=#");
  if (text.slice(0, at).trim() === "" && text[at] !== "=") return;
  const conditional = CONDITIONAL.exec(text)?.[1];
  if (conditional !== undefined) {
    if (conditional === "endif") reading.depth = Math.max(0, reading.depth - 1);
    else if (conditional !== "else") reading.depth++;
    return;
  }
  reading.open = null;
  const variable = assignmentIn(text);
  if (variable) {
    reading.makefile.variables.push({ ...variable, conditional: reading.depth > 0 });
    if (variable.name === ".RECIPEPREFIX") reading.prefix = variable.value[0] ?? "\t";
  } else if (text[at] === ":" && !DIRECTIVE.test(text)) {
    const rule = ruleIn(reading, text, at, logical);
    if (rule) reading.makefile.rules.push(rule);
    reading.open = rule;
  }
}

/** A rule; null for `target: NAME = value`, which sets a variable for a target, and where no target is named. */
function ruleIn(reading: Reading, text: string, colon: number, logical: Logical): MakeRule | null {
  const targets = wordsOf(text.slice(0, colon).replace(/&$/, ""));
  const after = text.slice(colon).replace(/^::?/, "");
  const stop = until(after, ";#=");
  if (targets.length === 0 || after[stop] === "=") return null;
  const needs = after.slice(0, stop);
  // `targets: pattern: prerequisites`
  const second = until(needs, ":");
  const place = positions(reading, logical);
  const rule: MakeRule = {
    targets,
    prerequisites: wordsOf(needs.slice(second === needs.length ? 0 : second + 1)).filter((one) => one !== "|"),
    recipe: [],
    ...place,
  };
  const inline = after[stop] === ";" ? after.slice(stop + 1) : "";
  const [front] = /^[\s@+-]*/.exec(inline)!;
  const own = inline.slice(front.length);
  // Of a rule over several lines nobody asks where on them its command stands.
  const column = logical.first === logical.last ? text.length - own.length + 1 : 1;
  const { start, end } = place;
  if (own !== "")
    rule.recipe.push({
      text: own.trimEnd(),
      optional: front.includes("-"),
      starts: [{ line: start.line, column }],
      end,
    });
  return rule;
}

function assignmentIn(text: string): Omit<MakeVariable, "conditional"> | null {
  const at = until(text, ":=#");
  const sign = /^(?::{1,3})?=/.exec(text.slice(at, at + 4))?.[0];
  if (sign === undefined) return null;
  const [whole, modifiers = ""] = MODIFIERS.exec(text)!;
  const before = text.slice(whole.length, at);
  const kind = sign === "=" ? /[?+!]$/.exec(before)?.[0] : ":";
  const name = (kind === undefined || kind === ":" ? before : before.slice(0, -1)).trim();
  if (/\s/.test(name)) return null;
  const rest = text.slice(at + sign.length);
  const value = rest.slice(0, until(rest, "#")).trim();
  const operator = kind === undefined ? "=" : (`${kind}=` as MakeVariable["operator"]);
  return { name, operator, value, exported: /(?:^|\s)export\b/.test(modifiers) };
}

/** The lines between `define` and `endef`: those with a prefix are what a recipe or `eval` takes from it. Returns the last one's index. */
function define(reading: Reading, from: number): number {
  const { lines, makefile } = reading;
  reading.open = null;
  const rule: MakeRule = {
    targets: [],
    prerequisites: [],
    recipe: [],
    ...positions(reading, { first: from, last: from }),
  };
  let depth = 1;
  let at = from + 1;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (DEFINE.test(line)) depth++;
    else if (/^\s*endef\b/.test(line) && --depth === 0) break;
    else if (line.startsWith(reading.prefix)) {
      const logical = { first: at, last: lastOf(lines, at) };
      addLine(reading, rule, logical);
      at = logical.last;
    }
  }
  if (rule.recipe.length > 0) makefile.rules.push(rule);
  return at;
}

/** With `.ONESHELL` the lines of a recipe are one text; what passes over errors counts on the first alone. */
function inOneShell(rule: MakeRule): void {
  const [first] = rule.recipe;
  if (!first) return;
  const text = rule.recipe.map((one) => one.text).join("\n");
  const [start, ...below] = rule.recipe.flatMap(({ starts }) => starts);
  rule.recipe = [{ ...first, text, starts: [start!, ...below], end: rule.recipe.at(-1)!.end }];
}

/** Outside recipes a continuation is one space, with all white space around it. */
function logicalText(lines: readonly string[], { first, last }: Logical): string {
  if (first === last) return lines[first]!;
  const parts = lines.slice(first, last + 1).map((line) => (goesOn(line) ? line.slice(0, -1).trimEnd() : line));
  return [parts[0], ...parts.slice(1).map((part) => part.trimStart())].join(" ");
}

/** The index of the first of some characters that no backslash and no reference hides; the length where there is none. */
function until(text: string, stops: string): number {
  const closing: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (one === "\\") at++;
    else if (one === "$") {
      const next = text[++at];
      if (next === "(" || next === "{") closing.push(next === "(" ? ")" : "}");
    } else if (closing.length > 0) {
      if (one === closing.at(-1)) closing.pop();
    } else if (stops.includes(one)) return at;
  }
  return text.length;
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((one) => one !== "");
