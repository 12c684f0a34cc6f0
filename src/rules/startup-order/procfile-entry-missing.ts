import type { EntryPart, EntryPoint } from "../../types/entry.ts";
import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";

/** Applications that the processes of a Procfile serve and that the repository, which has the rest of their package, does not hold. */
export const procfileEntryMissing: Check<"entries" | "closures", "startup-order/procfile-entry-missing"> = {
  needs: ["entries", "closures"],
  *run({ entries, closures }) {
    const points = new Map(entries.points.flatMap((one) => (one.origin === "procfile" ? [[one.name, one]] : [])));
    if (points.size === 0) return;
    // Beside an image that is built here, a Procfile may be what is left of an earlier way to deploy.
    const severity = entries.points.some((point) => point.build !== null) ? "warning" : "error";
    const seen = new Set<string>();
    function* once(report: Report): Iterable<Report> {
      const key = `${report.at.path}:${report.at.start.line} ${report.subject}`;
      if (!seen.has(key)) yield { ...report, severity };
      seen.add(key);
    }
    for (const point of points.values())
      for (const part of point.parts) if (isMissing(part)) yield* once(missing(part, point));
    for (const entry of closures.entries) {
      const point = points.get(entry.point);
      const miss = point && entry.written.includes(":") ? closures.of(entry).attributeMiss : null;
      if (!point || !miss) continue;
      yield* once({
        message: `${entry.path} makes no \`${miss.name}\`, which the server takes from it. ${ends(point)}${nearest(miss.nearest)}`,
        subject: entry.written,
        at: entry.at,
      });
    }
  },
};

function isMissing({ kind, language, presence, optional }: EntryPart): boolean {
  return kind === "module" && language === "python" && presence === "absent" && !optional;
}

function missing(part: EntryPart, point: EntryPoint): Report {
  return {
    message: `There is no module \`${part.module}\` (${part.imagePath?.slice(1)}). ${ends(point)}${nearest(part.nearest?.slice(1) ?? null)}`,
    subject: part.subject,
    at: part.at,
    related: [...part.chain],
  };
}

function ends({ name }: EntryPoint): string {
  return `The process \`${name.slice(name.lastIndexOf(":") + 1)}\` ends as soon as it is started.`;
}

const nearest = (name: string | null): string => (name === null ? "" : ` The nearest that is there: \`${name}\`.`);
