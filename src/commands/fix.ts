import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lineStartsOf } from "../text/positions.ts";
import type { Finding } from "../types/finding.ts";
import type { Edit, RepoPath } from "../types/text.ts";

/** A fix with the finding that it mends. */
export interface OfferedFix {
  finding: Finding;
  edits: readonly Edit[];
}

/**
 * The text after edits of one file; edits are applied from the end, so that each place still holds. Null where two edits overlap
 * or one lies outside the text. Equal edits (two findings with one mend) count once.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string | null {
  const starts = lineStartsOf(text);
  // A file with Windows line ends keeps them.
  const windows = text.includes("\r\n") && !/(?:^|[^\r])\n/.test(text);
  const offsetOf = (line: number, column: number) => {
    const start = starts[line - 1];
    if (start === undefined) return line === starts.length + 1 && column === 1 ? text.length : null;
    return start + column - 1 <= text.length ? start + column - 1 : null;
  };
  const placed = new Map<string, { from: number; to: number; newText: string }>();
  for (const { start, end, newText: written } of edits) {
    const newText = windows ? written.replace(/\r?\n/g, "\r\n") : written;
    const from = offsetOf(start.line, start.column);
    const to = offsetOf(end.line, end.column);
    if (from === null || to === null || to < from) return null;
    placed.set(`${from} ${to} ${newText}`, { from, to, newText });
  }
  const sorted = [...placed.values()].sort((a, b) => b.from - a.from || b.to - a.to);
  let result = text;
  let limit = Number.POSITIVE_INFINITY;
  for (const { from, to, newText } of sorted) {
    if (to > limit) return null;
    result = result.slice(0, from) + newText + result.slice(to);
    limit = from;
  }
  return result;
}

/**
 * Chooses fixes that do not disturb each other, in the order of the findings: all edits of a fix, or none.
 * `read` gives a file's text or null. Gives the new text of each changed file, and the findings whose fix was taken.
 */
export function planFixes(
  offered: readonly OfferedFix[],
  read: (path: RepoPath) => string | null,
): { texts: Map<RepoPath, string>; mended: Finding[]; left: Finding[] } {
  const edits = new Map<RepoPath, Edit[]>();
  const mended: Finding[] = [];
  const left: Finding[] = [];
  const texts = new Map<RepoPath, string>();
  for (const fix of offered) {
    const paths = new Set(fix.edits.map((edit) => edit.path));
    const attempts = [...paths].map((path) => {
      const together = [...(edits.get(path) ?? []), ...fix.edits.filter((edit) => edit.path === path)];
      const text = read(path);
      return { path, together, result: text === null ? null : applyEdits(text, together) };
    });
    if (attempts.length === 0 || attempts.some((one) => one.result === null)) {
      left.push(fix.finding);
      continue;
    }
    for (const { path, together, result } of attempts) {
      edits.set(path, together);
      texts.set(path, result!);
    }
    mended.push(fix.finding);
  }
  return { texts, mended, left };
}

/** Reads and writes files of a repository on disk. */
export const onDisk = (root: string) => ({
  read(path: RepoPath): string | null {
    try {
      return readFileSync(join(root, path), "utf8");
    } catch {
      return null;
    }
  },
  write: (path: RepoPath, text: string) => writeFileSync(join(root, path), text),
});
