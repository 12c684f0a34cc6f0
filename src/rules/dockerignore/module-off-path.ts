import type { Check } from "../../types/rule.ts";
import { consequenceOf, neededAt, relatedOf, severityOf, strongest } from "./lost.ts";
import { entryOffPath } from "./off-path.ts";
import { makeCollector } from "./reporting.ts";

export const moduleOffPath: Check<"lostFiles" | "entries" | "images", "dockerignore/module-off-path"> = {
  needs: ["lostFiles", "entries", "images"],
  *run({ lostFiles, entries, images }) {
    const collector = makeCollector();
    for (const point of entries.points) {
      const image = images.images.find((one) => one.build.id === point.build);
      for (const part of image ? point.parts : []) {
        const report = image ? entryOffPath(part, point, image) : null;
        if (report) collector.add({ ...report, severity: report.severity ?? "warning" });
      }
    }
    yield* collector.list();
    for (const one of strongest(lostFiles.offPath, (each) => `${each.name} ${each.at.path}`)) {
      const severity = severityOf(one.level, one.deployed);
      if (!severity) continue;
      yield {
        message: `\`${one.name}\` is in the image at ${one.place}, where nothing searches: it would have to be ${one.wanted}. It is imported at ${neededAt(one)}: ${consequenceOf(one.level, one.entry.written)}. Change the destination of this COPY, WORKDIR, PYTHONPATH or the import.`,
        subject: one.name,
        at: one.at,
        severity,
        related: relatedOf(one.chain),
      };
    }
  },
};
