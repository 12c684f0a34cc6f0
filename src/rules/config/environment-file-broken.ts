import type { Severity } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { BrokenSettings } from "../../types/settings.ts";
import { place } from "./expectations.ts";

export const environmentFileBroken: Check<"settings", "config/environment-file-broken"> = {
  needs: ["settings"],
  *run({ settings }) {
    for (const one of settings.broken) {
      const severity: Severity =
        one.kind === "windows-lines" || one.kind === "repeated" ? "note" : one.deployed ? "error" : "warning";
      yield {
        subject: `${place(one.at)}${one.name === null || one.kind === "unparsed" ? "" : ` ${one.name}`}`,
        at: one.at,
        severity,
        message: messageOf(one),
        related: one.other ? [{ ...one.other, message: "the first definition" }] : [],
      };
    }
  },
};

function messageOf(one: BrokenSettings): string {
  const name = one.name ?? "this line";
  switch (one.kind) {
    case "conflict":
      return "A merge was not finished here: its marks are no assignments, and of both sides the last value counts. Decide for one side and take the marks out.";
    case "no-assignment":
      return `${one.name === null ? "This line" : `\`${one.name}\``} is no assignment, no comment and not blank: what it should set is not set. Write \`NAME=value\`.`;
    case "unclosed-quote":
      return `The quote that opens the value of ${name} never closes: the quote becomes part of the value, or the lines below do. Close it.`;
    case "literal-newline":
      return `The value of ${name} holds a written \`\\n\` and another assignment behind it: several lines have become one, and only ${name} is set. Put each assignment on its own line.`;
    case "byte-order-mark":
      return `The file starts with a byte order mark: tools that do not expect it read it as part of the first name${one.name === null ? "" : `, ${one.name}`}. Save it as UTF-8 without one.`;
    case "nul":
      return "The file holds a NUL character (UTF-16 saved as text?): readers stop there. Save it as UTF-8.";
    case "duplicate":
      return `${name} is set twice, first at ${one.other ? place(one.other) : "an earlier line"}: most readers take the last, some the first. Keep one.`;
    case "repeated":
      return `${name} is set twice to the same value, first at ${one.other ? place(one.other) : "an earlier line"}: whoever changes one of them may miss the other. Keep one.`;
    case "windows-lines":
      return "The file has Windows line ends: readers that split at line feeds only keep a carriage return in each value. Save it with Unix line ends.";
    default:
      return `The file cannot be parsed (${one.name ?? "syntax error"}): whatever deploys it stops, or applies only a part. Mend it.`;
  }
}
