import type { PyExpression, PythonFile } from "../../types/python.ts";

/** Names that are written as constants are: those of variables, and of settings. */
export const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

/** `a.b.c` of names and attributes, or null. */
export function dotted(one: PyExpression): string | null {
  if (one.kind === "name") return one.name;
  if (one.kind !== "attribute") return null;
  const object = dotted(one.object);
  return object === null ? null : `${object}.${one.name.text}`;
}

export const isNone = (one: PyExpression) => one.kind === "constant" && one.value === null;

/** The text of a default; undefined for what is none. */
export function textOf(one: PyExpression | undefined): string | null | undefined {
  if (one === undefined || isNone(one)) return null;
  if (one.kind === "string") return one.value;
  return one.kind === "constant" && one.value !== "..." ? String(one.value) : undefined;
}

/** The texts of a literal list, or of the keys of a literal dict; else null. */
export function literals(one: PyExpression): string[] | null {
  if (one.kind === "dict") {
    const keys = one.entries.map(({ key }) => (key?.kind === "string" ? key.value : null));
    return keys.length > 0 && !keys.includes(null) ? (keys as string[]) : null;
  }
  if (one.kind !== "list" && one.kind !== "tuple" && one.kind !== "set") return null;
  const texts = one.items.map((item) => (item.kind === "string" ? item.value : null));
  return texts.length > 0 && !texts.includes(null) ? (texts as string[]) : null;
}

/** `TOKEN_NAME = "API_TOKEN"`: constants of a module that name something, are a text and are set once in the whole file. */
export function constantsOf({ body }: PythonFile, text: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const used = new Set([...text.matchAll(/[[(][ \t]*(_?[A-Z][A-Z0-9_]*)[ \t]*[\]),]/g)].map((match) => match[1]));
  for (const one of body) {
    if (one.kind !== "assign" && one.kind !== "annotated") continue;
    const target = one.kind === "annotated" ? one.target : one.targets.length === 1 ? one.targets[0] : undefined;
    if (target?.kind !== "name" || one.value?.kind !== "string" || !used.has(target.name)) continue;
    const set = new RegExp(`\\b${target.name}[ \\t]*(?::[^=\\n]*)?(?:[-+|]?=(?!=)|:=)|\\bfor ${target.name}\\b`, "g");
    if (text.match(set)?.length === 1) found.set(target.name, [one.value.value]);
  }
  return found;
}
