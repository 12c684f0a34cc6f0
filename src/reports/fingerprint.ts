import type { RepoPath } from "../types/text.ts";

const blockSize = 100;
const multiplier = 37n;
const firstMultiplier = BigInt.asUintN(64, multiplier ** BigInt(blockSize));
const newline = 10;
const endOfFile = 65_535;

export interface LineHashes {
  /** Per line; null for a file above `most` characters. */
  hashes: string[] | null;
  /** Characters that were looked at. */
  read: number;
}

/**
 * `hash:count` of each line as GitHub's own upload computes it (github/codeql-action, src/fingerprints.ts): a rolling hash over the
 * 100 characters that follow, without blanks and tabs, and how often that hash came up before.
 */
export function lineHashes(
  lines: (path: RepoPath, line: number) => string | null,
  path: RepoPath,
  most: number,
): LineHashes {
  const text: number[] = [];
  let endedInReturn = false;
  for (let line = 1; ; line++) {
    const content = lines(path, line);
    if (content === null) break;
    // A carriage return counts as a line end, and the line feed after it as part of that.
    if (line > 1 && !endedInReturn) text.push(newline);
    endedInReturn = content.endsWith("\r");
    if (text.length + content.length > 2 * most + 1000) return { hashes: null, read: text.length };
    for (let at = 0; at < content.length; at++) {
      const code = content.charCodeAt(at);
      if (code !== 32 && code !== 9) text.push(code === 13 ? newline : code);
    }
    if (text.length > most) return { hashes: null, read: text.length };
  }
  text.push(endOfFile);
  return { hashes: hashesOf(text), read: text.length };
}

function hashesOf(text: readonly number[]): string[] {
  const window = new Array<number>(blockSize).fill(0);
  const startsAt = new Array<number>(blockSize).fill(-1);
  const counts = new Map<string, number>();
  const hashes: string[] = [];
  let hash = 0n;
  let index = 0;
  let line = 0;
  let atLineStart = true;
  const emit = () => {
    const started = startsAt[index] ?? -1;
    if (started === -1) return;
    const value = hash.toString(16);
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    hashes[started - 1] = `${value}:${count}`;
    startsAt[index] = -1;
  };
  const update = (code: number) => {
    const leaving = window[index] ?? 0;
    window[index] = code;
    hash = BigInt.asUintN(64, multiplier * hash + BigInt(code) - firstMultiplier * BigInt(leaving));
    index = (index + 1) % blockSize;
  };
  for (const code of text) {
    emit();
    if (atLineStart) {
      atLineStart = false;
      line++;
      startsAt[index] = line;
    }
    if (code === newline) atLineStart = true;
    update(code);
  }
  for (let rest = 0; rest < blockSize; rest++) {
    emit();
    update(0);
  }
  return hashes;
}
