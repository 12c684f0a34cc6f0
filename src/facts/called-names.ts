import type { Extractor } from "../types/facts.ts";
import type { RepoPath } from "../types/text.ts";

/** A call with the name of a variable: an accessor of another file may be what it calls. */
const CALLS = /\(\s*['"`][A-Z_][A-Z0-9_]+['"`]/g;

/** Names of the functions that a file calls with the name of a variable, read without a parse; "" for what is no plain name. */
export const calledNamesExtractor: Extractor<"called-names"> = {
  kind: "called-names",
  version: 2,
  claims: (path: RepoPath) => /\.(?:py|[cm]?[jt]s|[jt]sx)$/.test(path),
  extract: (source) => {
    const text = source.text();
    return { names: [...new Set([...text.matchAll(CALLS)].map((match) => calledBefore(text, match.index)))] };
  },
};

/** The name before an opening parenthesis; "" where something else stands there, as a type argument does. */
const calledBefore = (text: string, at: number): string =>
  /([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)\s*$/.exec(text.slice(Math.max(0, at - 100), at))?.[1] ?? "";
