import type { JudgedPattern } from "../../types/ignore.ts";
import type { Check } from "../../types/rule.ts";
import { isRead } from "./builds.ts";
import { isSensitive } from "./sensitive.ts";

export const negationWithoutEffect: Check<"ignorePatterns", "dockerignore/negation-without-effect"> = {
  needs: ["ignorePatterns"],
  *run({ ignorePatterns }) {
    for (const { file, patterns } of ignorePatterns.files) {
      if (!isRead(file)) continue;
      for (const pattern of patterns) {
        const [first] = pattern.idle;
        if (first === undefined) continue;
        const others = pattern.idle.length - 1;
        const more = others === 0 ? "" : ` and ${others} more`;
        const earlier = first.by.line < pattern.line;
        const reason = earlier
          ? "what it names is not left out itself, only files below it are, so it is passed over"
          : "a later line leaves them out again";
        const place = { line: first.by.line, column: first.by.column };
        yield {
          message: `\`${pattern.text}\` brings nothing back: ${first.path}${more} stay out by line ${first.by.line} (\`${first.by.text}\`), because ${reason}. ${
            earlier ? `Write \`${below(pattern)}\` after that line.` : "Move it behind that line."
          }`,
          subject: pattern.text,
          at: pattern.at,
          related: [
            {
              path: pattern.at.path,
              start: place,
              end: { line: place.line, column: place.column + first.by.text.length },
              message: "this line decides",
            },
          ],
          fix: earlier
            ? {
                title: `Write \`${below(pattern)}\``,
                safety: pattern.idle.some(({ path }) => isSensitive(path)) ? ("review" as const) : ("safe" as const),
                edits: [{ ...pattern.at, newText: below(pattern) }],
              }
            : undefined,
        };
      }
    }
  },
};

function below({ pattern }: JudgedPattern): string {
  return `!${pattern.replace(/\/\*{1,2}$/, "")}/**`;
}
