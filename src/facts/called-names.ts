import type { EnvironmentReads } from "../types/environment-read.ts";

/** A call with the name of a variable: an accessor of another file may be what it calls. */
export const CALLS = /\(\s*['"`][A-Z_][A-Z0-9_]+['"`]/g;

/** Names of the functions that a text calls with the name of a variable, read without a parse; "" for what is no plain name. */
export function calledNames(text: string): string[] {
  // Most texts have none, and `matchAll` would set up an iterator for each.
  CALLS.lastIndex = 0;
  let found = CALLS.exec(text);
  if (found === null) return [];
  const names = new Set<string>();
  for (; found !== null; found = CALLS.exec(text)) names.add(calledBefore(text, found.index));
  return [...names];
}

/** The name before an opening parenthesis; "" where something else stands there, as a type argument does. */
const calledBefore = (text: string, at: number): string =>
  /([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)\s*$/.exec(text.slice(Math.max(0, at - 100), at))?.[1] ?? "";

/** What is said of a file that reads nothing by itself. One object for the many that call nothing either. */
export function onlyCalls(called: string[]): EnvironmentReads {
  return called.length === 0 ? NOTHING : { ...NOTHING, called };
}

const NOTHING: EnvironmentReads = { reads: [], provided: [], accessors: [], calls: [], lineStarts: [0] };
