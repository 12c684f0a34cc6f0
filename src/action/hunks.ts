/** Lines of one file on the new side of a diff. */
export interface DiffLines {
  /** Text of each line that the diff shows, by number: added and context lines. */
  shown: Map<number, string>;
  added: Set<number>;
  /** First and last line of each hunk on the new side; a comment's lines must lie in one of them. */
  hunks: [number, number][];
}

const header = /^@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/** Reads a unified diff of one file, as `patch` of GitHub's `pulls/N/files` or git give it. Never throws; unknown lines are skipped. */
export function parsePatch(patch: string): DiffLines {
  const lines: DiffLines = { shown: new Map(), added: new Set(), hunks: [] };
  let next = 0;
  let left = 0;
  for (const text of patch.split("\n")) {
    const start = header.exec(text);
    if (start) {
      next = Number(start[1]);
      left = start[2] === undefined ? 1 : Number(start[2]);
      if (left > 0) lines.hunks.push([next, next + left - 1]);
    } else if (left > 0 && (text.startsWith("+") || text.startsWith(" "))) {
      lines.shown.set(next, text.slice(1));
      if (text.startsWith("+")) lines.added.add(next);
      next++;
      left--;
    }
  }
  return lines;
}

/** Numbers of the added lines by path, from what `git diff --unified=0` prints. */
export function parseDiff(diff: string): Map<string, Set<number>> {
  const files = new Map<string, Set<number>>();
  for (const part of diff.split(/^diff --git /m).slice(1)) {
    const name = /^\+\+\+ (?:"b\/((?:[^"\\]|\\.)*)"|b\/([^\n\t]*))/m.exec(part);
    if (!name) continue;
    const path = name[2] ?? unquoted(name[1] ?? "");
    const hunks = part.search(/^@@ /m);
    if (hunks >= 0) files.set(path, parsePatch(part.slice(hunks)).added);
  }
  return files;
}

/** git's C-style quoting: octal escapes are bytes of UTF-8. */
function unquoted(text: string): string {
  const bytes: number[] = [];
  const named: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character !== "\\") {
      bytes.push(...Buffer.from(character));
      continue;
    }
    const octal = /^[0-7]{3}/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
      at += 3;
    } else bytes.push(named[text[++at] ?? ""] ?? 63);
  }
  return Buffer.from(bytes).toString("utf8");
}
