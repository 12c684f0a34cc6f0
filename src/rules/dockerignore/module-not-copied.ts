import type { Check } from "../../types/rule.ts";
import { consequenceOf, neededAt, relatedOf, severityOf, strongest } from "./lost.ts";

export const moduleNotCopied: Check<"lostFiles", "dockerignore/module-not-copied"> = {
  needs: ["lostFiles"],
  *run({ lostFiles }) {
    const missing = lostFiles.lost.filter((one) => one.kind === "module" && one.why.kind === "not-copied");
    for (const lost of strongest(missing, (one) => `${one.path} ${one.why.at.path}`)) {
      const { why, path, level, entry, chain } = lost;
      const severity = severityOf(level, lost.deployed);
      if (!severity || why.kind !== "not-copied") continue;
      yield {
        message: `${path} is not in the image: ${why.detail}. It is imported at ${neededAt(lost)}: ${consequenceOf(level, entry.written)}. Copy it in the final stage.`,
        subject: path,
        at: why.at,
        severity,
        related: relatedOf(chain),
      };
    }
  },
};
