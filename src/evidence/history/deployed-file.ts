import type { Missing } from "../../types/missing.ts";
import type { Location } from "../../types/text.ts";

/** The pattern comes from the repository: its time is limited. */
const PATTERN_MS = 1000;
const MAX_TEXT = 4 * 1024 * 1024;

export interface FoundReference {
  value: string;
  at: Location;
}

/**
 * Every distinct text that the pattern's group finds in a file.
 * @returns Missing where nothing fits, or the pattern is no pattern
 */
export function findReferences(path: string, text: string, pattern: string): FoundReference[] | Missing {
  const remedy = `Let the one group of the pattern match the commit or tag in ${path}.`;
  let matches: { value: string | undefined; index: number; groups: number }[];
  try {
    new RegExp(pattern);
    const code =
      "[...text.slice(0, max).matchAll(new RegExp(pattern, 'gm'))].slice(0, 1000).map((m) => ({ value: m[1], index: m.index, groups: m.length }))";
    matches = process
      .getBuiltinModule("node:vm")
      .runInNewContext(code, { text, pattern, max: MAX_TEXT }, { timeout: PATTERN_MS });
  } catch (error) {
    // The error may come from the other realm, so it need not be an instance of this one's Error.
    const slow = (error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    return {
      missing: slow
        ? "the pattern of the deployed file takes too long"
        : "the pattern of the deployed file is not valid",
      remedy,
    };
  }
  const found = new Map<string, FoundReference>();
  for (const { value, index, groups } of matches) {
    if (groups < 2) return { missing: "the pattern of the deployed file has no group", remedy };
    const name = value?.trim();
    if (!name || found.has(name)) continue;
    const before = text.slice(0, index + 1).split("\n");
    const start = { line: before.length, column: Math.max(1, before.at(-1)!.length) };
    found.set(name, { value: name, at: { path, start, end: { line: start.line, column: start.column + 1 } } });
  }
  if (found.size === 0) return { missing: `the pattern of the deployed commit matches nothing in ${path}`, remedy };
  return [...found.values()];
}

/**
 * What a version text may name, most literal first: itself (a tag or commit), then the tag of an image, then a commit name inside it.
 * Empty for what names no revision: `latest`, a digest, a build of a dirty tree.
 */
export function refsNamedBy(value: string): string[] {
  const text = value.trim().replace(/^["']|["']$/g, "");
  if (/[-+._]dirty\b/i.test(text)) return [];
  if (text.includes("@sha256:"))
    return refsNamedBy(text.slice(0, text.indexOf("@sha256:"))).filter((one) => !one.includes("/"));
  if (/^(?:sha256:)?latest$/i.test(text) || /^sha256:[0-9a-f]+$/i.test(text)) return [];
  const tag = /:([\w][\w.-]*)$/.exec(text)?.[1];
  if (tag !== undefined && text.includes("/")) return refsNamedBy(tag);
  const names = [text, ...(tag === undefined ? [] : refsNamedBy(tag))];
  for (const [inner] of text.matchAll(/(?<![0-9a-zA-Z])g?[0-9a-f]{7,64}(?![0-9a-zA-Z])/g))
    names.push(inner.replace(/^g/, ""));
  return [...new Set(names)];
}
