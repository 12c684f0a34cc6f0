import type { Report } from "../../types/finding.ts";
import type { JudgedPattern } from "../../types/ignore.ts";
import type { Check } from "../../types/rule.ts";
import { isRead } from "./builds.ts";

export const patternComment: Check<"ignorePatterns", "dockerignore/pattern-comment"> = {
  needs: ["ignorePatterns"],
  *run({ ignorePatterns }) {
    for (const { file, patterns } of ignorePatterns.files) {
      if (!isRead(file)) continue;
      for (const pattern of patterns) {
        // a path that really has this name is meant
        if (pattern.matched === null) yield* judge(pattern);
      }
    }
  },
};

function* judge(pattern: JudgedPattern): Iterable<Report> {
  const { text, at } = pattern;
  if (text.startsWith("#")) {
    yield {
      message: `\`${text}\` is a pattern, not a comment: only a \`#\` in the first column starts a comment. Move it there.`,
      subject: text,
      at,
      fix: {
        title: "Move the comment to the first column",
        safety: "safe",
        edits: [{ path: at.path, start: { line: at.start.line, column: 1 }, end: at.start, newText: "" }],
      },
    };
    return;
  }
  const comment = /\s+(#.*)$/.exec(text);
  if (comment === null) return;
  const before = text.slice(0, comment.index);
  yield {
    message: `Everything after \`${before}\` belongs to the pattern: an ignore file has no comments behind a pattern, so this line matches nothing. Put the comment on its own line.`,
    subject: text,
    at,
    fix: {
      title: "Put the comment on its own line",
      safety: "safe",
      edits: [
        { path: at.path, start: { line: at.start.line, column: 1 }, end: at.end, newText: `${comment[1]}\n${before}` },
      ],
    },
  };
}
