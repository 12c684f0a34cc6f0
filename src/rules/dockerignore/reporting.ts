import type { Report, Severity } from "../../types/finding.ts";
import type { Build, ContextAnswer } from "../../types/image.ts";
import type { Location } from "../../types/text.ts";

const RANK = { note: 0, warning: 1, error: 2 } as const;

/** The severity in a build: one that nothing deploys is judged at warning at most, a Dockerfile for developers that nothing names as a note. */
export function severityIn(build: Build, severity: Severity): Severity {
  if (build.deployed) return severity;
  const most = build.origin === "search" && build.forDevelopment ? "note" : "warning";
  return RANK[severity] > RANK[most] ? most : severity;
}

/**
 * Collects reports of several builds over one place: each (place, subject) once, at its strongest severity.
 * Two builds of one Dockerfile tell of one line once.
 */
export function makeCollector(): { add(report: Report & { severity: Severity }): void; list(): Report[] } {
  const kept = new Map<string, Report & { severity: Severity }>();
  return {
    add(report) {
      const key = JSON.stringify([report.at, report.subject]);
      const known = kept.get(key);
      if (!known || RANK[report.severity] > RANK[known.severity]) kept.set(key, report);
    },
    list: () => [...kept.values()],
  };
}

/** A directory as people write it. */
export function shown(directory: string): string {
  return directory === "" ? "the repository root" : directory;
}

/** Why a path does not reach the builder, as the end of a sentence; null where it does or nothing is known. */
export function absenceText(why: ContextAnswer): string | null {
  switch (why.status) {
    case "ignored":
      return `line ${why.line} of ${why.by} (\`${why.pattern}\`) leaves it out`;
    case "filtered":
      return why.line === null
        ? `${why.by} leaves it out of the upload`
        : `line ${why.line} of ${why.by} (\`${why.pattern}\`) leaves it out of the upload`;
    case "untracked":
      return "it is not tracked by git, so a clean checkout lacks it";
    case "absent":
      return "it does not exist";
    default:
      return null;
  }
}

/** The first character of a line of a file: where to edit an ignore line. */
export function lineOf(path: string, line: number, length = 0): Location {
  return { path, start: { line, column: 1 }, end: { line, column: 1 + length } };
}
