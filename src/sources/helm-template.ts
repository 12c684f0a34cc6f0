import { lineStartsOf } from "../text/positions.ts";
import type { HelmCondition, HelmFail, HelmRequired, HelmTemplate } from "../types/helm.ts";

/** Deepest nesting of blocks that is followed. */
const DEEPEST = 100;
/** Longest action that is looked into. */
const LONGEST = 4_000;
/** More in one file are a program of its own. */
const MOST_FAILS = 200;
const REQUIRED =
  /\brequired\s+(?:"(?:[^"\\]|\\.)*"|`[^`]*`|\([^()]*\)|\$\w+)\s+(\(?)\s*\$?\.Values\.([\w.]+)([^)]{0,200})|\$?\.Values\.([\w.]+)\s*\|\s*required\b/g;

/**
 * Reads `required` of a chart's template with the conditions around it. Text only: nothing is rendered, and what is not understood is
 * unknown (https://helm.sh/docs/howto/charts_tips_and_tricks/#using-the-required-function). Never throws.
 */
export function parseHelmTemplate(text: string): HelmTemplate {
  const required: HelmRequired[] = [];
  const fails: HelmFail[] = [];
  const includes: HelmTemplate["includes"] = [];
  const stack: Block[] = [];
  const defineOf = () => stack.findLast((one) => one.kind === "define")?.name ?? null;
  for (const { body, offset } of actionsOf(text)) {
    const inner = body.trim().replace(/^-\s*|\s*-$/g, "");
    if (inner.startsWith("/*")) continue;
    const word = /^[a-z]+/.exec(inner)?.[0] ?? "";
    const rest = inner.slice(word.length).trim();
    if (word === "end") stack.pop();
    else if (word === "else") {
      const top = stack.at(-1);
      if (top) {
        top.tried.push(top.condition);
        const before = top.tried.map((of): HelmCondition => ({ kind: "not", of }));
        const own = /^if\b/.test(rest) ? conditionOf(rest.slice(2).trim()) : null;
        top.condition = { kind: "and", of: own ? [...before, own] : before };
        top.start = offset;
        top.end = offset + body.length;
      }
    } else if (word === "if" || word === "with" || word === "range" || word === "define" || word === "block") {
      if (stack.length >= DEEPEST) break;
      const condition: HelmCondition =
        word === "if" || word === "with" || word === "range" ? conditionOf(rest) : { kind: "and", of: [] };
      const kind = word === "if" ? "if" : word === "define" ? "define" : "other";
      const name = /^"([^"]+)"/.exec(rest)?.[1] ?? null;
      stack.push({ kind, name, condition, tried: [], start: offset, end: offset + body.length });
    }
    if (/\b(?:include|template)\s+"/.test(body) && stack.every((one) => one.kind === "define"))
      for (const use of body.matchAll(/\b(?:include|template)\s+"([^"]+)"/g))
        includes.push({ name: use[1] ?? "", define: defineOf() });
    if (/^fail\s|\|\s*fail$/.test(inner) && fails.length < MOST_FAILS) {
      const { start, end } = stack.findLast((one) => one.kind === "if") ?? { start: offset, end: offset + body.length };
      fails.push({ when: stack.map((one) => one.condition), define: defineOf(), start, end });
    }
    if (!body.includes("required")) continue;
    for (const use of body.matchAll(REQUIRED)) {
      // A default inside the parentheses makes it optional.
      if (use[1] === "(" && /\b(?:default|coalesce)\b|\|/.test(use[3] ?? "")) continue;
      if (/\b(?:default|coalesce)\b/.test(body.slice(Math.max(0, use.index - 200), use.index))) continue;
      const path = (use[2] ?? use[4])!.split(".").filter((part) => part !== "");
      const named = use[0].indexOf(".Values.");
      required.push({
        path,
        when: stack.map((one) => one.condition),
        defined: stack.some((one) => one.kind === "define"),
        start: offset + use.index + named,
        end: offset + use.index + named + ".Values.".length + path.join(".").length,
      });
    }
  }
  return { required, fails, includes, lineStarts: lineStartsOf(text) };
}

/** An open block of actions. */
interface Block {
  kind: "if" | "define" | "other";
  /** Of a `define`. */
  name: string | null;
  condition: HelmCondition;
  /** Conditions of the branches before this one. */
  tried: HelmCondition[];
  /** Range of the action that opened the branch. */
  start: number;
  end: number;
}

/** What stands between `{{` and `}}`. */
function* actionsOf(text: string): Generator<{ body: string; offset: number }> {
  for (let at = text.indexOf("{{"); at !== -1; ) {
    const end = text.indexOf("}}", at + 2);
    if (end === -1) return;
    yield { body: text.slice(at + 2, Math.min(end, at + 2 + LONGEST)), offset: at + 2 };
    at = text.indexOf("{{", end + 2);
  }
}

const VALUE = /^\(?\s*\$?\.Values\.([\w.]+)\s*\)?$/;

/** A condition over values; unknown where it holds anything else. */
function conditionOf(text: string, depth = 0): HelmCondition {
  const inner = text.trim().replace(/^\$\w+\s*(?:,\s*\$\w+\s*)?:=\s*/, "");
  if (depth > 10 || inner.length > 1_000) return { kind: "unknown" };
  const value = VALUE.exec(inner)?.[1];
  if (value !== undefined) return { kind: "value", path: value.split(".") };
  const equal = /^eq\s+\$?\.Values\.([\w.]+)\s+"([^"]*)"$/.exec(inner);
  if (equal) return { kind: "equals", path: equal[1]!.split("."), text: equal[2]! };
  const empty = /^empty\s+([\s\S]+)$/.exec(inner)?.[1];
  if (empty !== undefined) return { kind: "not", of: conditionOf(empty, depth + 1) };
  const call = /^(not|and|or)\s+([\s\S]+)$/.exec(inner);
  if (call) {
    const parts = argumentsOf(call[2]!).map((one) => conditionOf(one, depth + 1));
    if (call[1] === "not") return parts.length === 1 ? { kind: "not", of: parts[0]! } : { kind: "unknown" };
    return { kind: call[1] as "and" | "or", of: parts };
  }
  const whole = /^\(([\s\S]+)\)$/.exec(inner)?.[1];
  return whole !== undefined && argumentsOf(inner).length === 1 ? conditionOf(whole, depth + 1) : { kind: "unknown" };
}

/** The arguments of a call: words, texts and parentheses. */
function argumentsOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = -1;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    const one = text[at] ?? " ";
    if (quoted) {
      if (one === '"') quoted = false;
      continue;
    }
    if (one === '"') quoted = true;
    if (one === "(") depth++;
    if (one === ")") depth--;
    const space = /\s/.test(one);
    if (!space && from === -1) from = at;
    if (space && depth <= 0 && from !== -1) {
      found.push(text.slice(from, at));
      from = -1;
    }
  }
  return found;
}
