import type { Severity } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import { ignoredReport, neededAt, relatedOf, strongest } from "./lost.ts";

export const dataFileMissing: Check<"lostFiles", "dockerignore/data-file-missing"> = {
  needs: ["lostFiles"],
  *run({ lostFiles }) {
    const missing = lostFiles.lost.filter((one) => one.kind === "data" && one.why.kind !== "filtered");
    for (const lost of strongest(missing, (one) => `${one.path} ${one.why.at.path}`)) {
      if (lost.level === "type" || lost.level === "call") continue;
      const severity: Severity = lost.level === "guarded" ? "note" : "warning";
      if (lost.why.kind === "ignored") {
        yield ignoredReport(lost, severity);
        continue;
      }
      if (lost.why.kind !== "not-copied") continue;
      yield {
        message: `${lost.path} is not in the image: ${lost.why.detail}. It is read at ${neededAt(lost)} while \`${lost.entry.written}\` starts. Copy it in the final stage.`,
        subject: lost.path,
        at: lost.why.at,
        severity,
        related: relatedOf(lost.chain),
      };
    }
  },
};
