import type { ContextAccess } from "../../types/expression.ts";
import type { Need } from "../../types/need.ts";
import type { Placed } from "../../types/placed.ts";
import type { Location } from "../../types/text.ts";
import type { KeyedExpression } from "../../types/workflow.ts";
import { type Alternative, groupsAround, isCertain, isTested, splitExpression, unwrapped } from "./expression.ts";

type PlacedExpression = Placed<KeyedExpression>;

/** Contexts that hold what the forge stores. */
const STORED: ReadonlySet<string> = new Set(["secrets", "vars"]);

/** One name that an expression asks for. */
export interface Read {
  name: string;
  kind: "secret" | "variable";
  need: Need;
  anyOf: string[];
  at: Location;
  /** Other ways to do the same, each with what it needs: of every list any one name. */
  instead?: string[][][];
  /** The expression, where the name is computed. */
  dynamic: string | null;
  /** What decides whether it is asked for at all; absent: it cannot be told. */
  when?: { conditions: (string | undefined)[]; texts: string[] };
}

/** The names that alternatives without a condition read. */
function namesIn(alternatives: readonly Alternative[], wanted: readonly ContextAccess[]): string[] {
  return alternatives
    .filter((one) => splitExpression(one.text, one.start, "&&").length === 1)
    .flatMap((one) => wanted.filter((other) => other.start >= one.start && other.start < one.end))
    .flatMap(({ path }) => (typeof path[0] === "string" ? [path[0]] : []));
}

/** What one expression reads of some contexts: names with how much it depends on them. */
export function readExpression(
  expression: PlacedExpression,
  matrix: ReadonlyMap<string, string[]> = new Map(),
  choices: ReadonlyMap<string, string[]> = new Map(),
  contexts: ReadonlySet<string> = STORED,
): Read[] {
  const { text, start, accesses } = expression;
  const wanted = accesses.filter(({ context }) => contexts.has(context));
  if (wanted.length === 0) return [];
  const whole = unwrapped({ start, end: start + text.length, text });
  const alternatives = splitExpression(whole.text, whole.start, "||");
  const fallback = alternatives.findIndex((one) => isCertain(one.text));
  const plain = alternatives.filter((one) => !isCertain(one.text));
  return wanted.flatMap((access): Read[] => {
    const kind = access.context === "vars" ? "variable" : "secret";
    const at = (access as Placed<ContextAccess>).at;
    const index = alternatives.findIndex((one) => access.start >= one.start && access.start < one.end);
    const own = alternatives[index];
    const tested = isTested(access, text, start) || expression.keys[0] === "if";
    const conjunction = own ? splitExpression(own.text, own.start, "&&") : [];
    const lastOfConjunction =
      conjunction.length < 2 || (conjunction.at(-1)!.start <= access.start && access.start < conjunction.at(-1)!.end);
    let level: Need = "required";
    if (tested || !lastOfConjunction) level = "optional";
    else if (fallback > index && index !== -1 && conjunction.length < 2) level = "optional";
    else if (fallback !== -1 && fallback > index) level = "optional";
    else if (conjunction.length > 1 && index < alternatives.length - 1) level = "likely";
    const others = namesIn(
      plain.filter((one) => one !== own),
      wanted,
    );
    // Another source that nobody can see may fill in: an input, an output, a variable.
    const unseen = alternatives.some(
      (one) =>
        one !== own &&
        !isCertain(one.text) &&
        !wanted.some((other) => other.start >= one.start && other.start < one.end) &&
        /\w+\./.test(one.text),
    );
    if (level === "required" && conjunction.length < 2 && unseen) level = "optional";
    const anyOf = level === "required" && conjunction.length < 2 ? [...others] : [];
    for (const group of groupsAround(whole, access.start)) {
      const inside = splitExpression(group.text, group.start, "||");
      const at = inside.findIndex((one) => access.start >= one.start && access.start < one.end);
      if (inside.slice(at + 1).some((one) => isCertain(one.text))) level = "optional";
      else if (level === "required") anyOf.push(...namesIn(inside.toSpliced(at, 1), wanted));
    }
    const [name] = access.path;
    if (typeof name === "string" && name !== "*") return [{ name, kind, need: level, anyOf, at, dynamic: null }];
    if (access.path.length === 0 || name === "*") return [];
    const key = /\[\s*matrix\.([\w-]+)\s*\]/.exec(text.slice(access.start - start))?.[1];
    const values = key === undefined ? [] : (matrix.get(key) ?? []);
    if (values.length > 0)
      return values.map((value) => ({ name: value, kind, need: level, anyOf: [], at, dynamic: null }));
    const input = /^\w+\s*\[\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\]/.exec(text.slice(access.start - start))?.[1];
    const given = input === undefined ? [] : (choices.get(input) ?? []);
    if (given.length > 0)
      return given.map((value) => ({
        name: value,
        kind,
        // One of them is asked for in each run.
        need: level === "required" && given.length > 1 ? ("likely" as const) : level,
        anyOf: [],
        at,
        dynamic: null,
      }));
    const made =
      /^\w+\s*\[\s*format\(\s*'([^'{}]*)\{0\}([^'{}]*)'\s*,\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\)\s*\]/.exec(
        text.slice(access.start - start),
      );
    const chosen = made ? (choices.get(made[3]!) ?? []) : [];
    if (made && chosen.length > 0)
      return chosen.map((one) => ({
        name: `${made[1]}${one}${made[2]}`,
        kind,
        need: level === "required" ? ("likely" as const) : level,
        anyOf: [],
        at,
        dynamic: null,
      }));
    return [{ name: "", kind, need: level, anyOf: [], at, dynamic: text.trim() }];
  });
}
