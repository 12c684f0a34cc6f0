import type { Site } from "../../types/startup.ts";

/** `call N`, `new C`, `assign a.b=V`, `decorator N`, `import M`, as predeploy.yml writes it. */
export interface Selector {
  form: Site["form"];
  /** The dotted suffix, by segments. */
  segments: readonly string[];
  /** Of `assign`: the value; null: any. */
  value: string | null;
  text: string;
}

const forms = new Set(["call", "new", "assign", "decorator", "import"]);

/** A selector's parts; null where it has no form or no name. */
export function parseSelector(text: string): Selector | null {
  const trimmed = text.trim();
  const space = trimmed.search(/\s/);
  const form = space === -1 ? "" : trimmed.slice(0, space);
  if (!forms.has(form)) return null;
  let name = trimmed.slice(space).trim();
  let value: string | null = null;
  if (form === "assign") {
    const equals = name.indexOf("=");
    if (equals !== -1) {
      value = normalValue(name.slice(equals + 1));
      name = name.slice(0, equals).trim();
    }
  } else if (name.endsWith("()")) name = name.slice(0, -2);
  const segments = segmentsOf(name);
  if (segments.length === 0) return null;
  return { form: form as Site["form"], segments, value, text: trimmed };
}

/** `a.b`, `./a/b`, `pkg::m` by segments: the last ones are what a suffix is matched with. */
export function segmentsOf(name: string): string[] {
  return name.split(/[./:#]+/).filter((segment) => segment !== "");
}

const normalValue = (text: string): string => {
  const trimmed = text.trim().replace(/^(['"])(.*)\1$/, "$2");
  return /^(?:true|false|none|null)$/i.test(trimmed) ? trimmed.toLowerCase() : trimmed;
};

/** `*` stands for one segment or a part of one; everything else is literal. Linear: no backtracking beyond the last `*`. */
export function matchesSegment(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      mark = t;
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star !== -1) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (p < pattern.length && pattern[p] === "*") p++;
  return p === pattern.length;
}

/** Whether the selector names this site: form, whole segments from the end, and the value of an assignment. */
export function matchesSite(selector: Selector, site: Site): boolean {
  if (selector.form !== site.form && !(selector.form === "call" && site.form === "new" && site.role === "construct")) {
    return false;
  }
  if (selector.value !== null && normalValue(site.value ?? "") !== selector.value) return false;
  return site.names.some((name) => matchesName(selector.segments, segmentsOf(name)));
}

/** Whether the last segments of a name are these. */
export function matchesName(pattern: readonly string[], name: readonly string[]): boolean {
  if (pattern.length > name.length) return false;
  for (let back = 1; back <= pattern.length; back++) {
    if (!matchesSegment(pattern[pattern.length - back] as string, name[name.length - back] as string)) return false;
  }
  return true;
}
