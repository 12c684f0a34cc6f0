import type { PyCall, PyExpression } from "../types/python.ts";
import { partsOf } from "./python-parts.ts";

/** `a.b` of a name and an attribute. */
export const pathOf = (value: PyExpression): string | null =>
  value.kind === "attribute" && value.object.kind === "name" ? `${value.object.name}.${value.name.text}` : null;

/** Paths, and names of variables, that are not None where the test holds. */
export function truths(test: PyExpression): string[] {
  if (test.kind === "boolean" && test.operator === "and") return [test.left, test.right].flatMap(truths);
  if (test.kind === "named") return truths(test.value);
  if (test.kind === "unary" && test.operator === "not") return falsities(test.value);
  if (test.kind === "comparison" && /^(?:is not|!=)$/.test(test.operators[0] ?? "")) return pathsIn(test);
  if (test.kind === "comparison" && test.operators[0] === "in") return pathsIn(test);
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.name === "isinstance") return pathsIn(test);
  if (test.kind === "name") return [test.name];
  const path = pathOf(test);
  return path === null ? [] : [path];
}

/** Paths, and names of variables, that are not None where the test fails. */
export function falsities(test: PyExpression): string[] {
  if (test.kind === "unary" && test.operator === "not") return truths(test.value);
  if (test.kind === "boolean" && test.operator === "or") return [test.left, test.right].flatMap(falsities);
  if (test.kind === "comparison" && /^(?:is|==)$/.test(test.operators[0] ?? "")) return pathsIn(test);
  return [];
}

const pathsIn = (value: PyExpression): string[] => {
  if (value.kind === "name") return [value.name];
  const path = pathOf(value);
  return path === null ? partsOf(value).flatMap(pathsIn) : [path];
};

/** `X.column` that the filters say is there: `isnot(None)`, `is_not(None)`, `!= None`, `jsonb_typeof(X.column)`. */
export function guardsIn(call: PyCall, text: string): string[] {
  const source = text.slice(call.start, Math.min(call.end, call.start + 20_000));
  const pattern =
    /\b(\w+\.\w+)(?:\.is_?not\(\s*(?:None|sa\.null\(\)|null\(\))|\s*!=\s*None)|(?:jsonb_typeof|json_typeof)\(\s*(\w+\.\w+)|\b(\w+\.\w+)\.has_key\(/g;
  return [...source.matchAll(pattern)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
}
