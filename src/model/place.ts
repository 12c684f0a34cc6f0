import type { Placed } from "../types/placed.ts";
import type { RepoPath } from "../types/text.ts";
import { locate } from "./data.ts";

/** Copies a fact's value and gives `at` to everything in it that has a range. Values are trees of plain data as facts are; linear in their size. */
export function place<T>(value: T, path: RepoPath, lineStarts: number[]): Placed<T> {
  return placed(value, path, lineStarts) as Placed<T>;
}

function placed(value: unknown, path: RepoPath, lineStarts: number[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value === lineStarts) return value;
  if (Array.isArray(value)) return value.map((item) => placed(item, path, lineStarts));
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value))
    copy[key] = key === "lineStarts" ? inner : placed(inner, path, lineStarts);
  const { start, end } = value as { start?: unknown; end?: unknown };
  if (typeof start === "number" && typeof end === "number") copy["at"] = locate(path, { lineStarts }, { start, end });
  return copy;
}
