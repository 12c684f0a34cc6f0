import type { Check } from "../../types/rule.ts";

export const environmentKeyMissing: Check<"environmentKeys", "drift/environment-key-missing"> = {
  needs: ["environmentKeys"],
  *run({ environmentKeys }, options) {
    const { ignore = [] } = options as { ignore?: string[] };
    const allowed = (key: string): boolean =>
      ignore.some((one) => (one.endsWith("*") ? key.startsWith(one.slice(0, -1)) : key === one));
    for (const { key, at, sibling, lacking } of environmentKeys.missing) {
      if (allowed(key)) continue;
      yield {
        message: `${key} is set in ${at.path} and not in ${sibling}, so ${lacking} runs without it. Add it there, write it out as a comment if that is meant, or list it under \`ignore\` of this rule.`,
        subject: key,
        at,
        severity: lacking === "staging" ? "warning" : "note",
        related: [
          { path: sibling, start: { line: 1, column: 1 }, end: { line: 1, column: 1 }, message: "does not set it" },
        ],
      };
    }
  },
};
