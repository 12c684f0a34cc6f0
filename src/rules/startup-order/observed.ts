import type { Report } from "../../types/finding.ts";
import type { StartupModel, StartupObservation, StartupObservationKind } from "../../types/startup.ts";

/** Reports what was found of a kind, each with its sentence. */
export function* observed(
  startup: StartupModel,
  kind: StartupObservationKind,
  sentence: (one: StartupObservation) => string,
): Iterable<Report> {
  for (const one of startup.observe(kind)) {
    yield {
      message: sentence(one),
      subject: one.subject,
      at: one.at,
      related: one.related,
      ...(one.level ? { severity: one.level } : {}),
      ...(one.order ? { order: one.order } : {}),
    };
  }
}
