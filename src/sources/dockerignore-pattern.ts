import { compileRe2, type WorkLimit } from "./re2-match.ts";

/** Tests one path, without its ancestors. "bad": the builder fails on this pattern; "limit": no answer within the work limit. */
export type PathTest = (path: string) => boolean | "limit";

/** How BuildKit compares a pattern: literally in the first three kinds, as RE2 in the last. */
export type PatternKind = "exact" | "prefix" | "suffix" | "regexp";

export interface CompiledPattern {
  kind: PatternKind;
  /** Null: the builder fails when the first path is tested; `reason` says why. */
  test: PathTest | null;
  reason: string;
}

/** Upstream means to escape `{ | }` too; its bitmap overflows a byte and does not. */
const ESCAPED = new Set(".+()$");

/** Compiles a cleaned pattern (no `!`) as moby/patternmatcher does. Never throws. */
export function compilePattern(pattern: string, limit: WorkLimit): CompiledPattern {
  const { kind, expression } = translate(pattern);
  if (kind === "exact") return { kind, test: (path) => path === pattern, reason: "" };
  if (kind === "prefix") {
    const prefix = pattern.slice(0, -2);
    return { kind, test: (path) => path.startsWith(prefix), reason: "" };
  }
  if (kind === "suffix") {
    const suffix = pattern.slice(2);
    const whole = suffix.startsWith("/") ? suffix.slice(1) : null;
    return { kind, test: (path) => path.endsWith(suffix) || path === whole, reason: "" };
  }
  const compiled = compileRe2(expression, limit);
  if (typeof compiled !== "function") return { kind, test: null, reason: compiled.refused };
  const mayMatch = createFilter(pattern);
  return { kind, test: (path) => mayMatch(path) && (compiled(path) ?? "limit"), reason: "" };
}

/** The kind of a pattern and, for `regexp`, its RE2 text. */
function translate(pattern: string): { kind: PatternKind; expression: string } {
  let kind: PatternKind = "exact";
  const out = ["^"];
  // the upstream scanner drops a byte order mark before the first character
  const codes = Array.from(pattern.replace(/^\ufeff/, ""));
  let token = 0;
  for (let i = 0; i < codes.length; token++) {
    const c = codes[i++] as string;
    if (c === "*" && codes[i] === "*") {
      i++;
      if (codes[i] === "/") i++;
      if (i < codes.length) {
        out.push("(.*/)?");
        kind = "regexp";
      } else if (kind === "exact") kind = "prefix";
      else {
        out.push(".*");
        kind = "regexp";
      }
      if (token === 0) kind = "suffix";
    } else if (c === "*" || c === "?") {
      out.push(c === "*" ? "[^/]*" : "[^/]");
      kind = "regexp";
    } else if (ESCAPED.has(c)) out.push(`\\${c}`);
    else if (c === "\\" && i < codes.length) {
      out.push(`\\${codes[i++]}`);
      kind = "regexp";
    } else {
      out.push(c);
      if (c === "[" || c === "]") kind = "regexp";
    }
  }
  out.push("$");
  return { kind, expression: out.join("") };
}

/** False for paths that lack the literal text every match starts or ends with: saves most runs of the automaton. */
function createFilter(pattern: string): (path: string) => boolean {
  if (/[\\{}|\ufeff]|(?<!\[)\^/.test(pattern)) return () => true;
  const wild = (text: string) => Math.max(...["*", "?", "]"].map((c) => text.lastIndexOf(c)));
  // the slash after `**` belongs to the wildcard: `a**/b` matches `ab`
  const tail = pattern.slice(wild(pattern) + 1).replace(/^\//, "");
  const rest = pattern.startsWith("**/") ? pattern.slice(3) : null;
  const head = (rest ?? pattern).split(/[*?[\]]/, 1)[0] as string;
  if (rest === null) return (path) => path.startsWith(head) && path.endsWith(tail);
  // a class may match a slash, `**` does: only then is the rest more than a name
  if (/[/[\]]|\*\*/.test(rest)) return (path) => path.endsWith(tail);
  return (path) => path.endsWith(tail) && path.startsWith(head, path.lastIndexOf("/") + 1);
}
