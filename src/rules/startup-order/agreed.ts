import type { ComposeModel, ComposeProject } from "../../types/compose.ts";
import type { Report, Undecided } from "../../types/finding.ts";
import type { Location } from "../../types/text.ts";

/** What one project says of one place: a report, null where all is well, or that it cannot be known. */
export interface Verdict {
  /** The service: by an anchor several may be written at one place. */
  service: string;
  at: Location;
  report: Report | Undecided | null;
}

/** Which reports of a place are notes at most. */
type Apart = "all" | "warnings" | "nothing";

/**
 * One file may belong to several projects (alone, with an override, with what a script adds). A place is reported only when every project
 * that holds it agrees: what one of them mends is not broken. Reports of example projects are notes at most, and so are warnings in
 * files for development: nothing there is deployed.
 */
export function* agreed(
  compose: ComposeModel,
  judge: (project: ComposeProject) => Iterable<Verdict>,
): Generator<Report | Undecided> {
  const places = new Map<string, { verdicts: (Report | Undecided | null)[]; apart: Apart }>();
  for (const project of compose.projects) {
    for (const { service, at, report } of judge(project)) {
      const key = `${at.path}:${at.start.line}:${at.start.column}:${service}`;
      const apart = project.example ? "all" : project.developmentFiles.includes(at.path) ? "warnings" : "nothing";
      const place: { verdicts: (Report | Undecided | null)[]; apart: Apart } = places.get(key) ?? {
        verdicts: [],
        apart,
      };
      place.verdicts.push(report);
      places.set(key, place);
    }
  }
  const reports = new Map<string, { report: Report; times: number }>();
  for (const { verdicts, apart } of places.values()) {
    if (verdicts.includes(null)) continue;
    const first = verdicts.find((verdict) => verdict !== null && "message" in verdict) ?? verdicts[0];
    const open = verdicts.find((verdict) => verdict !== null && "undecided" in verdict);
    if (open) yield open;
    else if (first && "message" in first) {
      const note = apart === "all" || (apart === "warnings" && first.severity === "warning");
      const report: Report = note ? { ...first, severity: "note" } : first;
      const key = `${report.at.path}:${report.at.start.line}:${report.at.start.column}:${report.subject}`;
      const same = reports.get(key);
      if (same) same.times++;
      else reports.set(key, { report, times: 1 });
    }
  }
  // By an anchor many services share these lines: one finding for all of them.
  for (const { report, times } of reports.values()) {
    const others =
      times > 1
        ? ` The same holds for ${times - 1} more service${times === 2 ? "" : "s"} that share${times === 2 ? "s" : ""} these lines.`
        : "";
    yield { ...report, message: report.message + others };
  }
}
