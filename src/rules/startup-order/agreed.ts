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

/**
 * One file may belong to several projects (alone, with an override, with what a script adds). A place is reported only when every project
 * that holds it agrees: what one of them mends is not broken. Reports of example projects are notes at most.
 */
export function* agreed(
  compose: ComposeModel,
  judge: (project: ComposeProject) => Iterable<Verdict>,
): Generator<Report | Undecided> {
  const places = new Map<string, { verdicts: (Report | Undecided | null)[]; example: boolean }>();
  for (const project of compose.projects) {
    for (const { service, at, report } of judge(project)) {
      const key = `${at.path}:${at.start.line}:${at.start.column}:${service}`;
      const place = places.get(key) ?? { verdicts: [], example: project.example };
      place.verdicts.push(report);
      places.set(key, place);
    }
  }
  for (const { verdicts, example } of places.values()) {
    if (verdicts.includes(null)) continue;
    const first = verdicts.find((verdict) => verdict !== null && "message" in verdict) ?? verdicts[0];
    const open = verdicts.find((verdict) => verdict !== null && "undecided" in verdict);
    if (open) yield open;
    else if (first && "message" in first) yield example ? { ...first, severity: "note" } : first;
  }
}
