import type { IgnoreSyntax } from "../types/image.ts";
import { goMatch } from "./go-match.ts";
import { cleanPath, trimmedRange, trimSpace } from "./go-path.ts";

/** Go's scanner gives up when a line and its end do not fit into this many bytes. */
const LINE_LIMIT = 64 * 1024;

/** An ignore file as BuildKit (moby/patternmatcher, `ignorefile.ReadAll` and `New`) reads it. Never throws. */
export function parseIgnoreFile(text: string): IgnoreSyntax {
  const file: IgnoreSyntax = { patterns: [], errors: [] };
  const lines = text.split("\n");
  for (const [index, full] of lines.entries()) {
    const line = index + 1;
    if (full.length * 3 >= LINE_LIMIT && Buffer.byteLength(full) >= LINE_LIMIT) {
      const start = trimmedRange(full).start;
      const shown = `${full.slice(start, start + 40)}…`;
      file.errors.push({
        phase: "read",
        line,
        column: start + 1,
        text: shown,
        reason: "the line is longer than 64 KiB",
      });
      continue;
    }
    const skipped = index === 0 && full.startsWith("\ufeff") ? 1 : 0;
    if (full.startsWith("#", skipped)) continue;
    const { start, end } = trimmedRange(full, skipped);
    if (start === end) continue;
    const parsed = parsePattern(full.slice(start, end));
    if (parsed === null) continue;
    const place = { line, column: start + 1, text: full.slice(start, end) };
    if (typeof parsed === "string") file.errors.push({ phase: "read", ...place, reason: parsed });
    else file.patterns.push({ ...place, ...parsed });
  }
  return file;
}

/** Patterns that stand outside a file, such as those of `COPY --exclude`: only the second half of the reading. */
export function parseIgnorePatterns(texts: readonly string[]): IgnoreSyntax {
  const file: IgnoreSyntax = { patterns: [], errors: [] };
  for (const [index, text] of texts.entries()) {
    const parsed = checkPattern(text);
    const place = { line: index + 1, column: 1, text };
    if (typeof parsed === "string") file.errors.push({ phase: "read", ...place, reason: parsed });
    else if (parsed !== null) file.patterns.push({ ...place, ...parsed });
  }
  return file;
}

/** A trimmed line, normalised as `ReadAll` does and then checked as `New` does: the two disagree on what `!` and `/` mean at the start. */
function parsePattern(trimmed: string): { negated: boolean; pattern: string } | string | null {
  const inverted = trimmed.startsWith("!");
  let pattern = inverted ? trimSpace(trimmed.slice(1)) : trimmed;
  if (pattern !== "") {
    pattern = cleanPath(pattern);
    if (pattern.length > 1 && pattern.startsWith("/")) pattern = pattern.slice(1);
  }
  return checkPattern(inverted ? `!${pattern}` : pattern);
}

function checkPattern(text: string): { negated: boolean; pattern: string } | string | null {
  const trimmed = trimSpace(text);
  if (trimmed === "") return null;
  const cleaned = cleanPath(trimmed);
  const negated = cleaned.startsWith("!");
  if (cleaned === "!") return "a `!` needs a pattern after it";
  const pattern = negated ? cleaned.slice(1) : cleaned;
  return goMatch(pattern, ".") === null ? syntaxReason(pattern) : { negated, pattern };
}

function syntaxReason(pattern: string): string {
  const bracket = pattern.lastIndexOf("[");
  if (bracket === -1) return "a `\\` at the end escapes nothing";
  return pattern.includes("]", bracket) ? "the bracket expression is malformed" : "the `[` is never closed";
}
