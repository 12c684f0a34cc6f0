import type { Check } from "../../types/rule.ts";
import { isRead, severityFor } from "./builds.ts";

export const patternInvalid: Check<"ignorePatterns", "dockerignore/pattern-invalid"> = {
  needs: ["ignorePatterns"],
  *run({ ignorePatterns }) {
    for (const { file, errors, undecided } of ignorePatterns.files) {
      if (!isRead(file)) continue;
      for (const { phase, text, reason, at, reaching } of errors) {
        const when =
          phase === "read"
            ? "the builder refuses the whole file and every build that reads it fails"
            : `the builder fails as soon as a path is compared with it, first at ${reaching}`;
        yield {
          message: `\`${text}\` is not a valid pattern (${reason}): ${when}. ${remedy(text)}`,
          subject: text,
          at,
          severity: severityFor(file, "error"),
        };
      }
      for (const line of undecided) {
        yield {
          undecided: `the pattern on line ${line} of ${file.path} takes too long to match, so what the file leaves out is not known.`,
          remedy: "Write the pattern without counted repetitions.",
        };
      }
    }
  },
};

function remedy(text: string): string {
  if (text.replace(/\s/g, "").replace(/^!\/*$/, "!") === "!") return "Write the path after the `!`, or drop the line.";
  if (/[[\]]/.test(text)) return "Write `\\[` for a literal bracket, or drop the line.";
  return "Write `\\\\` for a literal backslash, or drop the line.";
}
