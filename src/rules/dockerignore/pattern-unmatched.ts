import type { Check } from "../../types/rule.ts";
import { isRead } from "./builds.ts";

export const patternUnmatched: Check<"ignorePatterns", "dockerignore/pattern-unmatched"> = {
  needs: ["ignorePatterns"],
  *run({ ignorePatterns }) {
    for (const { file, patterns } of ignorePatterns.files) {
      if (!isRead(file)) continue;
      for (const { text, matched, nearest, rooted, at } of patterns) {
        // a comment in a pattern has a rule of its own
        if (matched !== null || (nearest === null && !rooted) || /(^|\s)#/.test(text)) continue;
        const hint =
          nearest === null
            ? "Correct the path, or delete the line."
            : `Did you mean \`${nearest}\`? Else delete the line.`;
        const where = file.root === "" ? "the build context" : `the build context ${file.root}`;
        yield {
          message: `\`${text}\` matches nothing in ${where}. ${hint}`,
          subject: text,
          at,
          fix:
            nearest === null
              ? undefined
              : { title: `Write \`${nearest}\``, safety: "review" as const, edits: [{ ...at, newText: nearest }] },
        };
      }
    }
  },
};
