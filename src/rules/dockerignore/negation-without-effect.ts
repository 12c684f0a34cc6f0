import { isSensitivePath } from "../../text/sensitive-path.ts";
import type { Report } from "../../types/finding.ts";
import type { JudgedPattern } from "../../types/ignore.ts";
import type { Check } from "../../types/rule.ts";
import { isRead } from "./builds.ts";

export const negationWithoutEffect: Check<"ignorePatterns", "dockerignore/negation-without-effect"> = {
  needs: ["ignorePatterns"],
  *run({ ignorePatterns }) {
    for (const { file, patterns } of ignorePatterns.files) {
      if (!isRead(file)) continue;
      for (const pattern of patterns) if (pattern.idle.length > 0) yield judge(pattern, patterns);
    }
  },
};

function judge(pattern: JudgedPattern, patterns: readonly JudgedPattern[]): Report {
  const { idle, remedy, at, text } = pattern;
  const { path, by } = idle[0] as JudgedPattern["idle"][number];
  const stays = idle.length === 1 ? `${path} stays` : `${path} and ${idle.length - 1} more stay`;
  const earlier = by.line < pattern.line;
  const reason = earlier
    ? "the pattern is passed over on what it names, which is not left out itself, and does not count below it"
    : "that line comes later and decides";
  const advice = !earlier
    ? "Move it behind that line."
    : remedy === null
      ? "Narrow that line, or delete this one."
      : `Write \`${remedy}\` after that line if ${idle.length === 1 ? "it belongs" : "they belong"} in the image, else delete this one.`;
  const place = { line: by.line, column: by.column };
  return {
    message: `\`${text}\` brings nothing back: ${stays} out by line ${by.line} (\`${by.text}\`), because ${reason}. ${advice}`,
    subject: text,
    at,
    related: [
      {
        path: at.path,
        start: place,
        end: { line: place.line, column: place.column + by.text.length },
        message: "this line decides",
      },
    ],
    fix:
      earlier && remedy !== null
        ? {
            title: `Write \`${remedy}\``,
            safety: returnsOnlyKnown(pattern, patterns) ? "safe" : "review",
            edits: [{ ...at, newText: remedy }],
          }
        : undefined,
  };
}

/** True when nothing sensitive and nothing that git does not know can come back with the files that are listed. */
function returnsOnlyKnown(pattern: JudgedPattern, patterns: readonly JudgedPattern[]): boolean {
  if (pattern.idle.some(({ path }) => isSensitivePath(path))) return false;
  const deciding = new Set(pattern.idle.map(({ by }) => by.line));
  return patterns.every(
    (one) =>
      one.negated ||
      deciding.has(one.line) ||
      (!/[*?[\]\\{}|^]/.test(one.pattern) && !`${one.pattern}/`.startsWith(`${pattern.pattern}/`)),
  );
}
