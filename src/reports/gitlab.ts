import type { RunResult, Severity } from "../types/finding.ts";
import { type ReportContext, rootPath } from "./context.ts";
import { clip, jsonText, visible } from "./escape.ts";

const severityOf: Record<Severity, "major" | "minor" | "info"> = { error: "major", warning: "minor", note: "info" };

/** A GitLab Code Quality report: one entry per finding, each with a fingerprint of its own that does not depend on the line. */
export function renderGitlab(result: RunResult, context: ReportContext): string {
  const seen = new Map<string, number>();
  return `${jsonText(
    result.findings.map((finding) => {
      // GitLab drops entries whose fingerprint it has seen, so the second of one subject in a file is numbered.
      const count = (seen.get(finding.fingerprint) ?? 0) + 1;
      seen.set(finding.fingerprint, count);
      return {
        description: clip(visible(finding.message), 4000),
        check_name: finding.rule,
        fingerprint: count === 1 ? finding.fingerprint : `${finding.fingerprint}-${count}`,
        severity: severityOf[finding.severity],
        location: {
          path: rootPath(context, finding.at.path),
          lines: { begin: finding.at.start.line, end: Math.max(finding.at.start.line, finding.at.end.line) },
        },
      };
    }),
  )}\n`;
}
