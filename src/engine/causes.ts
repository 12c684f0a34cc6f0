import type { Report } from "../types/finding.ts";

/** As many reports of one cause are told one by one; of more, the first speaks for all. */
const MOST_OF_A_CAUSE = 3;
const MOST_RELATED = 10;

/**
 * The reports of one rule, in their order, with many of one cause told once: the first says how many more there are and relates to them.
 * Errors are always told one by one, for each stops a deploy at a line of its own. `isError`: how a report is judged.
 */
export function foldCauses(reports: readonly Report[], isError: (report: Report) => boolean): Report[] {
  const groups = new Map<string, Report[]>();
  for (const report of reports) {
    if (report.cause === undefined || isError(report)) continue;
    const group = groups.get(report.cause);
    if (group) group.push(report);
    else groups.set(report.cause, [report]);
  }
  return reports.flatMap((report) => {
    const group = report.cause === undefined || isError(report) ? [report] : (groups.get(report.cause) ?? [report]);
    const [first, ...others] = group;
    if (others.length < MOST_OF_A_CAUSE) return [report];
    if (first !== report) return [];
    const related = others.slice(0, MOST_RELATED).map(({ at, subject }) => ({ ...at, message: `so does ${subject}` }));
    return [
      {
        ...report,
        message: `${report.message} The same holds for ${others.length} more places.`,
        related: [...(report.related ?? []), ...related],
      },
    ];
  });
}
